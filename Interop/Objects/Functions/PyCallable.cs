namespace PyAsync.Interop;

/// <summary>What a Python function that is written in C# runs. Called on any thread that runs Python, with the GIL held.</summary>
/// <param name="name">The function's name, as Python code and its error messages see it.</param>
internal abstract class PyCallable(string name)
{
    public string Name { get; } = name;

    /// <summary>Runs it. What it throws, Python sees raised.</summary>
    public abstract NewReference Invoke(CallbackArguments arguments);
}
