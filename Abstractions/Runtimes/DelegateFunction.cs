using System.Globalization;
using System.Reflection;
using PyAsync.Generators.Modules;
using PyAsync.Interop;
using PyAsync.Modules;

namespace PyAsync.Runtimes;

/// <summary>Creates the work of a call, whose arguments have been bound to the delegate's parameters.</summary>
internal delegate Func<CancellationToken, Task<TResult>> DelegateFunctionBody<TResult>(DelegateArguments arguments);

/// <summary>Runs a function with arguments that have been bound to the delegate's parameters.</summary>
internal delegate object? PlainFunctionBody(DelegateArguments arguments);

/// <summary>
/// A Python function whose parameters are those of a C# delegate: their names in Python's style, their default values, and a converter for each. A
/// cancellation token as the last parameter is not one of them.
/// </summary>
internal sealed class DelegateFunction
{
    private readonly string _name;
    private readonly PyConverter[] _converters;
    private readonly ParameterInfo[] _parameters;
    private readonly string[] _names;
    private CallSignature? _signature;

    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">The delegate.</param>
    /// <param name="converters">The converters of its parameters.</param>
    public DelegateFunction(string name, Delegate body, params PyConverter[] converters)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(body);
        _name = name;
        _converters = converters;

        // A delegate that is closed over its first argument (a method group of an extension method) does not have that parameter.
        ParameterInfo[] all = body.Method.GetParameters();
        int count = body.GetType().GetMethod(nameof(Action.Invoke))!.GetParameters().Length;
        _parameters = [.. all.Skip(all.Length - count).Take(converters.Length)];
        _names = Names(_parameters);
        Required = _parameters.Length;
        while (Required > 0 && _parameters[Required - 1].HasDefaultValue)
        {
            Required--;
        }
    }

    /// <summary>Gets the number of parameters without a default value.</summary>
    private int Required { get; }

    /// <summary>Makes the function.</summary>
    public PyObject Create<TResult>(
        IRuntime runtime, DelegateFunctionBody<TResult> body, PyConverter<TResult> converter, bool takesToken, string? doc, PyAwaitable returns)
    {
        using AttachScope scope = PythonThread.Attach();
        _signature = new CallSignature(_name, [.. _names.Select(static name => new CallParameter(name, "object"))], Required);
        var description = new FunctionDescription(_name) { Doc = doc, Kind = FunctionKind.Coroutine, TextSignature = TextSignature() };
        return FunctionIntoPyExtensions.Create(
            runtime,
            description,
            arguments =>
            {
                Span<ArgumentSlot> slots = stackalloc ArgumentSlot[_names.Length];
                return body(new DelegateArguments(this, _signature.Bind(arguments, slots)));
            },
            converter,
            takesToken ? CancelBehavior.Wait : CancelBehavior.Abandon,
            returns);
    }

    /// <summary>Makes a function that runs on the calling thread and returns its result.</summary>
    public PyObject CreatePlain(PlainFunctionBody body, PyConverter converter)
    {
        using AttachScope scope = PythonThread.Attach();
        _signature = new CallSignature(_name, [.. _names.Select(static name => new CallParameter(name, "object"))], Required);
        return PyFunction.Create(
            arguments =>
            {
                Span<ArgumentSlot> slots = stackalloc ArgumentSlot[_names.Length];
                return converter.ToReferenceBoxed(body(new DelegateArguments(this, _signature.Bind(arguments, slots)))).ToPyObject();
            },
            new FunctionDescription(_name) { TextSignature = TextSignature() });
    }

    internal PyConverter<T> Converter<T>(int index) => (PyConverter<T>)_converters[index];

    internal T Default<T>(int index) => _parameters[index].DefaultValue is T value ? value : default!;

    /// <summary>Gets the names in Python's style. A parameter without a usable name, or with a duplicate one, is named after its position.</summary>
    private static string[] Names(ParameterInfo[] parameters)
    {
        var names = new string[parameters.Length];
        for (int i = 0; i < names.Length; i++)
        {
            string name = PythonNames.Of(parameters[i].Name ?? "");
            names[i] = PythonNames.IsIdentifier(name) && name != "_" && !names.Contains(name) ? name : $"arg{i}";
        }

        return names;
    }

    private string TextSignature() =>
        $"({string.Join(", ", _names.Select((name, i) => i < Required ? name : $"{name}={Literal(_parameters[i].DefaultValue)}"))})";

    private static string Literal(object? value) => value switch
    {
        null => "None",
        bool condition => condition ? "True" : "False",
        string text => Literal(text),
        sbyte or byte or short or ushort or int or uint or long or ulong => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        double number when double.IsFinite(number) => Literal(number),
        float number when float.IsFinite(number) => Literal(number),
        _ => "...",
    };

    private static string Literal(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string Literal(string text)
    {
        var literal = new System.Text.StringBuilder("'");
        foreach (char c in text)
        {
            _ = c switch
            {
                '\'' or '\\' => literal.Append('\\').Append(c),
                < ' ' or > '~' => literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('\'').ToString();
    }
}

/// <summary>The arguments of one call of a <see cref="DelegateFunction"/>. Valid during the call.</summary>
internal readonly ref struct DelegateArguments(DelegateFunction function, BoundArguments bound)
{
    private readonly BoundArguments _bound = bound;

    /// <summary>Gets an argument, converted, or the parameter's default value.</summary>
    /// <exception cref="PythonTypeErrorException">It is of another type; Python sees a <c>TypeError</c>.</exception>
    /// <exception cref="PythonOverflowException">It does not fit; Python sees an <c>OverflowError</c>.</exception>
    public T Get<T>(int index) => _bound.Has(index) ? _bound.GetAs(index, function.Converter<T>(index)) : function.Default<T>(index);
}
