namespace PyAsync.Runtimes;

/// <summary>Texts that several members share.</summary>
internal static class RuntimeMessages
{
    public const string NeedsReflection =
        "Finds a converter for the type by reflection. Trimmed or NativeAOT code uses the overload that takes a PyConverter<T>.";
}
