namespace PyAsync.Interop;

/// <summary>An attribute of a module, imported at first use and kept: for what is needed all the time. Lives in an object that hangs off an interpreter.</summary>
internal struct ImportedObject(string module, string attribute)
{
    private readonly string _module = module;
    private readonly string _attribute = attribute;
    private nint _pointer;

    /// <summary>The object. Needs the GIL.</summary>
    /// <exception cref="PythonException">The module or the attribute is not there.</exception>
    public BorrowedReference Value
    {
        get
        {
            if (_pointer == 0)
            {
                _pointer = PythonInterpreter.Current.Objects.Import(_module, _attribute).Pointer;
            }

            return new BorrowedReference(_pointer);
        }
    }
}
