using Microsoft.CodeAnalysis;

namespace PyAsync.Generators;

internal static class SymbolExtensions
{
    /// <summary>True if other files, and classes that do not derive from the symbol's class, cannot access it: generated code could not.</summary>
    public static bool IsHidden(this ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal;
}
