using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// An owned Python object: it stays alive until this owner is disposed (or collected, if it was not disposed).
/// </summary>
/// <remarks>
/// <para>Members attach the calling thread to Python automatically, so any thread may use them; <see cref="PythonThread"/> explains the cost. Python's
/// own rules for sharing an object between threads apply.</para>
/// <para>Any member throws a Python error as <see cref="PythonException"/>. Members that use the object throw an <see cref="ObjectDisposedException"/> once it is
/// disposed.</para>
/// <para>An object that was passed to a runtime (an argument of <c>CallAsync</c>, an awaitable) may be disposed directly afterwards: the request holds its own use.</para>
/// </remarks>
[SuppressMessage("Usage", "CA1816:Dispose methods should call SuppressFinalize", Justification = "The last use does, which need not be the owner's.")]
[System.Text.Json.Serialization.JsonConverter(typeof(PyObjectJsonConverter))]
[DebuggerDisplay("PyObject 0x{_pointer,h}, uses {_uses & int.MaxValue}")]
public sealed partial class PyObject : IDisposable
{
    /// <summary>In place of a size: the object lives as long as the interpreter, and Dispose ignores it.</summary>
    internal const int Shared = -1;

    /// <summary>In place of a size: code depends on the object's release, which therefore is urgent.</summary>
    internal const int Urgent = -2;

    private const int DisposedFlag = int.MinValue;

    private readonly nint _pointer;

    // The number of holders of the reference: the owner, until Dispose, and each request in flight. The last one drops it.
    private int _uses = 1;

    // Memory pressure reported for a large object, in KB: 0 for most, negative for Shared and Urgent. As an int beside the uses it takes
    // no extra memory.
    private readonly int _pressure;

    /// <summary>Takes over a reference.</summary>
    /// <param name="pointer">The object.</param>
    /// <param name="size">The bytes to report as memory pressure; 0 for a small object; <see cref="Shared"/> or <see cref="Urgent"/>.</param>
    internal PyObject(nint pointer, long size)
    {
        _pointer = pointer;
        _pressure = size < 0 ? (int)size : 0;
        if (size > 0)
        {
            _pressure = (int)Math.Clamp(size >> 10, 1, int.MaxValue);
            UndisposedMemory.Add((long)_pressure << 10);
        }
    }

    /// <summary>Drops the reference later, when a thread holds the GIL.</summary>
    ~PyObject()
    {
        // If the object was disposed while a request used it, the request has dropped the reference.
        if ((_uses & ~DisposedFlag) > 0)
        {
            EndPressure();
            if (_pressure == Urgent)
            {
                DeferredReleases.ReleaseUrgently(_pointer);
            }
            else
            {
                DeferredReleases.Defer(_pointer);
            }
        }
    }

    /// <summary>Gets Python's <c>None</c>: one object for the whole process. Disposing it does nothing.</summary>
    public static PyObject None => InterpreterState.Current.Attachment<SharedNone>().Object;

    /// <summary>True if this is <c>None</c>. Needs no GIL.</summary>
    public bool IsNone => _pointer == InterpreterState.Current.None.Pointer;

    /// <summary>Gets the object's type, as <c>type(o)</c>. Belongs to the caller.</summary>
    public PyObject GetPythonType()
    {
        using AttachScope scope = PythonThread.Attach();
        return FromBorrowed(CPython.Py_TYPE(Reference));
    }

