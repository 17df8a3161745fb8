using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>Reads an argument of a call of a <see cref="DelegateFunction"/>.</summary>
internal delegate object? ArgumentGetter(DelegateArguments arguments, int index);

/// <summary>
/// Makes Python functions of the delegates of one type, as <c>FunctionIntoPy</c> does: the body of one that returns a Task or a ValueTask runs on the backend, and
/// a token as its last parameter fires when Python cancels. Any other delegate runs on the calling thread.
/// </summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
internal sealed class DelegateValue
{
    private readonly MethodInfo _invoke;
    private readonly bool _takesToken;
    private readonly PyConverter[] _converters;
    private readonly ArgumentGetter[] _getters;
    private readonly DelegateResult _result;

    /// <exception cref="NotSupportedException">There is no converter for the type of a parameter or of the result.</exception>
    public DelegateValue(Type type)
    {
        _invoke = type.GetMethod(nameof(Action.Invoke))!;
        Type[] parameters = Array.ConvertAll(_invoke.GetParameters(), static parameter => parameter.ParameterType);
        _result = DelegateResult.Of(_invoke.ReturnType);
        _takesToken = _result.IsAsync && parameters is [.., var last] && last == typeof(CancellationToken);
        parameters = _takesToken ? parameters[..^1] : parameters;
        _converters = Array.ConvertAll(parameters, RuntimeValueComposer.For);
        _getters = Array.ConvertAll(parameters, static parameter => typeof(DelegateValue).GetMethod(nameof(Get), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(parameter).CreateDelegate<ArgumentGetter>());
    }

    /// <summary>Makes a function. Belongs to the caller.</summary>
    public PyObject Create(IRuntime runtime, Delegate body)
    {
        var function = new DelegateFunction(Name(body), body, _converters);
        return _result.Create(runtime, function, arguments => Bind(body, arguments), _takesToken);
    }

    /// <summary>Reads the arguments of a call; the result calls the delegate with them.</summary>
    private Func<CancellationToken, object?> Bind(Delegate body, DelegateArguments arguments)
    {
        object?[] values = new object?[_getters.Length + (_takesToken ? 1 : 0)];
        for (int i = 0; i < _getters.Length; i++)
        {
            values[i] = _getters[i](arguments, i);
        }

        return token =>
        {
            if (_takesToken)
            {
                values[^1] = token;
            }

            return _invoke.Invoke(body, BindingFlags.DoNotWrapExceptions, null, values, null);
        };
    }

    /// <summary>Gets the name of the method; a lambda has none that is of use.</summary>
    private static string Name(Delegate body) =>
        body.Method.Name is var name && !name.Contains('<', StringComparison.Ordinal) ? Generators.Modules.PythonNames.OfMethod(name) : "function";

    private static object? Get<T>(DelegateArguments arguments, int index) => arguments.Get<T>(index);
}
