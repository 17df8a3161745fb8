namespace PyAsync.Interop;

public sealed partial class PyObject
{
    /// <summary>An attribute, as <c>o.name</c>.</summary>
    /// <exception cref="PythonException"><c>AttributeError</c>: it has none of that name.</exception>
    public PyObject GetAttr(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference key = PyText.FromString(name);
        return CPython.PyObject_GetAttr(self.Borrow(), key.Borrow()).ToPyObject();
    }

    /// <summary>An attribute, or null if there is none of that name; other errors are thrown.</summary>
    public PyObject? TryGetAttr(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference key = PyText.FromString(name);
        NewReference value = CPython.PyObject_GetAttr(self.Borrow(), key.Borrow());
        if (!value.IsNull)
        {
            return value.ToPyObject();
        }

        return PythonErrors.TryClear("AttributeError") ? null : throw PythonErrors.Take();
    }

    /// <summary>Whether there is an attribute of that name.</summary>
    public bool HasAttr(string name)
    {
        using PyObject? value = TryGetAttr(name);
        return value is not null;
    }

    /// <summary>Sets an attribute, as <c>o.name = value</c>.</summary>
    public void SetAttr(string name, PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using AttachScope scope = PythonThread.Attach();
        using NewReference kept = NewReference.From(value.Reference);
        SetAttr(name, kept.Borrow());
    }

    /// <summary>Sets an attribute to a .NET value, converted.</summary>
    [System.Diagnostics.CodeAnalysis.RequiresDynamicCode(PyConvert.NeedsReflection)]
    [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public void SetAttr<T>(string name, T value)
    {
        using PyObject converted = From(value);
        SetAttr(name, converted);
    }

    /// <summary>Removes an attribute, as <c>del o.name</c>.</summary>
    public void DelAttr(string name)
    {
        using AttachScope scope = PythonThread.Attach();
        SetAttr(name, default(BorrowedReference));
    }

    /// <summary>The attributes' names, as <c>dir(o)</c>.</summary>
    public IReadOnlyList<string> Dir()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference names = CPython.PyObject_Dir(self.Borrow()).OrThrow();
        return PyConvert.List(PyConvert.String).FromReference(names.Borrow());
    }

    private void SetAttr(string name, BorrowedReference value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using NewReference self = NewReference.From(Reference);
        using NewReference key = PyText.FromString(name);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(self.Borrow(), key.Borrow(), value));
    }
}
