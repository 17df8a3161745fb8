using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// A Python object, owned: it stays alive until this is disposed (or collected, if that was forgotten).
/// </summary>
/// <remarks>
/// <para>Members attach the calling thread to Python by themselves, so any thread may use them; what that can cost is
/// told at <see cref="PythonThread"/>. Python's own rules for sharing an object between threads still hold.</para>
/// <para>A Python error comes out as <see cref="PythonException"/>, from any member.</para>
/// <para>An object that was handed to a runtime (an argument of <c>Call</c>, an awaitable) may be disposed straight
/// after: the request holds a use of its own.</para>
/// </remarks>
[SuppressMessage("Usage", "CA1816:Dispose methods should call SuppressFinalize", Justification = "The last use does, which need not be the owner's.")]
[DebuggerDisplay("PyObject 0x{_pointer,h}, uses {_uses & int.MaxValue}")]
public sealed partial class PyObject : IDisposable
{
    private const int DisposedFlag = int.MinValue;

    private readonly nint _pointer;

    // How many hold the reference: the owner, until Dispose, and each request under way. The last one drops it.
    private int _uses = 1;

    /// <summary>Takes over a reference.</summary>
    internal PyObject(nint pointer) => _pointer = pointer;

    /// <summary>Drops the reference later, when some thread holds the GIL.</summary>
    ~PyObject()
    {
        // An object that was disposed while a request used it was finished by that request.
        if ((_uses & ~DisposedFlag) > 0)
        {
            PythonInterpreter.Defer(_pointer);
        }
    }

    /// <summary>A further reference to Python's <c>None</c>.</summary>
    public static PyObject None => FromBorrowed(PythonInterpreter.Current.None);

    /// <summary>Whether this is <c>None</c>. Needs no GIL.</summary>
    public bool IsNone => _pointer == PythonInterpreter.Current.None.Pointer;

    /// <summary>The object's type, as <c>type(o)</c>.</summary>
    public PyObject PythonType
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            return FromBorrowed(CPython.Py_TYPE(Reference));
        }
    }

    /// <summary>The type's name: <c>int</c>, <c>asyncio.locks.Lock</c>.</summary>
    public string TypeName
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            return PyText.TypeName(CPython.Py_TYPE(Reference));
        }
    }

    /// <summary>
    /// The object, for a call into CPython that starts now: the thread must hold the GIL. Good until that call lets
    /// other Python code run; what goes on longer takes a <see cref="NewReference"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    internal BorrowedReference Reference
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _uses) <= 0, this);
            return new BorrowedReference(_pointer);
        }
    }

    /// <summary>Imports a module, as <c>import name</c> does; for a dotted name gives the innermost module.</summary>
    /// <exception cref="PythonException">It cannot be imported; <c>ModuleNotFoundError</c> when there is none.</exception>
    public static PyObject Import(string module)
    {
        ArgumentException.ThrowIfNullOrEmpty(module);
        using AttachScope scope = PythonThread.Attach();
        using NewReference name = PyText.FromString(module);
        return CPython.PyImport_Import(name.Borrow()).ToPyObject();
    }

    /// <summary>Makes a module out of source text. It is not entered into <c>sys.modules</c>.</summary>
    /// <param name="source">Python code, run once, now.</param>
    /// <param name="name">The module's name, which tracebacks show as its file.</param>
    /// <exception cref="PythonException">The code does not compile (<c>SyntaxError</c>) or raised.</exception>
    public static PyObject ImportSource(string source, string name = "inline")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using AttachScope scope = PythonThread.Attach();
        return PySource.Run(source, name).ToPyObject();
    }

    /// <summary>Converts a .NET value to Python.</summary>
    /// <exception cref="NotSupportedException">There is no converter for <typeparamref name="T"/>.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public static PyObject From<T>(T value) => From(value, PyConvert.For<T>());

    /// <summary>Converts a .NET value to Python with a given converter.</summary>
    public static PyObject From<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return converter.ToPython(value);
    }

    /// <summary>Converts to a .NET value.</summary>
    /// <exception cref="InvalidCastException">The object is of a type that <typeparamref name="T"/> does not take.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    /// <exception cref="NotSupportedException">There is no converter for <typeparamref name="T"/>.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T As<T>() => As(PyConvert.For<T>());

    /// <summary>Converts to a .NET value with a given converter.</summary>
    /// <exception cref="InvalidCastException">The object is of a type that <typeparamref name="T"/> does not take.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public T As<T>(PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return converter.FromPython(this);
    }

    /// <summary>A second owner of the same Python object: what a callback was given lives on in it.</summary>
    public PyObject Clone()
    {
        using AttachScope scope = PythonThread.Attach();
        return FromBorrowed(Reference);
    }

    /// <summary><c>str(o)</c>. For an object that is disposed, or whose <c>__str__</c> fails, a text that says so.</summary>
    public override string ToString()
    {
        if (Volatile.Read(ref _uses) <= 0 || !PythonInterpreter.IsRunning)
        {
            return "<disposed Python object>";
        }

        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return PyText.Describe(self.Borrow());
    }

    /// <summary><c>repr(o)</c>.</summary>
    public string Repr()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference text = CPython.PyObject_Repr(self.Borrow()).OrThrow();
        return PyText.ToString(text.Borrow());
    }

    /// <summary>Gives the object up: at once if this thread holds the GIL, else as soon as a thread does. Once is enough.</summary>
    public void Dispose()
    {
        int before = Interlocked.Or(ref _uses, DisposedFlag);
        if (before >= 0)
        {
            EndUse();
        }
    }

    /// <summary>A new owner of an object that somebody else keeps alive.</summary>
    internal static PyObject FromBorrowed(BorrowedReference borrowed) => NewReference.From(borrowed).ToPyObject();

    /// <summary>Keeps the object alive beyond its owner's Dispose, until <see cref="EndUse"/>. Needs no GIL.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    internal void BeginUse() => ObjectDisposedException.ThrowIf(!TryBeginUse(), this);

    /// <summary>As <see cref="BeginUse"/>; false if it is disposed.</summary>
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

    /// <summary>Ends a use that began; the last one drops the reference.</summary>
    internal void EndUse()
    {
        if ((Interlocked.Decrement(ref _uses) & ~DisposedFlag) == 0)
        {
            GC.SuppressFinalize(this);
            PythonInterpreter.Release(_pointer);
        }
    }

    /// <summary>The object, for whoever holds a use of it: valid even after the owner's Dispose. Needs the GIL.</summary>
    internal BorrowedReference ReferenceInUse => new(_pointer);
}
