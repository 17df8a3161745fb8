using Python.Runtime;

namespace PyAsync;

/// <summary>
/// Registers codecs with pythonnet for awaitables: Python code can await a <see cref="Task"/>, <see cref="Task{TResult}"/>, <see cref="ValueTask"/> or
/// <see cref="ValueTask{TResult}"/> that it gets from C#, and iterate over an <see cref="IAsyncEnumerable{T}"/> with <c>async for</c>. A coroutine that
/// Python passes to a C# parameter of such a type is converted to that type.
/// </summary>
/// <remarks>
/// <para>In Python a C# Task is an awaitable with the protocol of <c>asyncio.Future</c>, bound to the loop that runs on the thread. If no loop runs it
/// stays the .NET object, with <c>Result</c>, <c>Wait()</c> and its other members, and can be awaited later; awaited without a loop it raises
/// <c>RuntimeError: no running event loop</c>. A Task that is cancelled raises <c>asyncio.CancelledError</c>; any other failure raises the exception
/// that a synchronous C# method would raise under pythonnet.</para>
/// <para>A coroutine that is passed to C# runs on the loop of the calling thread, else on the runtime's own loop. If there is none, the Task fails with
/// <see cref="NoRunningLoopException"/>.</para>
/// <para>pythonnet converts results and items, as everywhere else. It caches the conversion of a type at the first use: register before Python code
/// gets the first Task.</para>
/// <para>Objects of PyAsync (<see cref="Interop.PyObject"/>) and exceptions cross as well: an object that one library has passed is returned unchanged by the other.</para>
/// </remarks>
public static class PyAsyncCodecs
{
    /// <summary>
    /// Registers the codecs without a runtime: for programs whose loops are Python's own (<c>asyncio.run</c>). May be called again, and has to be after
    /// <c>PythonEngine.Shutdown()</c> and a new <c>PythonEngine.Initialize()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing has started Python yet: call <c>PythonEngine.Initialize()</c> or start a runtime first.</exception>
    /// <exception cref="NotSupportedException">pythonnet does not support the version of Python that runs.</exception>
    public static void Register() => RegisteredCodecs.Register(PythonNetLink.Start(), null);

    /// <summary>
    /// Registers the codecs with a runtime, whose loop runs coroutines that are passed to C# where no loop runs. Initialises pythonnet, if the program
    /// has not, with the Python that the runtime has started. If it is called again, the last runtime counts.
    /// </summary>
    /// <param name="runtime">The runtime. It need not be started if pythonnet has been.</param>
    /// <exception cref="InvalidOperationException">Python is not running: call <c>PythonEngine.Initialize()</c> or start a runtime first.</exception>
    /// <exception cref="NotSupportedException">pythonnet does not support the running version of Python.</exception>
    public static void Register(IRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        RegisteredCodecs.Register(PythonNetLink.Start(), runtime);
    }
}
