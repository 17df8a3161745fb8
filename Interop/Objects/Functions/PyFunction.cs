namespace PyAsync.Interop;

/// <summary>The body of a Python function that is written in C#.</summary>
/// <param name="arguments">What Python passed; good for the length of the call.</param>
/// <returns>The result, which Python takes over; null stands for <c>None</c>.</returns>
public delegate PyObject? PyFunctionBody(CallbackArguments arguments);

/// <summary>Makes Python functions out of C# ones. Async ones are made by a runtime: <c>runtime.FunctionIntoPy</c>.</summary>
/// <remarks>
/// <para>The function runs on the Python thread that calls it, with the GIL held: blocking in it blocks Python. An exception that
/// it throws is raised in Python.</para>
/// <para>Python keeps the delegate alive; a delegate that in turn keeps the function's own <see cref="PyObject"/> makes a
/// cycle that neither garbage collector sees.</para>
/// </remarks>
public static class PyFunction
{
    /// <summary>A function of any arguments.</summary>
    /// <param name="name">Its <c>__name__</c>.</param>
    /// <param name="body">What it does.</param>
    /// <param name="doc">Its <c>__doc__</c>.</param>
    public static PyObject Create(string name, PyFunctionBody body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Create(body, new FunctionDescription(name) { Doc = doc });
    }

    /// <summary>A function without arguments.</summary>
    public static PyObject Create(string name, Action body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Create(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(0);
                body();
                return null;
            },
            doc);
    }

    internal static PyObject Create(PyFunctionBody body, FunctionDescription description)
    {
        ArgumentException.ThrowIfNullOrEmpty(description.Name);
        return Create(new DelegateCallable(description.Name, body), description);
    }

    internal static PyObject Create(PyCallable callable, string? doc)
    {
        using AttachScope scope = PythonThread.Attach();
        return FunctionType.New(callable, doc).ToPyObject();
    }

    internal static PyObject Create(PyCallable callable, FunctionDescription description)
    {
        using AttachScope scope = PythonThread.Attach();
        return FunctionType.New(callable, description).ToPyObject();
    }

    private sealed class DelegateCallable(string name, PyFunctionBody body) : PyCallable(name)
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            using PyObject? result = body(arguments);
            return NewReference.From(result is null ? PythonInterpreter.Current.None : result.Reference);
        }
    }
}
