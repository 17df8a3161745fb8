using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Conversion;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>
/// Finds the runtime of the call whose values are being converted: the runtime of the loop that runs on this thread, or the one through which Python called
/// C# on a foreign loop. Tasks, streams and delegates among the values are bound to it.
/// </summary>
internal static class RuntimeOfCall
{
    private static Func<IRuntime?>? s_find;

    /// <summary>Makes the conversions of Tasks, streams and delegates available. Called when a runtime is created; a further call does nothing.</summary>
    /// <param name="find">Finds the runtime; null if no loop runs on the thread.</param>
    public static void Install(Func<IRuntime?> find)
    {
        if (Interlocked.CompareExchange(ref s_find, find, null) is null && RuntimeFeature.IsDynamicCodeSupported)
        {
            RuntimeValues.ToPython = RuntimeValue.TryConvert;
            RuntimeValues.Compose = ComposeConverter;
        }
    }

    /// <summary>Gets the runtime.</summary>
    /// <param name="type">The type to convert, for the message.</param>
    /// <exception cref="MissingConverterException">No loop of a runtime runs on this thread.</exception>
    public static IRuntime For(Type type) => s_find?.Invoke() ?? throw ConversionErrors.NoConverter(type, " outside of a runtime's call");

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Called by PyConvert.For, which requires it.")]
    private static PyConverter? ComposeConverter(Type type) => RuntimeFeature.IsDynamicCodeSupported ? RuntimeValueComposer.Compose(type) : null;
}
