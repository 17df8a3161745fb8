namespace PyAsync.Objects;

/// <summary>An attribute of a module, imported at first use and kept, for objects that are used often. Lives in an object that belongs to an interpreter.</summary>
internal struct ImportedObject(string module, string attribute)
{
    private readonly string _module = module;
    private readonly string _attribute = attribute;
    private nint _pointer;

    /// <summary>True if the object has been imported, so that <see cref="Value"/> runs no Python code.</summary>
    public readonly bool IsImported => _pointer != 0;

    /// <summary>Gets the object. Needs the GIL.</summary>
    /// <exception cref="PythonException">The module or the attribute does not exist.</exception>
    public BorrowedReference Value
    {
        get
        {
            if (_pointer == 0)
            {
                _pointer = WellKnownObjects.Current.Import(_module, _attribute).Pointer;
            }

            return new BorrowedReference(_pointer);
        }
    }
}
