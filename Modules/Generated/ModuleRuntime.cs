using System.ComponentModel;
using PyAsync.Backends;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The runtime that the modules of one library work with: the thread pool, over whatever loops Python runs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleRuntime
{
    private readonly Runtime _runtime;
    private bool _hasThreading;

    /// <summary>Made once for each interpreter.</summary>
    public ModuleRuntime() => _runtime = (Runtime)PyAsyncRuntime.Create(new ThreadPoolBackend());

    /// <summary>What a function that takes an <see cref="IRuntime"/> is given.</summary>
    public IRuntime Runtime => _runtime;

    /// <summary>What a function that takes an <see cref="EventLoopContext"/> is given.</summary>
    public EventLoopContext Context => _runtime.CaptureContext();

    internal InlineCall BeginInline(CallbackArguments call, bool takesToken, CancelBehavior cancel) => new(_runtime.BeginInline(call, takesToken, cancel));

    internal static ModuleRuntime Current => PythonInterpreter.Current.Attachment<ModuleRuntime>();

    /// <summary>Starts an asynchronous method on the backend.</summary>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public PyResult Schedule<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel) =>
        new(_runtime.StartIntoPy(null, work, converter, cancel));

    /// <inheritdoc cref="Schedule{T}(Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    public PyResult Schedule(Func<CancellationToken, Task> work, CancelBehavior cancel) =>
        Schedule(ct => PyAsync.Runtime.WithoutResult(work(ct)), PyConvert.None, cancel);

    /// <summary>Has <c>threading</c> imported, which the first call is early enough for: an import of it would double that of the module.</summary>
    internal void ImportThreading()
    {
        if (!_hasThreading)
        {
            ImportThreadingNow();
        }
    }

    private void ImportThreadingNow()
    {
        PythonInterpreter.Current.ImportThreading();
        _hasThreading = true;
    }

    /// <summary>Gives Python an async iterator over a method's items.</summary>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public PyResult Stream<T>(IAsyncEnumerable<T> items, PyConverter<T> converter)
    {
        using PyObject iterator = _runtime.AsyncEnumerableIntoPy(null, items, converter);
        return new PyResult(NewReference.From(iterator.Reference));
    }
}
