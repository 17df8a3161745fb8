using System.Net;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>The values of a scope that many requests have in common.</summary>
/// <param name="IsWebSocket">True for a WebSocket, false for an HTTP request.</param>
/// <param name="Scheme">The scheme.</param>
/// <param name="HttpVersion">The version as ASGI writes it.</param>
/// <param name="RootPath">The path at which the application is mounted.</param>
/// <param name="Address">The address of the server; null for a Unix socket.</param>
/// <param name="Port">Its port.</param>
/// <param name="HasTrailers">True if the server can send trailers.</param>
internal sealed record ScopeKey(bool IsWebSocket, string Scheme, string HttpVersion, string RootPath, IPAddress? Address, int Port, bool HasTrailers);

/// <summary>A scope with the values of a <see cref="ScopeKey"/>, of which each request gets a copy. Nested dictionaries are copied too, because applications may change them.</summary>
internal sealed class ScopeTemplate(ScopeKey key)
{
    private PyObject? _scope;
    private PyObject? _asgi;
    private PyObject? _extensions;

    /// <summary>Gets the values.</summary>
    public ScopeKey Key => key;

    /// <summary>Copies the template. On the loop's thread.</summary>
    public NewReference Copy(AsgiApplication application)
    {
        AsgiNames names = application.Names;
        if (_scope is null)
        {
            Fill(application);
        }

        NewReference scope = CPython.PyDict_Copy(_scope!.Reference).OrThrow();
        using NewReference asgi = CPython.PyDict_Copy(_asgi!.Reference).OrThrow();
        using NewReference extensions = CPython.PyDict_Copy(_extensions!.Reference).OrThrow();
        AsgiApplication.Set(scope.Borrow(), names.Asgi, asgi.Borrow());
        AsgiApplication.Set(scope.Borrow(), names.Extensions, extensions.Borrow());
        return scope;
    }

    private void Fill(AsgiApplication application)
    {
        AsgiNames names = application.Names;
        using NewReference scope = CPython.PyDict_New().OrThrow();
        using NewReference asgi = CPython.PyDict_New().OrThrow();
        using NewReference extensions = CPython.PyDict_New().OrThrow();
        SetText(scope.Borrow(), names.Type, key.IsWebSocket ? "websocket" : "http");
        SetText(scope.Borrow(), names.Scheme, key.Scheme);
        SetText(scope.Borrow(), names.HttpVersion, key.HttpVersion);
        SetText(scope.Borrow(), names.RootPath, key.RootPath);
        using NewReference server = key.Address is null ? NewReference.From(InterpreterState.Current.None) : ClientInfo.Address(key.Address, key.Port);
        AsgiApplication.Set(scope.Borrow(), names.Server, server.Borrow());

        // The values that differ from request to request: a copy that has all keys need not grow when they are set.
        ReadOnlySpan<PyName> others =
        [
            names.Asgi, names.Extensions, key.IsWebSocket ? names.Subprotocols : names.Method, names.Path, names.RawPath, names.QueryString, names.Headers, names.Client,
        ];
        foreach (PyName name in others)
        {
            AsgiApplication.Set(scope.Borrow(), name, InterpreterState.Current.None);
        }

        if (!application.State.IsNull)
        {
            AsgiApplication.Set(scope.Borrow(), names.State, InterpreterState.Current.None);
        }

        SetText(asgi.Borrow(), WellKnownNames.Current["version"], "3.0");
        SetText(asgi.Borrow(), WellKnownNames.Current["spec_version"], "2.5");

        // The presence of an extension is its key. A mapping that cannot be changed serves all requests.
        using NewReference none = CPython.PyDict_New().OrThrow();
        using NewReference empty = WellKnownObjects.Current.Import("types", "MappingProxyType").Call(none.Borrow()).OrThrow();
        foreach (string name in Extensions())
        {
            AsgiApplication.Set(extensions.Borrow(), WellKnownNames.Current[name], empty.Borrow());
        }

        _asgi = PyObject.FromBorrowed(asgi.Borrow());
        _extensions = PyObject.FromBorrowed(extensions.Borrow());
        _scope = PyObject.FromBorrowed(scope.Borrow());
    }

    private IEnumerable<string> Extensions() =>
        key.IsWebSocket ? ["websocket.http.response"]
        : key.HasTrailers ? ["http.response.pathsend", "http.response.trailers"]
        : ["http.response.pathsend"];

    private static void SetText(BorrowedReference dictionary, PyName name, string text)
    {
        using NewReference value = PyText.FromString(text);
        AsgiApplication.Set(dictionary, name, value.Borrow());
    }
}
