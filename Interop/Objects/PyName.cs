namespace PyAsync.Objects;

/// <summary>An interned name of an attribute or method, kept by the interpreter that made it.</summary>
internal sealed class PyName
{
    private OwnedReference _name;

    internal unsafe PyName(string text)
    {
        // SAFETY: interning copies the text; the zero-terminated bytes only have to live for the call.
        _name.Set(CPython.PyUnicode_InternFromString(CPython.Utf8(text)).OrThrow());
    }

    public BorrowedReference Reference => _name.Borrow();
}
