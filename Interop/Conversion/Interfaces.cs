using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Conversion;

/// <summary>Finds the generic interfaces of a type.</summary>
internal static class Interfaces
{
    /// <summary>True if a type implements an open interface, such as <c>ISet&lt;T&gt;</c>, for any argument.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "An interface that no code uses may be trimmed away from a type, which is then an ordinary enumerable.")]
    public static bool Has(Type type, Type open) =>
        Array.Exists(type.GetInterfaces(), implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == open);
}
