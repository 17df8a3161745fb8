using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PyAsync.Requests;

/// <summary>The values that the requests of one endpoint share. Used on the web server's threads, without the GIL.</summary>
/// <param name="rootSegments">The number of segments of the path at which the application is mounted, for a request without an endpoint of the routing.</param>
/// <param name="findEncoding">Finds the encoding in which the server has decoded a header, by its name; null for UTF-8.</param>
internal sealed class RequestSource(int rootSegments, Func<string, Encoding?>? findEncoding)
{
    private const int MaxTemplates = 256;

    private readonly ConcurrentDictionary<ScopeKey, ScopeTemplate> _templates = new();
    private ScopeTemplate? _last;

    /// <summary>Gets the shared tuples of headers.</summary>
    public HeaderCache Headers { get; } = new(findEncoding);

    /// <summary>Gets or sets a value that indicates whether <c>path</c> begins with <c>root_path</c>.</summary>
    public bool PathIncludesRootPath { get; set; } = true;

    /// <summary>Gets or sets the C# services that the application exposes; null for none.</summary>
    public ServiceFinder? Services { get; set; }

    /// <summary>Gets the length of the part of the path at which the application is mounted.</summary>
    public int RootLength(HttpContext context, string path)
    {
        // The pattern of the endpoint has the segments of its groups too, and a last one for the rest of the path.
        int count = context.GetEndpoint() is RouteEndpoint endpoint ? endpoint.RoutePattern.PathSegments.Count - 1 : rootSegments;
        int end = 0;
        for (int i = 0; i < count && end < path.Length; i++)
        {
            int next = path.IndexOf('/', end + 1);
            end = next < 0 ? path.Length : next;
        }

        return end;
    }

    /// <summary>Finds or adds the template of a request's scope.</summary>
    public ScopeTemplate FindTemplate(HttpContext context, bool isWebSocket, string pathBase, ReadOnlySpan<char> root)
    {
        HttpRequest request = context.Request;
        string scheme = Scheme(request.Scheme, isWebSocket);
        string version = Version(request.Protocol);
        IPAddress? address = context.Connection.LocalIpAddress;
        int port = context.Connection.LocalPort;
        bool hasTrailers = context.Response.SupportsTrailers();
        if (_last is { Key: var key } last
            && key.IsWebSocket == isWebSocket && key.Scheme == scheme && key.HttpVersion == version && key.Port == port && key.HasTrailers == hasTrailers
            && Equals(key.Address, address) && IsRoot(key.RootPath, pathBase, root))
        {
            return last;
        }

        key = new ScopeKey(isWebSocket, scheme, version, string.Concat(pathBase, root), address, port, hasTrailers);
        if (!_templates.TryGetValue(key, out ScopeTemplate? template))
        {
            template = new ScopeTemplate(key);
            if (_templates.Count < MaxTemplates)
            {
                template = _templates.GetOrAdd(key, template);
            }
        }

        return _last = template;
    }

    private static bool IsRoot(string rootPath, string pathBase, ReadOnlySpan<char> root) =>
        rootPath.Length == pathBase.Length + root.Length
        && rootPath.StartsWith(pathBase, StringComparison.Ordinal)
        && rootPath.AsSpan(pathBase.Length).SequenceEqual(root);

    private static string Scheme(string scheme, bool isWebSocket) =>
        !isWebSocket ? scheme
        : scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "wss"
        : "ws";

    private static string Version(string protocol) =>
        protocol.Length > 5 && protocol.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) ? protocol switch
        {
            "HTTP/1.1" => "1.1",
            "HTTP/2" => "2",
            "HTTP/1.0" => "1.0",
            "HTTP/3" => "3",
            _ => protocol[5..],
        }
        : "1.1";
}
