namespace PyAsync.Conversion;

/// <summary>Maps C# enums in the signatures of modules to their Python classes. One registry per interpreter; the GIL guards it.</summary>
internal sealed class EnumRegistry
{
    private readonly Dictionary<Type, EnumClass> _classes = [];
    private OwnedReference _make;

    public static EnumRegistry Current => InterpreterState.Current.Attachment<EnumRegistry>();

    /// <summary>Gets the class of an enum, created at the first call: importing a module again gives the same class.</summary>
    /// <param name="type">The C# enum.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="module">The module that the class belongs to.</param>
    /// <param name="doc">The docstring.</param>
    /// <param name="isFlags">True for an <c>IntFlag</c>.</param>
    /// <param name="members">The names of the members, and their values.</param>
    public PyObject GetOrAdd(Type type, string name, string module, string? doc, bool isFlags, (string Name, Enum Value)[] members)
    {
        if (!_classes.TryGetValue(type, out EnumClass? found))
        {
            found = new EnumClass(Make(name, module, doc, isFlags, members), isFlags);
            _classes[type] = found;
        }

        return found.Class;
    }

    /// <summary>Gets the member with that value; the number if the enum has no class, or the class no such member.</summary>
    public NewReference ToPython(Enum value)
    {
        if (_classes.Count == 0 || !_classes.TryGetValue(value.GetType(), out EnumClass? type))
        {
            return Number(value, isFlags: false);
        }

        NewReference number = Number(value, type.IsFlags);
        BorrowedReference member = CPython.PyDict_GetItemWithError(type.Members.Reference, number.Borrow());
        if (member.IsNull && !type.IsFlags)
        {
            return number;
        }

        using (number)
        {
            // A combination of flags is a member too, which Python creates on request.
            return member.IsNull ? type.Class.Reference.Call(number.Borrow()).OrThrow() : NewReference.From(member);
        }
    }

    private NewReference Make(string name, string module, string? doc, bool isFlags, (string Name, Enum Value)[] members)
    {
        if (_make.IsNull)
        {
            using NewReference source = PySource.Run(PySource.Embedded(typeof(EnumRegistry).Assembly, "enum_class.py"), "pyasync.enum_class");
            _make.Set(source.Borrow().GetAttr(WellKnownNames.Current["make"]).OrThrow());
        }

        (string, PyObject)[] numbers = Array.ConvertAll(members, member => (member.Name, Number(member.Value, isFlags).ToPyObject()));
        using PyObject pairs = PyObject.From(numbers, PyConvert.Array(PyConvert.Tuple(PyConvert.String, PyConvert.PyObject)));
        using NewReference arguments = CPython.PyTuple_New(5).OrThrow();
        PyTuple.Set(arguments.Borrow(), 0, PyText.FromString(name));
        PyTuple.Set(arguments.Borrow(), 1, PyText.FromString(module));
        PyTuple.Set(arguments.Borrow(), 2, doc is null ? NewReference.From(InterpreterState.Current.None) : PyText.FromString(doc));
        PyTuple.Set(arguments.Borrow(), 3, NewReference.From(isFlags ? InterpreterState.Current.True : InterpreterState.Current.False));
        PyTuple.Set(arguments.Borrow(), 4, NewReference.From(pairs.Reference));
        return ForkedChild.Checked(CPython.PyObject_Call(_make.Borrow(), arguments.Borrow(), default)).OrThrow();
    }

    /// <summary>Gets the number of a value. A negative number of flags is converted to its bits, as in an <c>IntFlag</c>.</summary>
    private static NewReference Number(Enum value, bool isFlags)
    {
        var number = (IConvertible)value;
        TypeCode type = value.GetTypeCode();
        if (type == TypeCode.UInt64)
        {
            return PyConvert.UInt64.ToReference(number.ToUInt64(null));
        }

        long signed = number.ToInt64(null);
        return !isFlags || signed >= 0 ? PyConvert.Int64.ToReference(signed) : PyConvert.UInt64.ToReference(type switch
        {
            TypeCode.SByte => unchecked((byte)signed),
            TypeCode.Int16 => unchecked((ushort)signed),
            TypeCode.Int32 => unchecked((uint)signed),
            _ => unchecked((ulong)signed),
        });
    }

    private sealed class EnumClass
    {
        public EnumClass(NewReference type, bool isFlags)
        {
            Class = type.ToPyObject();
            IsFlags = isFlags;
            Members = Class.GetAttr("_value2member_map_");
        }

        public PyObject Class { get; }

        public bool IsFlags { get; }

        /// <summary>Gets a dict from each value to its member.</summary>
        public PyObject Members { get; }
    }
}
