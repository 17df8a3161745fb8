using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>Reads the arguments of a call of a delegate; the result calls it.</summary>
internal delegate Func<CancellationToken, object?> DelegateCall(DelegateArguments arguments);

/// <summary>The kind of result of a delegate, and how a Python function returns it.</summary>
internal abstract class DelegateResult
{
    /// <summary>True if the delegate returns a Task or a ValueTask.</summary>
    public abstract bool IsAsync { get; }

    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public static DelegateResult Of(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return new ResultlessAsync();
        }

        Type? open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (open == typeof(Task<>) || open == typeof(ValueTask<>))
        {
            Type result = type.GetGenericArguments()[0];
            return (DelegateResult)Activator.CreateInstance(typeof(Async<>).MakeGenericType(result), RuntimeValueComposer.For(result))!;
        }

        return new Plain(type == typeof(void) ? PyConvert.None : RuntimeValueComposer.For(type));
    }

    /// <summary>Makes the Python function.</summary>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public abstract PyObject Create(IRuntime runtime, DelegateFunction function, DelegateCall call, bool takesToken);

    private abstract class Asynchronous<T>(PyConverter<T> converter) : DelegateResult
    {
        public sealed override bool IsAsync => true;

        [RequiresDynamicCode(PyConvert.NeedsReflection)]
        [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
        public sealed override PyObject Create(IRuntime runtime, DelegateFunction function, DelegateCall call, bool takesToken) => function.Create(
            runtime,
            arguments =>
            {
                Func<CancellationToken, object?> bound = call(arguments);
                return token => Started(bound(token));
            },
            converter,
            takesToken,
            doc: null,
            PyAwaitable.Future);

        /// <summary>Gets the Task of the object that the delegate has returned.</summary>
        protected abstract Task<T> Started(object? work);
    }

    private sealed class ResultlessAsync() : Asynchronous<object?>(PyConvert.None)
    {
        protected override Task<object?> Started(object? work) => Resultless.Of(work is ValueTask started ? started.AsTask() : (Task)work!);
    }

    private sealed class Async<T>(PyConverter<T> converter) : Asynchronous<T>(converter)
    {
        protected override Task<T> Started(object? work) => work is ValueTask<T> started ? started.AsTask() : (Task<T>)work!;
    }

    private sealed class Plain(PyConverter converter) : DelegateResult
    {
        public override bool IsAsync => false;

        [RequiresDynamicCode(PyConvert.NeedsReflection)]
        [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
        public override PyObject Create(IRuntime runtime, DelegateFunction function, DelegateCall call, bool takesToken) =>
            function.CreatePlain(arguments => call(arguments)(default), converter);
    }
}
