using Microsoft.AspNetCore.Routing.Patterns;

namespace PyAsync.Mapping;

/// <summary>The path of an ASGI application: a prefix, below which everything belongs to the application.</summary>
internal static class AsgiPath
{
    /// <summary>Splits a path into its segments.</summary>
    /// <exception cref="ArgumentException">The path has something that a prefix cannot have.</exception>
    public static string[] Split(string path)
    {
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.AsSpan().ContainsAny('*', '?', '#') || Parse(path, segments).Parameters.Any(static parameter => parameter.Default is not null))
        {
            string prefix = string.Join('/', segments.TakeWhile(static segment => !segment.AsSpan().ContainsAny("*?#=")));
            throw new ArgumentException(
                $"MapAsgi(\"{path}\"): the path is a prefix, and every request at it and below belongs to the application. Write it without wildcards and optional parameters: MapAsgi(\"/{prefix}\").",
                nameof(path));
        }

        return segments;
    }

    private static RoutePattern Parse(string path, string[] segments)
    {
        try
        {
            return RoutePatternFactory.Parse(string.Join('/', segments));
        }
        catch (RoutePatternException e)
        {
            throw new ArgumentException($"MapAsgi(\"{path}\"): {e.Message}", nameof(path), e);
        }
    }

    /// <summary>Gets the path of an application from the pattern of its endpoint, for messages.</summary>
    public static string Of(RoutePattern pattern) => $"/{string.Join('/', (pattern.RawText ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).SkipLast(1))}";

    /// <summary>Gets a text that is the same for two patterns that match the same requests: the names of parameters and the case of letters do not matter.</summary>
    public static string Normalize(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(static segment => string.Concat(segment.Parts.Select(Normalize))));

    private static string Normalize(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "*" : "")}:{string.Join(':', parameter.ParameterPolicies.Select(static policy => policy.Content))}}}",
        _ => "",
    };
}
