using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The converters of typed calls that need a runtime, or that name the member in their errors. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TypedConvert
{
    /// <summary>Converts a result; an error names the function.</summary>
    /// <param name="inner">Converts the value.</param>
    /// <param name="function">The function's name in Python.</param>
    /// <param name="member">The member of the interface.</param>
    public static PyConverter<T> Result<T>(PyConverter<T> inner, string function, string member) => new ResultConverter<T>(inner, $"the result of {function} ({member})");

    /// <summary>Converts the items of a stream; an error names the function.</summary>
    /// <inheritdoc cref="Result" path="/param"/>
    public static PyConverter<T> Item<T>(PyConverter<T> inner, string function, string member) => new ResultConverter<T>(inner, $"an item of {function} ({member})");

    /// <summary>Converts the value of an attribute; an error names the attribute.</summary>
    /// <inheritdoc cref="Result" path="/param"/>
    public static PyConverter<T> Value<T>(PyConverter<T> inner, string function, string member) => new ResultConverter<T>(inner, $"the value of {function} ({member})");

    /// <summary>Converts any object to a proxy of it, and a proxy to its object.</summary>
    /// <param name="runtime">The runtime that the proxies use.</param>
    public static PyConverter<T> Proxy<T>(IRuntime runtime)
        where T : class => new ProxyConverter<T>(runtime, PyImports.Proxy<T>());

    /// <summary>Converts a delegate to a Python function.</summary>
    /// <param name="runtime">The runtime that runs the delegate.</param>
    /// <param name="create">Makes the function.</param>
    public static PyConverter<TDelegate> Callback<TDelegate>(IRuntime runtime, Func<IRuntime, TDelegate, PyObject> create)
        where TDelegate : Delegate => new CallbackConverter<TDelegate>(runtime, create);

    /// <summary>Makes a Python function of asynchronous C# code, which runs on the backend.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="name">Its name in Python.</param>
    /// <param name="takesToken">True if the code takes a token, which fires when Python cancels.</param>
    /// <param name="body">Reads the arguments and returns the work.</param>
    /// <param name="converter">Converts the result.</param>
    public static PyObject Function<TResult>(IRuntime runtime, string name, bool takesToken, PyAsyncFunctionBody<TResult> body, PyConverter<TResult> converter) =>
        FunctionIntoPyExtensions.Create(
            runtime,
            new FunctionDescription(name) { Kind = FunctionKind.Coroutine, TextSignature = "(*args)" },
            body,
            converter,
            takesToken ? CancelBehavior.Wait : CancelBehavior.Abandon,
            PyAwaitable.Future);

    /// <summary>Makes a Python function of synchronous C# code, which runs on the thread that calls it.</summary>
    /// <param name="name">Its name in Python.</param>
    /// <param name="body">Reads the arguments and returns the result.</param>
    public static PyObject Function(string name, PyFunctionBody body) => PyFunction.Create(name, body);

    /// <summary>Gives work without a result the result <c>None</c>.</summary>
    /// <param name="work">The work.</param>
    public static Task<object?> NoResultAsync(Task work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Resultless.Of(work);
    }
}