    /// <summary>Gets the type's name: <c>int</c>, <c>asyncio.locks.Lock</c>.</summary>
    public string TypeName
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            return PyText.TypeName(CPython.Py_TYPE(Reference));
        }
    }

    /// <summary>True if the owner has disposed the object.</summary>
    internal bool IsDisposed => Volatile.Read(ref _uses) <= 0;

    /// <summary>
    /// Gets the object, for a call into CPython that starts now: the thread must hold the GIL. Valid until that call lets other Python code run; to use
    /// it longer, take a <see cref="NewReference"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    internal BorrowedReference Reference
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return new BorrowedReference(_pointer);
        }
    }

    /// <summary>Imports a module, as <c>import name</c> does; for a dotted name returns the innermost module.</summary>
    /// <exception cref="PythonException">The module cannot be imported; <c>ModuleNotFoundError</c> if there is none.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static PyObject Import(string module)
    {
        ArgumentException.ThrowIfNullOrEmpty(module);
        using AttachScope scope = PythonThread.Attach();
        using NewReference name = PyText.FromString(module);
        return CPython.PyImport_Import(name.Borrow()).ToPyObject();
    }

    /// <summary>Makes a module from source text. It is not entered into <c>sys.modules</c>.</summary>
    /// <param name="source">Python code, which runs once, in this call.</param>
    /// <param name="name">
    /// The module's name, which tracebacks show as its file, with the source lines: <c>&lt;name&gt;</c>, and <c>&lt;name 2&gt;</c> for a second text of that name.
    /// The lines of the latest 1,000 texts are kept.
    /// </param>
    /// <exception cref="PythonException">The code does not compile (<c>SyntaxError</c>) or raised.</exception>
    /// <exception cref="ArgumentException">The name is empty, or the source has a NUL character.</exception>
    public static PyObject ImportSource(string source, string name = "inline")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using AttachScope scope = PythonThread.Attach();
        return PySource.RunWithLines(source, name).ToPyObject();
    }

    /// <summary>Creates a second owner of the same Python object, which may outlive a callback's arguments.</summary>
    public PyObject Clone()
    {
        using AttachScope scope = PythonThread.Attach();
        return FromBorrowed(Reference);
    }

    /// <summary>
    /// Gets <c>str(o)</c>. For an object that is disposed, or whose <c>__str__</c> fails, a text that says so; also when Python is ending or has ended with the process.
    /// </summary>
    public override string ToString()
    {
        if (IsDisposed)
        {
            return "<disposed Python object>";
        }

        if (!InterpreterState.IsRunning || !PythonThread.TryAttach(out AttachScope scope))
        {
            return "<Python object; Python has ended>";
        }

        using (scope)
        {
            using NewReference self = NewReference.From(Reference);
            return PyText.Describe(self.Borrow());
        }
    }

    /// <summary>Gets <c>repr(o)</c>.</summary>
    public string Repr()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference text = CPython.PyObject_Repr(self.Borrow()).OrThrow();
        return PyText.ToString(text.Borrow());
    }

    /// <summary>Drops the reference: at once if this thread holds the GIL, else as soon as a thread does. Further calls have no effect.</summary>
    public void Dispose()
    {
        if (_pressure == Shared)
        {
            return; // None.
        }

        int before = Interlocked.Or(ref _uses, DisposedFlag);
        if (before >= 0)
        {
            EndUse();
        }
    }

    /// <summary>Creates a new owner of an object that another owner keeps alive.</summary>
    internal static PyObject FromBorrowed(BorrowedReference borrowed) => NewReference.From(borrowed).ToPyObject();

    /// <summary>Keeps the object alive beyond its owner's Dispose, until <see cref="EndUse"/>. Needs no GIL.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    internal void BeginUse() => ObjectDisposedException.ThrowIf(!TryBeginUse(), this);

    /// <summary>Begins a use as <see cref="BeginUse"/> does; returns false if the object is disposed.</summary>
    internal bool TryBeginUse()
    {
        int uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            int seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    /// <summary>Ends a use; the last one drops the reference.</summary>
    internal void EndUse()
    {
        if ((Interlocked.Decrement(ref _uses) & ~DisposedFlag) == 0)
        {
            GC.SuppressFinalize(this);
            EndPressure();
            if (_pressure == Urgent)
            {
                DeferredReleases.ReleaseUrgently(_pointer);
            }
            else
            {
                DeferredReleases.Release(_pointer);
            }
        }
    }

    private void EndPressure()
    {
        if (_pressure > 0)
        {
            UndisposedMemory.Remove((long)_pressure << 10);
        }
    }

    /// <summary>Gets the object, for a holder of a use: valid even after the owner's Dispose. Needs the GIL.</summary>
    internal BorrowedReference ReferenceInUse => new(_pointer);

    /// <summary>The interpreter's None as an object that all callers share.</summary>
    private sealed class SharedNone
    {
        // Python never frees None: this object needs no reference, and so no finaliser.
        public PyObject Object { get; } = Make();

        private static PyObject Make()
        {
            var none = new PyObject(InterpreterState.Current.None.Pointer, size: Shared);
            GC.SuppressFinalize(none);
            return none;
        }
    }
}
