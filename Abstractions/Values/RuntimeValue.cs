using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>Converts Tasks, streams and delegates among values whose types are known at run time only.</summary>
internal static class RuntimeValue
{
    private static readonly ConcurrentDictionary<Type, PyConverter?> s_converters = [];

    /// <summary>Converts a value; null if it is of another kind, or the program is compiled ahead of time: then the caller has to name a converter.</summary>
    public static PyObject? TryConvert(object value)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return null;
        }

        return s_converters.GetOrAdd(value.GetType(), Compose) is { } converter ? converter.ToReferenceBoxed(value).ToPyObject() : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The generic arguments of a value's type are kept. A missing converter is an error that says what to do.")]
    private static PyConverter? Compose(Type type) => RuntimeFeature.IsDynamicCodeSupported ? RuntimeValueComposer.ComposeForValue(type) : null;
}
