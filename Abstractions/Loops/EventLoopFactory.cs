using PyAsync.Interop;

namespace PyAsync;

/// <summary>Makes a kind of Python event loop. Registered by name (<c>AddEventLoop</c>), and usable over every backend.</summary>
public abstract class EventLoopFactory
{
    /// <summary>The name in configuration: <c>asyncio</c>, <c>uvloop</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a new loop. On the thread that will run it, with the GIL held.</summary>
    /// <returns>An object that follows <c>asyncio.AbstractEventLoop</c>, not running, not closed.</returns>
    /// <exception cref="PythonException">What went wrong in Python; <c>ModuleNotFoundError</c> when the loop's package is not installed.</exception>
    public abstract PyObject CreateLoop();

    /// <summary>The factory as a Python callable, for code that takes one: <c>asyncio.Runner(loop_factory=…)</c>. Belongs to the caller.</summary>
    public PyObject CreatePythonFactory() => PyFunction.Create(Name + "_loop_factory", _ => CreateLoop());
}
