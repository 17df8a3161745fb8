using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The end of a child that was forked by Python code which C# had called. No C# code may run in the child, and whoever forks cannot be kept from
/// returning: so the child ends as soon as it comes back, as it would have at the end of its program.
/// </summary>
internal static unsafe class ForkedChild
{
    /// <summary>What the child says of all that it cannot do.</summary>
    public const string Message =
        "this process was forked from one that runs .NET code, and .NET does not go on in a forked child: "
        + "fork before the module that is written in C# is imported, or start a process of its own "
        + "(multiprocessing.set_start_method('spawn'), subprocess)";

    private const int Failed = 1;

    // Not 0 in a forked child, where Python code has written it. Not a static itself: .NET has those in memory that child and parent share.
    private static readonly nint* s_isForked = (nint*)NativeMemory.AllocZeroed((nuint)sizeof(nint));

    // What the end calls. Functions that were looked up and called before, in one way: the child can neither load nor compile anything.
    private static nint s_getError;
    private static nint s_setError;
    private static nint s_print;
    private static nint s_exit;
    private static nint s_errorType;
    private static nint s_message;

    /// <summary>Where the child writes that it is one.</summary>
    public static void* Mark => s_isForked;

    /// <summary>Gets everything ready that the end needs.</summary>
    public static void Prepare()
    {
        s_message = (nint)CPython.Utf8(Message);
        s_errorType = PythonInterpreter.Current.Objects.Exception("RuntimeError").Pointer;

        // A rehearsal, with a function that does nothing in place of each.
        s_getError = s_setError = s_print = s_exit = CPython.AddressOf("PyErr_Occurred");
        End();
        s_setError = CPython.AddressOf("PyErr_SetString");
        s_print = CPython.AddressOf("PyErr_PrintEx");
        s_exit = CPython.AddressOf("Py_Exit");
    }

    /// <summary>To be asked when Python code returns to C#, before anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndIfForked()
    {
        if (*s_isForked != 0)
        {
            End();
        }
    }

    /// <inheritdoc cref="EndIfForked"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewReference Checked(NewReference returned)
    {
        EndIfForked();
        return returned;
    }

    // Compiled as it stays: the child must not come upon code that the JIT compiler would look at.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void End()
    {
        // SAFETY: C functions of at most two words, called with two; they leave those alone that they do not take.
        if (((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_getError)(0, 0) == 0)
        {
            // It has returned, and would go on with what its parent does.
            _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_setError)(s_errorType, s_message);
        }

        _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_print)(0, 0); // A SystemExit ends the process here.
        _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_exit)(Failed, 0);
    }
}
