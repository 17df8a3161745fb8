using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>Converts a Python object and a proxy of it.</summary>
internal sealed class ProxyConverter<T>(IRuntime runtime, Func<IRuntime, PyObject, T> create) : ReferenceConverter<T>, INonNullConverter
    where T : class
{
    internal override NewReference ToReference(T value) => value switch
    {
        null => NewReference.From(InterpreterState.Current.None),
        IPythonView proxy => NewReference.From(proxy.Reference),
        _ => throw new PythonTypeErrorException(
            $"A {value.GetType()} cannot be converted to Python: it implements {typeof(T)}, but is not a proxy of a Python object. Only objects that Python returned can be passed to it."),
    };

    internal override T FromReference(BorrowedReference value) =>
        value.IsNone ? throw ConversionErrors.WrongType(value, typeof(T)) : create(runtime, PyObject.FromBorrowed(value));
}
