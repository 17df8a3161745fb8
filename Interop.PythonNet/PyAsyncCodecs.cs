using Python.Runtime;

namespace PyAsync;

/// <summary>
/// Has pythonnet hand awaitables over: what it gives to Python as a <see cref="Task"/>, <see cref="Task{TResult}"/>, <see cref="ValueTask"/> or
/// <see cref="ValueTask{TResult}"/> can be awaited there, an <see cref="IAsyncEnumerable{T}"/> can be iterated over with <c>async for</c>, and a
/// coroutine that Python gives to a C# parameter of such a type is that type in C#.
/// </summary>
/// <remarks>
/// <para>In Python a Task of C#'s is an awaitable with the protocol of <c>asyncio.Future</c>, bound to the loop that runs on the thread. Where
/// no loop runs it stays the .NET object, with <c>Result</c>, <c>Wait()</c> and all, and can be awaited later; awaited without a loop it raises
/// <c>RuntimeError: no running event loop</c>. A Task that is cancelled raises <c>asyncio.CancelledError</c>; any other failure raises what a
/// synchronous method of C#'s would raise under pythonnet.</para>
/// <para>A coroutine that C# gets runs on the loop of the thread that handed it over, else on the runtime's own loop. Where there is none, the Task
/// fails with <see cref="NoRunningLoopException"/>.</para>
/// <para>Results and items are converted as pythonnet converts the same type elsewhere. pythonnet remembers how it converts a type at the first
/// time: register before Python code meets the first Task.</para>
/// <para>Objects of PyAsync (<see cref="Interop.PyObject"/>) and exceptions cross as well: what one library carries over, the other gives back as
/// itself.</para>
/// </remarks>
public static class PyAsyncCodecs
{
    /// <summary>
    /// Registers the codecs without a runtime of yours: for programs whose loops are Python's own (<c>asyncio.run</c>). May be called again,
    /// and has to be after <c>PythonEngine.Shutdown()</c> and a new <c>PythonEngine.Initialize()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing has started Python yet: call <c>PythonEngine.Initialize()</c> or start a runtime first.</exception>
    /// <exception cref="NotSupportedException">pythonnet does not support the version of Python that runs.</exception>
    public static void Register() => PythonNetLink.Start().Register(null);

    /// <summary>
    /// Registers the codecs with a runtime, whose loop runs the coroutines that are handed to C# where no loop runs. Initialises pythonnet, if
    /// the program has not, to share the Python that the runtime has started. Called again, the last runtime counts.
    /// </summary>
    /// <param name="runtime">The runtime. It need not be started if pythonnet has been.</param>
    /// <exception cref="InvalidOperationException">Nothing has started Python yet: call <c>PythonEngine.Initialize()</c> or start a runtime first.</exception>
    /// <exception cref="NotSupportedException">pythonnet does not support the version of Python that runs.</exception>
    public static void Register(IRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        PythonNetLink.Start().Register(runtime);
    }
}
