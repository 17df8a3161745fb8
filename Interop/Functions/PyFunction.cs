namespace PyAsync.Interop;

/// <summary>The body of a Python function written in C#.</summary>
/// <param name="arguments">The arguments that Python passed; valid during the call.</param>
/// <returns>The result, whose ownership passes to Python; null stands for <c>None</c>.</returns>
public delegate PyObject? PyFunctionBody(CallbackArguments arguments);

/// <summary>Makes Python functions out of C# ones. A runtime makes asynchronous ones: <c>runtime.FunctionIntoPy</c>.</summary>
/// <remarks>
/// <para>The function runs on the Python thread that calls it, with the GIL held: blocking in it blocks Python. An exception that
/// it throws is raised in Python.</para>
/// <para>Python keeps the delegate alive. If the delegate also keeps the function's own <see cref="PyObject"/> alive, this is a reference cycle that
/// neither garbage collector can collect.</para>
/// </remarks>
public static class PyFunction
{
    /// <summary>Called at each call of a function that <see cref="Create(string, PyFunctionBody, string?)"/> made, with the ExecutionContext of the call; null for nothing.</summary>
    internal static Action<ExecutionContext?>? OnPlainCall { get; set; }

    /// <summary>Makes a function of any arguments.</summary>
    /// <param name="name">Its <c>__name__</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="doc">Its <c>__doc__</c>.</param>
    public static PyObject Create(string name, PyFunctionBody body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Create(body, new FunctionDescription(name) { Doc = doc });
    }

    /// <summary>Makes a function without arguments.</summary>
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
            OnPlainCall?.Invoke(arguments.Flow);
            using PyObject? result = body(arguments);
            return NewReference.From(result is null ? InterpreterState.Current.None : result.Reference);
        }
    }
}
