using System.Reflection;
using System.Runtime.InteropServices;

namespace PyAsync.Api;

/// <summary>
/// CPython's C API. The names are C's, one file per C header, so that CPython's documentation applies. Ownership is in the signatures: a function that
/// returns a <see cref="NewReference"/> passes the ownership of a reference to the caller, one that takes a <see cref="StolenReference"/> keeps it.
/// </summary>
/// <remarks>Every function needs the GIL unless CPython's documentation says otherwise.</remarks>
internal static unsafe partial class CPython
{
    private const string Library = "python";

    private static nint s_library;
    private static bool s_isBound;

    /// <summary>True if <see cref="Bind"/> has run. Before that no function here may be called.</summary>
    internal static bool IsBound => Volatile.Read(ref s_isBound);

    /// <summary>Gets the minor version of the bound library: 11 for CPython 3.11.</summary>
    internal static int Minor { get; private set; }

    /// <summary>Binds every function here to one loaded CPython library. Once per process.</summary>
    internal static void Bind(nint library)
    {
        if (s_library != 0)
        {
            throw new InvalidOperationException("A CPython library is bound already; one process has one interpreter.");
        }

        s_library = library;
        NativeLibrary.SetDllImportResolver(
            Assembly.GetExecutingAssembly(),
            static (name, _, _) => name == Library ? s_library : 0);
        BindThreadStateGetters();

        // "3.11.2 (main, ...)": the only source of the version that needs no initialised interpreter.
        string version = Marshal.PtrToStringUTF8((nint)Py_GetVersion())!;
        Minor = int.Parse(version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);

        // Must be last: other threads check it without a lock, and then call the functions that are bound above.
        Volatile.Write(ref s_isBound, true);
    }

    /// <summary>Gets the address of a C global or function, or 0 if this CPython has none of that name.</summary>
    internal static nint AddressOf(string symbol) =>
        NativeLibrary.TryGetExport(s_library, symbol, out nint address) ? address : 0;

    /// <summary>Gets the object that a <c>PyObject*</c> global points to, such as <c>PyExc_ValueError</c>.</summary>
    internal static BorrowedReference Global(string symbol)
    {
        nint address = AddressOf(symbol);

        // SAFETY: the exported symbol is a PyObject* variable; the library stays loaded for the life of the process.
        return new BorrowedReference(address == 0 ? 0 : *(nint*)address);
    }

    /// <summary>Gets the object that is a global itself, such as <c>_Py_NoneStruct</c> or <c>PyCoro_Type</c>.</summary>
    internal static BorrowedReference Static(string symbol) => new(AddressOf(symbol));

    /// <summary>Allocates a zero-terminated UTF-8 string that lives as long as the process, for names that C keeps.</summary>
    internal static byte* Utf8(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);

        // SAFETY: never freed on purpose; the length leaves room for the terminator.
        byte* memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        memory[bytes.Length] = 0;
        return memory;
    }
}
