namespace PyAsync.Functions;

/// <summary>The body of a Python function written in C#. Called on any thread that runs Python, with the GIL held.</summary>
/// <param name="name">The function's name, as Python code and its error messages see it.</param>
internal abstract class PyCallable(string name)
{
    public string Name { get; } = name;

    /// <summary>Runs the function. Python code sees its exceptions raised.</summary>
    public abstract NewReference Invoke(CallbackArguments arguments);
}
