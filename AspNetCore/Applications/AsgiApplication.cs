using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Applications;

/// <summary>
/// A loaded ASGI application with its event loop, and the Python objects that its requests share. Members with a <see cref="BorrowedReference"/> are for the
/// loop's thread, which holds the GIL.
/// </summary>
internal sealed class AsgiApplication
{
    private readonly PyObject _callable;
    private readonly PyObject? _state;
    private OwnedReference _done;
    private OwnedReference _emptyRequest;

    /// <summary>Creates the object. On the loop's thread.</summary>
    /// <param name="name">The application's name in messages.</param>
    /// <param name="callable">The Python application, which this object owns.</param>
    /// <param name="state">The dictionary that the lifespan has filled, which this object owns; null if there is none.</param>
    /// <param name="loop">The loop that runs the application.</param>
    /// <param name="options">The settings.</param>
    /// <param name="logger">The log.</param>
    public AsgiApplication(string name, PyObject callable, PyObject? state, PythonEventLoop loop, AsgiOptions options, ILogger logger)
    {
        Name = name;
        Loop = loop;
        Logger = logger;
        Options = options;
        _callable = callable;
        _state = state;
        Names = AsgiNames.Current;
        RunsCodeWhenCalled = !Is("is_coroutine_function");
        PathIncludesRootPath = options.PathIncludesRootPath ?? Is("path_has_root");
    }

    public string Name { get; }

    public PythonEventLoop Loop { get; }

    public ILogger Logger { get; }

    public AsgiOptions Options { get; }

    public AsgiNames Names { get; }

    /// <summary>Gets a value that indicates whether <c>path</c> begins with <c>root_path</c>.</summary>
    public bool PathIncludesRootPath { get; }

    /// <summary>Gets a value that indicates whether calling the application runs code, which could change the loop's context variables.</summary>
    public bool RunsCodeWhenCalled { get; }

    /// <summary>Gets the Python application.</summary>
    public BorrowedReference Callable => _callable.Reference;

    /// <summary>Gets the dictionary of the lifespan; NULL if there is none.</summary>
    public BorrowedReference State => _state is null ? default : _state.Reference;

    /// <summary>Gets the future that <c>send()</c> returns if there is nothing to wait for. All calls share it: it is done, and so does not change.</summary>
    public NewReference Done()
    {
        if (_done.IsNull)
        {
            _done.Set(FutureObject.NewFinished(Loop.Reference, Loop.WeakReference, NewReference.From(InterpreterState.Current.None)));
        }

        return NewReference.From(_done.Borrow());
    }

    /// <summary>Makes the message of a request without a body.</summary>
    public NewReference EmptyRequest()
    {
        if (_emptyRequest.IsNull)
        {
            using NewReference body = PyBytes.From(default(ReadOnlySpan<byte>));
            _emptyRequest.Set(Request(body.Borrow(), hasMore: false));
        }

        return CPython.PyDict_Copy(_emptyRequest.Borrow()).OrThrow();
    }

    /// <summary>Makes an <c>http.request</c> message.</summary>
    public NewReference Request(BorrowedReference body, bool hasMore)
    {
        NewReference message = Message("http.request");
        Set(message.Borrow(), Names.Body, body);
        Set(message.Borrow(), Names.MoreBody, hasMore ? InterpreterState.Current.True : InterpreterState.Current.False);
        return message;
    }

    /// <summary>Makes a message that has only a type.</summary>
    public NewReference Message(string type)
    {
        NewReference message = CPython.PyDict_New().OrThrow();
        Set(message.Borrow(), Names.Type, WellKnownNames.Current[type].Reference);
        return message;
    }

    /// <summary>Releases the objects. On the loop's thread, after the last request.</summary>
    public void Release()
    {
        _done.Clear();
        _emptyRequest.Clear();
        _callable.Dispose();
        _state?.Dispose();
    }

    /// <summary>Stores a value in a dictionary, which takes its own reference.</summary>
    public static void Set(BorrowedReference dictionary, PyName key, BorrowedReference value) =>
        PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dictionary, key.Reference, value));

    private bool Is(string property)
    {
        using PyObject function = AsgiModule.Current.Get(property);
        using PyObject answer = function.Call([_callable]);
        return answer.IsTrue();
    }
}
