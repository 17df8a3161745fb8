namespace PyAsync.Tests;

internal static class Name
{
    public const string Value = "second_module";
}
