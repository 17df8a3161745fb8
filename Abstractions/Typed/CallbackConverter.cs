using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>Converts a delegate to a Python function.</summary>
internal sealed class CallbackConverter<TDelegate>(IRuntime runtime, Func<IRuntime, TDelegate, PyObject> create) : PyConverter<TDelegate>, INonNullConverter
    where TDelegate : Delegate
{
    public override PyObject ToPython(TDelegate value) => value is null ? PyObject.None : create(runtime, value);

    public override TDelegate FromPython(PyObject value) => throw ConversionErrors.NoConverter(typeof(TDelegate));
}
