using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.References;

/// <summary>Counts references as C's macros do: without a call for most objects. The GIL guards it.</summary>
internal static unsafe partial class ReferenceCount
{
    /// <summary>
    /// Counts up to this are plain counts. An immortal object (3.12 and newer) has a larger one, in any layout, and so has an object whose count shares
    /// its word with another field (3.14): CPython's functions count those that are not immortal.
    /// </summary>
    private const nint MaxPlainCount = 0x3FFF_FFFF;

    /// <summary>Counts from this on, in the lower half of the word, belong to immortal objects on every Python since 3.12.</summary>
    private const uint FirstImmortalCount = 0xC000_0000;

    // The sign bit if each reference is counted by a call: then every count looks as if it were not plain. Zero otherwise, so that the field needs no initialiser.
    private static nint s_byCall;

    // False until the probe has found an immortal object, so that the field needs no initialiser.
    private static bool s_hasImmortals;

    /// <summary>
    /// True if CPython's own functions count each reference. Debug builds of CPython keep a total (<c>sys.gettotalrefcount()</c>), which counting in
    /// place would not change.
    /// </summary>
    internal static bool IsByCall => s_byCall != 0;

    /// <summary>True if immortal objects are recognised in place, and their references are not counted.</summary>
    internal static bool HasImmortals => s_hasImmortals;

    /// <summary>Selects how references are counted, once the interpreter is initialised. Needs the GIL.</summary>
    /// <param name="mayCountInPlace">False if each reference must be counted by a call on every build.</param>
    /// <param name="none"><c>None</c>, which is immortal from 3.12 on.</param>
    internal static void Choose(bool mayCountInPlace, nint none)
    {
        // SAFETY: the literal is zero-terminated and pinned for the call.
        fixed (byte* name = "gettotalrefcount"u8)
        {
            s_byCall = mayCountInPlace && PySys_GetObject(name) == 0 ? 0 : nint.MinValue;
        }

        s_hasImmortals = !IsByCall && IsFoundImmortal(none);
    }

    /// <summary>Increments the count: <c>Py_INCREF</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Increment(nint o)
    {
        // SAFETY: a live object begins with its count on builds with a GIL. With the stable ABI, extension modules count in the same place.
        ref nint count = ref *(nint*)o;
        if ((count | s_byCall) is > 0 and < MaxPlainCount)
        {
            count++;
        }
        else
        {
            IncrementOther(o);
        }
    }

    /// <summary>Decrements the count: <c>Py_DECREF</c>. Only the last reference costs a call, which frees the object; an immortal object has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Decrement(nint o)
    {
        // SAFETY: as above.
        ref nint count = ref *(nint*)o;
        if ((count | s_byCall) is > 1 and <= MaxPlainCount)
        {
            count--;
        }
        else
        {
            DecrementOther(o);
        }
    }

    /// <summary>Probes the mark of immortal objects: CPython's functions leave their counts as they are.</summary>
    private static bool IsFoundImmortal(nint o)
    {
        // SAFETY: a live object begins with its count.
        nint before = *(nint*)o;
        Py_IncRef(o);
        bool isUnchanged = *(nint*)o == before;
        Py_DecRef(o);
        return isUnchanged && (uint)before >= FirstImmortalCount;
    }

    // SAFETY: as in Increment.
    private static bool IsImmortal(nint o) => s_hasImmortals && (uint)*(nint*)o >= FirstImmortalCount;

    // Not inlined: the callers' usual case is a plain count.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void IncrementOther(nint o)
    {
        if (!IsImmortal(o))
        {
            IncrementByCall(o);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DecrementOther(nint o)
    {
        if (!IsImmortal(o))
        {
            DecrementByCall(o);
        }
    }

    // Not inlined: a method that calls C sets up a frame for the garbage collector at its start, and a method that only counts must not have one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void IncrementByCall(nint o) => Py_IncRef(o);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DecrementByCall(nint o) => Py_DecRef(o);

    [LibraryImport("python")]
    private static partial void Py_IncRef(nint o);

    // May run a finaliser, and so managed code: needs a GC transition.
    [LibraryImport("python")]
    private static partial void Py_DecRef(nint o);

    // Declared here, because this folder is below that of the C API.
    [LibraryImport("python")]
    private static partial nint PySys_GetObject(byte* name);
}
