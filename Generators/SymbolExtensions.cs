using Microsoft.CodeAnalysis;

namespace PyAsync.Generators;

internal static class SymbolExtensions
{
    /// <summary>Whether other files than its own, and classes that do not derive from its own, cannot see it: generated code could not.</summary>
    public static bool IsHidden(this ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal;
}
