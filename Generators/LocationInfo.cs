using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PyAsync.Generators;

/// <summary>A location in the source, as a value: a Location itself would keep a whole compilation alive and never be equal to another one.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo? Of(ISymbol symbol) =>
        symbol.Locations.FirstOrDefault() is { SourceTree: not null } location
            ? new LocationInfo(location.SourceTree.FilePath, location.SourceSpan, location.GetLineSpan().Span)
            : null;

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>A diagnostic to report, as a value.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, ISymbol at, params string[] arguments) =>
        new(descriptor, LocationInfo.Of(at), arguments.ToEquatableArray());

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None, [.. Arguments]);
}
