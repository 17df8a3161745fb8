using System.ComponentModel;
using Microsoft.Extensions.Logging.Abstractions;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The runtime of the modules of one library: the thread pool, with the loops that Python runs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleRuntime
{
    private readonly Runtime _runtime;
    private bool _hasThreading;
    private bool _isGiven;

    /// <summary>Created once for each interpreter.</summary>
    public ModuleRuntime()
    {
        var options = new PyAsyncOptions();
        _runtime = new Runtime(new ThreadPoolBackend(), options, new AsyncioLoopFactory(), NullLoggerFactory.Instance, TimeProvider.System, isOfModule: true);
    }

    /// <summary>Creates the runtime of a module that an application adds: its functions are calls of the application's runtime.</summary>
    internal ModuleRuntime(Runtime runtime)
    {
        _runtime = runtime;
        _isGiven = true;
    }

    /// <summary>Gets the value for a parameter of type <see cref="IRuntime"/>.</summary>
    public IRuntime Runtime
    {
        get
        {
            if (!_isGiven)
            {
                // From here on user code can call the runtime, also in later calls of functions without such a parameter.
                _isGiven = true;
                _runtime.Choice.CountLoopless(true);
                _runtime.Choice.RecordEntry(ExecutionContext.Capture());
            }

            return _runtime;
        }
    }

    /// <summary>Gets the value for a parameter of type <see cref="EventLoopContext"/>.</summary>
    public EventLoopContext Context => _runtime.CaptureContext();

    /// <summary>Records the loop that runs on this thread for the code of a call, if that code may call the runtime.</summary>
    internal void RecordEntry(CallbackArguments call)
    {
        if (_isGiven)
        {
            _runtime.Choice.RecordEntry(call.Flow);
        }
    }

    internal InlineCall BeginInline(CallbackArguments call, bool takesToken, CancelBehavior cancel) => new(_runtime.BeginInline(call, takesToken, cancel));

    internal static ModuleRuntime Current => InterpreterState.Current.Attachment<ModuleRuntime>();

    /// <summary>Starts an asynchronous method on the backend.</summary>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public PyResult Schedule<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel) =>
        new(_runtime.StartIntoPy(null, work, converter, cancel));

    /// <inheritdoc cref="Schedule{T}(Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    public PyResult Schedule(Func<CancellationToken, Task> work, CancelBehavior cancel) =>
        Schedule(cancellationToken => Resultless.Of(work(cancellationToken)), PyConvert.None, cancel);

    /// <summary>Imports <c>threading</c> at the first call, which is early enough: importing it with the module would double the time of the module's import.</summary>
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

    /// <summary>Creates a Python async iterator over a method's items.</summary>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public PyResult Stream<T>(IAsyncEnumerable<T> items, PyConverter<T> converter)
    {
        using PyObject iterator = _runtime.AsyncEnumerableIntoPy(null, items, converter, buffer: 128);
        return new PyResult(NewReference.From(iterator.Reference));
    }
}
