using System.Buffers;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Primitives;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>
/// The head of a request. A web server's thread reads it from the HttpContext, without the GIL; the loop's thread makes the scope of it, without the HttpContext.
/// </summary>
internal sealed class RequestHead
{
    // RFC 9110, 5.6.2: the characters of a token.
    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly List<Header> _headers = new(16);
    private ScopeTemplate? _template;
    private ClientInfo? _connection;
    private ClaimsPrincipal? _user;
    private ServiceFinder? _finder;
    private IServiceProvider? _services;
    private IList<string> _subprotocols = [];
    private string _method = "";
    private string _path = "";
    private string _target = "";
    private bool _pathIncludesRootPath;

    /// <summary>Gets the method.</summary>
    public string Method => _method;

    /// <summary>Gets the path at which the application is mounted, as the scope has it.</summary>
    public string RootPath => _template!.Key.RootPath;

    /// <summary>Gets the path of the client's request, for the log.</summary>
    public string FullPath => _pathIncludesRootPath ? _path : RootPath + _path;

    /// <summary>True if the response has no body because of the request's method.</summary>
    public bool IsHead => _method == "HEAD";

    /// <summary>Reads the head. On a thread of the web server.</summary>
    public void Read(HttpContext context, RequestSource source, bool isWebSocket)
    {
        HttpRequest request = context.Request;
        _method = request.Method;
        string pathBase = request.PathBase.Value ?? "";
        string path = request.Path.Value ?? "";
        int rootLength = source.RootLength(context, path);
        _template = source.FindTemplate(context, isWebSocket, pathBase, path.AsSpan(0, rootLength));
        _pathIncludesRootPath = source.PathIncludesRootPath;
        _path = !_pathIncludesRootPath ? NotEmpty(path[rootLength..])
            : pathBase.Length == 0 ? path
            : pathBase + path;
        _target = Target(context, pathBase, path);
        _connection = ClientInfo.Of(context);
        _finder = source.Services;
        _services = _finder is null ? null : context.RequestServices;
        _subprotocols = isWebSocket ? context.WebSockets.WebSocketRequestedProtocols : [];
        _user = context.Features.Get<IHttpAuthenticationFeature>()?.User ?? (context.Features.Get<IAuthenticationFeature>() is null ? null : context.User);
        foreach ((string name, StringValues values) in request.Headers)
        {
            if (name.StartsWith(':'))
            {
                continue; // HTTP/2's pseudo-headers.
            }

            for (int i = 0; i < values.Count; i++)
            {
                string value = values[i] ?? "";
                SharedHeader? shared = source.Headers.Find(name, value);
                if (shared is null && name.AsSpan().ContainsAnyExcept(s_token))
                {
                    // Kestrel lets some of these pass, and other servers read them in another way.
                    throw new BadHttpRequestException("Invalid header name.", StatusCodes.Status400BadRequest);
                }

                _headers.Add(new Header(shared, name, value, shared is null ? source.Headers.EncodingOf(name, value) : null));
            }
        }
    }

    /// <summary>Makes the scope. On the loop's thread.</summary>
    public NewReference MakeScope(AsgiApplication application)
    {
        AsgiNames names = application.Names;
        NewReference made = _template!.Copy(application);
        BorrowedReference scope = made.Borrow();
        if (_template.Key.IsWebSocket)
        {
            SetSubprotocols(scope, names);
        }
        else
        {
            SetMethod(scope, names);
        }

        int query = _target.IndexOf('?', StringComparison.Ordinal);
        using NewReference path = PyText.FromString(_path);
        using NewReference rawPath = PyBytes.FromUtf8(query < 0 ? _target : _target.AsSpan(0, query));
        using NewReference queryString = PyBytes.FromUtf8(query < 0 ? default : _target.AsSpan(query + 1));
        using NewReference headers = MakeHeaders();
        AsgiApplication.Set(scope, names.Path, path.Borrow());
        AsgiApplication.Set(scope, names.RawPath, rawPath.Borrow());
        AsgiApplication.Set(scope, names.QueryString, queryString.Borrow());
        AsgiApplication.Set(scope, names.Headers, headers.Borrow());
        AsgiApplication.Set(scope, names.Client, _connection!.Client);
        if (!application.State.IsNull)
        {
            using NewReference state = CPython.PyDict_Copy(application.State).OrThrow();
            AsgiApplication.Set(scope, names.State, state.Borrow());
        }

        if (_finder is not null)
        {
            using NewReference find = _finder.NewFunction(_services!);
            AsgiApplication.Set(scope, names.Services, find.Borrow());
        }

        if (_user is not null)
        {
            UserScope.Add(scope, names, _user);
        }

        return made;
    }

    /// <summary>Forgets the request.</summary>
    public void Clear()
    {
        _headers.Clear();
        _template = null;
        _connection = null;
        _user = null;
        _finder = null;
        _services = null;
        _subprotocols = [];
        _method = _path = _target = "";
    }

    private static string NotEmpty(string path) => path.Length == 0 ? "/" : path;

    /// <summary>Gets the path and the query as the client has sent them.</summary>
    private static string Target(HttpContext context, string pathBase, string path)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (raw.StartsWith('/'))
        {
            return raw;
        }

        // The absolute form of a proxy's request, `*`, or a server that keeps no target.
        return new PathString(pathBase).Add(new PathString(path)).ToUriComponent() + context.Request.QueryString.Value;
    }

    private void SetMethod(BorrowedReference scope, AsgiNames names)
    {
        if (names.FindMethod(_method) is { } known)
        {
            AsgiApplication.Set(scope, names.Method, known.Reference);
        }
        else
        {
            using NewReference method = PyText.FromString(_method.ToUpperInvariant());
            AsgiApplication.Set(scope, names.Method, method.Borrow());
        }
    }

    private void SetSubprotocols(BorrowedReference scope, AsgiNames names)
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (string subprotocol in _subprotocols)
        {
            using NewReference text = PyText.FromString(subprotocol);
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), text.Borrow()));
        }

        AsgiApplication.Set(scope, names.Subprotocols, list.Borrow());
    }

    private NewReference MakeHeaders()
    {
        NewReference list = CPython.PyList_New(_headers.Count).OrThrow();
        for (int i = 0; i < _headers.Count; i++)
        {
            Header header = _headers[i];
            NewReference tuple = header.Shared is { } shared ? NewReference.From(shared.Tuple) : SharedHeader.NewTuple(header.Name, header.Value, header.Encoding);
            PythonErrors.ThrowIfNegative(CPython.PyList_SetItem(list.Borrow(), i, tuple.Steal()));
        }

        return list;
    }

    private readonly record struct Header(SharedHeader? Shared, string Name, string Value, Encoding? Encoding);
}
