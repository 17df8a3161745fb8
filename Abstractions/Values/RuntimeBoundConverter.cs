using PyAsync.Conversion;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>Converts values that belong to a runtime: a given one, or the one of the call.</summary>
internal abstract class RuntimeBoundConverter<T>(IRuntime? runtime) : ReferenceConverter<T>, INonNullConverter
{
    protected IRuntime Runtime => runtime ?? RuntimeOfCall.For(typeof(T));

    internal sealed override NewReference ToReference(T value)
    {
        if (value is null)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        using PyObject converted = IntoPython(value);
        return NewReference.From(converted.Reference);
    }

    internal sealed override T FromReference(BorrowedReference value)
    {
        using PyObject owned = PyObject.FromBorrowed(value);
        return FromOwned(owned);
    }

    protected abstract PyObject IntoPython(T value);

    protected abstract T FromOwned(PyObject value);
}

/// <summary>Converts a Task without a result and an awaitable.</summary>
internal sealed class TaskConverter(IRuntime? runtime) : RuntimeBoundConverter<Task>(runtime)
{
    protected override PyObject IntoPython(Task value) => Runtime.StartedIntoPy(value, CancelBehavior.Abandon);

    protected override Task FromOwned(PyObject value) => Runtime.IntoFuture(value, PyConvert.None);
}

/// <summary>Converts a Task and an awaitable.</summary>
internal sealed class TaskConverter<T>(IRuntime? runtime, PyConverter<T> result) : RuntimeBoundConverter<Task<T>>(runtime)
{
    protected override PyObject IntoPython(Task<T> value) => Runtime.FutureIntoPy(new ValueTask<T>(value), result);

    protected override Task<T> FromOwned(PyObject value) => Runtime.IntoFuture(value, result);
}

/// <summary>Converts a ValueTask without a result and an awaitable.</summary>
internal sealed class ValueTaskConverter(IRuntime? runtime) : RuntimeBoundConverter<ValueTask>(runtime)
{
    protected override PyObject IntoPython(ValueTask value) => Runtime.StartedIntoPy(value.AsTask(), CancelBehavior.Abandon);

    protected override ValueTask FromOwned(PyObject value) => new(Runtime.IntoFuture(value, PyConvert.None));
}

/// <summary>Converts a ValueTask and an awaitable.</summary>
internal sealed class ValueTaskConverter<T>(IRuntime? runtime, PyConverter<T> result) : RuntimeBoundConverter<ValueTask<T>>(runtime)
{
    protected override PyObject IntoPython(ValueTask<T> value) => Runtime.FutureIntoPy(value, result);

    protected override ValueTask<T> FromOwned(PyObject value) => new(Runtime.IntoFuture(value, result));
}

/// <summary>Converts a stream and an async iterator. A stream from Python reads an object that it keeps alive.</summary>
internal sealed class StreamConverter<T>(IRuntime? runtime, PyConverter<T> item) : RuntimeBoundConverter<IAsyncEnumerable<T>>(runtime)
{
    protected override PyObject IntoPython(IAsyncEnumerable<T> value) => Runtime.AsyncEnumerableIntoPy(value, item);

    protected override IAsyncEnumerable<T> FromOwned(PyObject value)
    {
        PyObject kept = value.Clone();
        return Runtime.IntoAsyncEnumerable(kept.Clone, item);
    }
}

/// <summary>Converts a delegate to a Python function: an asynchronous one if it returns a Task, else a plain one.</summary>
internal sealed class DelegateConverter<T>(DelegateValue function) : RuntimeBoundConverter<T>(runtime: null)
    where T : Delegate
{
    protected override PyObject IntoPython(T value) => function.Create(Runtime, value);

    protected override T FromOwned(PyObject value) => throw new NotSupportedException(
        $"A Python function cannot be converted to {ConversionErrors.Name(typeof(T))}: take it as a PyObject, and call it with CallAsync.");
}
