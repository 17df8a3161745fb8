using PyAsync.Interop;

namespace PyAsync;

/// <summary>Creates event loops of one kind. Registered by name (<c>AddEventLoop</c>), and usable with every backend.</summary>
public abstract class EventLoopFactory
{
    /// <summary>Gets the name for configuration: <c>asyncio</c>, <c>uvloop</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Creates a new loop. Called on the thread that will run it, with the GIL held.</summary>
    /// <returns>An object that follows <c>asyncio.AbstractEventLoop</c>, not running, not closed.</returns>
    /// <exception cref="PythonException">Python raised an exception; <c>ModuleNotFoundError</c> if the loop's package is not installed.</exception>
    public abstract PyObject CreateLoop();

    /// <summary>Creates a Python callable from the factory, for code that takes one: <c>asyncio.Runner(loop_factory=…)</c>. It belongs to the caller.</summary>
    public PyObject CreatePythonFactory() => PyFunction.Create(Name + "_loop_factory", _ => CreateLoop());
}
