namespace PyAsync.Interop;

public sealed partial class PyObject
{
    /// <summary>Gets an attribute, as <c>o.name</c>.</summary>
    /// <exception cref="PythonException"><c>AttributeError</c>: the object has no attribute of that name.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public PyObject GetAttr(string name)
    {
        using AttachScope scope = PythonThread.Attach();
        return Attribute(name).ToPyObject();
    }

    /// <summary>Gets an attribute, or null if there is none of that name; throws other errors.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
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

    /// <summary>True if there is an attribute of that name.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public bool HasAttr(string name)
    {
        using PyObject? value = TryGetAttr(name);
        return value is not null;
    }

    /// <summary>Sets an attribute, as <c>o.name = value</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void SetAttr(string name, PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using AttachScope scope = PythonThread.Attach();
        using NewReference kept = NewReference.From(value.Reference);
        SetAttr(name, kept.Borrow());
    }

    /// <summary>Removes an attribute, as <c>del o.name</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void DelAttr(string name)
    {
        using AttachScope scope = PythonThread.Attach();
        SetAttr(name, default(BorrowedReference));
    }

    /// <summary>Gets the names of the attributes, as <c>dir(o)</c>.</summary>
    public IReadOnlyList<string> Dir()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference names = CPython.PyObject_Dir(self.Borrow()).OrThrow();
        var texts = new string[CPython.PyList_Size(names.Borrow())];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = PyText.ToString(CPython.PyList_GetItem(names.Borrow(), i));
        }

        return texts;
    }

    /// <summary>Gets an attribute. Needs the GIL.</summary>
    private NewReference Attribute(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using NewReference self = NewReference.From(Reference);
        using NewReference key = PyText.FromString(name);
        return CPython.PyObject_GetAttr(self.Borrow(), key.Borrow()).OrThrow();
    }

    private void SetAttr(string name, BorrowedReference value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using NewReference self = NewReference.From(Reference);
        using NewReference key = PyText.FromString(name);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(self.Borrow(), key.Borrow(), value));
    }
}
