using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync;

/// <summary>
/// Ends a child that was forked by Python code which C# had called. No C# code may run in the child, and the forking code cannot be kept from returning
/// to it: so the child ends as soon as it returns to C#, as it would have at the end of its program.
/// </summary>
internal static unsafe class ForkedChild
{
    /// <summary>The message of the child's errors.</summary>
    public const string Message =
        "this process was forked from one that runs .NET code, and .NET does not work in a forked child: "
        + "fork before the module that is written in C# is imported, or start a new process "
        + "(multiprocessing.set_start_method('spawn'), subprocess)";

    private const int Failed = 1;

    // Not 0 in a forked child, where Python code has written it. Not a static field: .NET keeps those in memory that child and parent share.
    private static readonly nint* s_isForked = (nint*)NativeMemory.AllocZeroed((nuint)sizeof(nint));

    // The functions that the end calls. They were looked up and called before, in the same way: the child can neither load nor compile anything.
    private static nint s_getError;
    private static nint s_setError;
    private static nint s_print;
    private static nint s_exit;
    private static nint s_errorType;
    private static nint s_message;

    /// <summary>Gets the address to which the child writes that it is a forked child.</summary>
    public static void* Mark => s_isForked;

    /// <summary>Prepares everything that the end needs.</summary>
    public static void Prepare()
    {
        s_message = (nint)CPython.Utf8(Message);
        s_errorType = CPython.Global("PyExc_RuntimeError").Pointer;

        // A rehearsal, which replaces each function by one that does nothing.
        s_getError = s_setError = s_print = s_exit = CPython.AddressOf("PyErr_Occurred");
        End();
        EndIfForked();
        _ = Checked(default);
        s_setError = CPython.AddressOf("PyErr_SetString");
        s_print = CPython.AddressOf("PyErr_PrintEx");
        s_exit = CPython.AddressOf("Py_Exit");
    }

    /// <summary>Must be called when Python code returns to C#, before anything else: not even a constructor may run before it.</summary>
    /// <remarks>
    /// Fully optimised at once, as <see cref="End"/>: .NET counts the calls of methods that are not, and at the last one it would start to compile them, in the child.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining | MethodImplOptions.AggressiveOptimization)]
    public static void EndIfForked()
    {
        if (*s_isForked != 0)
        {
            End();
        }
    }

    /// <inheritdoc cref="EndIfForked"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining | MethodImplOptions.AggressiveOptimization)]
    public static NewReference Checked(NewReference returned)
    {
        EndIfForked();
        return returned;
    }

    // Fully optimised at once: in the child the JIT compiler must not be called.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void End()
    {
        // SAFETY: C functions of at most two words, called with two; they ignore the arguments that they do not take.
        if (((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_getError)(0, 0) == 0)
        {
            // The forking code has returned, and the child would continue as its parent does.
            _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_setError)(s_errorType, s_message);
        }

        _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_print)(0, 0); // A SystemExit ends the process here.
        _ = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)s_exit)(Failed, 0);
    }
}
