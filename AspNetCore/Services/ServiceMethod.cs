using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PyAsync.Generators.Modules;
using PyAsync.Interop;
using PyAsync.Modules;

namespace PyAsync.Services;

/// <summary>
/// A method of a C# service, or the getter of a property, as a Python function, whose first argument is the service. The names are Python's (<c>GetOrderAsync</c> is <c>get_order</c>). The work of a
/// method that returns a Task runs on the runtime's backend, and Python awaits it; other methods run on the calling thread.
/// </summary>
[RequiresDynamicCode(Message)]
[RequiresUnreferencedCode(Message)]
internal sealed class ServiceMethod
{
    public const string Message = "The methods of the service and their converters are found by reflection.";

    private readonly MethodInfo _method;
    private readonly Parameter?[] _parameters;
    private readonly CallSignature _signature;

    public ServiceMethod(MethodInfo method, string name)
    {
        _method = method;
        Name = name;
        ParameterInfo[] parameters = method.GetParameters();

        // This library supplies the token, so Python does not see the parameter.
        _parameters = Array.ConvertAll(parameters, static parameter => parameter.ParameterType == typeof(CancellationToken) ? null : Parameter.Of(parameter));
        ParameterInfo[] own = [.. parameters.Where(static parameter => parameter.ParameterType != typeof(CancellationToken))];
        int required = own.TakeWhile(static parameter => !parameter.HasDefaultValue).Count();
        _signature = new CallSignature(
            Name,
            [new CallParameter("service", "object"), .. own.Select(static parameter => new CallParameter(PythonNames.Of(parameter.Name ?? "value"), "object"))],
            required + 1);
        TakesToken = own.Length < parameters.Length;
    }

    /// <summary>Gets the name in Python.</summary>
    private string Name { get; }

    /// <summary>True if the method takes a token, which fires when Python cancels the await.</summary>
    private bool TakesToken { get; }

    /// <summary>Makes the function. On a thread with the GIL.</summary>
    public PyObject Create(IRuntime runtime) => Result.Of(_method.ReturnType).Create(this, runtime);

    /// <summary>Binds the arguments of a call, and returns the call.</summary>
    private Func<CancellationToken, object?> Bind(CallbackArguments arguments)
    {
        Span<ArgumentSlot> slots = stackalloc ArgumentSlot[_parameters.Length + 1];
        BoundArguments bound = _signature.Bind(arguments, slots);
        if (!ManagedObject.TryUnwrap(arguments.Borrow(0), out object? service))
        {
            throw new PythonTypeErrorException($"{Name}() is a method of a C# service");
        }

        object?[] values = new object?[_parameters.Length];
        int token = -1;
        for (int i = 0, index = 1; i < values.Length; i++)
        {
            if (_parameters[i] is { } parameter)
            {
                values[i] = parameter.Read(bound, index++);
            }
            else
            {
                token = i;
            }
        }

        return cancellationToken =>
        {
            if (token >= 0)
            {
                values[token] = cancellationToken;
            }

            return _method.Invoke(service, BindingFlags.DoNotWrapExceptions, binder: null, values, culture: null);
        };
    }

    private PyObject CreateAsync<T>(IRuntime runtime, Func<object?, Task<T>> await, PyConverter<T> converter) =>
        FunctionIntoPyExtensions.Create(
            runtime,
            new FunctionDescription(Name) { Kind = FunctionKind.Coroutine },
            arguments =>
            {
                Func<CancellationToken, object?> call = Bind(arguments);
                return cancellationToken => await(call(cancellationToken));
            },
            converter,
            TakesToken ? CancelBehavior.Wait : CancelBehavior.Abandon,
            PyAwaitable.Future);

    private PyObject CreatePlain(Func<object?, PyObject> convert) =>
        PyFunction.Create(Name, arguments => convert(Bind(arguments)(CancellationToken.None)));

    /// <summary>A parameter that Python passes.</summary>
    [RequiresDynamicCode(Message)]
    [RequiresUnreferencedCode(Message)]
    private abstract class Parameter
    {
        public static Parameter Of(ParameterInfo parameter)
        {
            if (parameter.ParameterType.IsByRef)
            {
                throw new NotSupportedException($"{parameter.Member.DeclaringType}.{parameter.Member.Name} has a parameter by reference, which Python cannot pass.");
            }

            return (Parameter)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(parameter.ParameterType), parameter.HasDefaultValue ? parameter.DefaultValue : null)!;
        }

        public abstract object? Read(BoundArguments arguments, int index);

        [RequiresDynamicCode(Message)]
        [RequiresUnreferencedCode(Message)]
        private sealed class Typed<T>(object? fallback) : Parameter
        {
            private readonly PyConverter<T> _converter = PyConvert.For<T>();

            public override object? Read(BoundArguments arguments, int index) => arguments.Has(index) ? arguments.GetAs(index, _converter) : fallback;
        }
    }

    /// <summary>The kind of result.</summary>
    [RequiresDynamicCode(Message)]
    [RequiresUnreferencedCode(Message)]
    private abstract class Result
    {
        public static Result Of(Type type)
        {
            if (type == typeof(Task) || type == typeof(ValueTask))
            {
                return new Resultless();
            }

            Type? generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
            return type == typeof(void) ? new Nothing()
                : generic == typeof(Task<>) || generic == typeof(ValueTask<>) ? (Result)Activator.CreateInstance(typeof(Awaited<>).MakeGenericType(type.GetGenericArguments()[0]))!
                : (Result)Activator.CreateInstance(typeof(Plain<>).MakeGenericType(type))!;
        }

        public abstract PyObject Create(ServiceMethod method, IRuntime runtime);

        [RequiresDynamicCode(Message)]
        [RequiresUnreferencedCode(Message)]
        private sealed class Nothing : Result
        {
            public override PyObject Create(ServiceMethod method, IRuntime runtime) => method.CreatePlain(static _ => PyObject.None);
        }

        [RequiresDynamicCode(Message)]
        [RequiresUnreferencedCode(Message)]
        private sealed class Plain<T> : Result
        {
            public override PyObject Create(ServiceMethod method, IRuntime runtime)
            {
                PyConverter<T> converter = PyConvert.For<T>();
                return method.CreatePlain(value => PyObject.From((T)value!, converter));
            }
        }

        [RequiresDynamicCode(Message)]
        [RequiresUnreferencedCode(Message)]
        private sealed class Resultless : Result
        {
            public override PyObject Create(ServiceMethod method, IRuntime runtime) =>
                method.CreateAsync(runtime, static result => Runtimes.Resultless.Of(result is ValueTask value ? value.AsTask() : (Task)result!), PyConvert.None);
        }

        [RequiresDynamicCode(Message)]
        [RequiresUnreferencedCode(Message)]
        private sealed class Awaited<T> : Result
        {
            public override PyObject Create(ServiceMethod method, IRuntime runtime) =>
                method.CreateAsync(runtime, static result => result is ValueTask<T> value ? value.AsTask() : (Task<T>)result!, PyConvert.For<T>());
        }
    }
}
