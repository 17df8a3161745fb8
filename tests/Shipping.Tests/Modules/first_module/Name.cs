namespace PyAsync.Tests;

internal static class Name
{
    public const string Value = "first_module";
}
