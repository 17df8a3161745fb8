namespace PyAsync.Conversion;

/// <summary>Maps C# classes to their Python types. One registry per interpreter; the GIL guards it.</summary>
internal sealed class ClassRegistry
{
    private readonly Dictionary<Type, PyObject> _types = [];

    public static ClassRegistry Current => InterpreterState.Current.Attachment<ClassRegistry>();

    /// <summary>Gets the type of a class, created at the first call: importing a module again gives the same type.</summary>
    /// <param name="type">The C# class.</param>
    /// <param name="create">Creates its Python type.</param>
    /// <param name="isNew">True if it has just been created, and is still empty.</param>
    public PyObject GetOrAdd(Type type, Func<PyObject> create, out bool isNew)
    {
        isNew = !_types.TryGetValue(type, out PyObject? found);
        if (found is null)
        {
            found = create();
            _types[type] = found;
        }

        return found;
    }

    /// <summary>Gets the type of an object's class, or of the nearest base that has one.</summary>
    /// <exception cref="NotSupportedException">The module that the class belongs to has not been imported.</exception>
    public BorrowedReference TypeOf(Type type) =>
        TryTypeOf(type, out BorrowedReference found) ? found : throw new NotSupportedException(
            $"{ConversionErrors.Name(type)} has no Python type yet: it is made when the module that the class belongs to is imported.");

    /// <summary>Finds the type as <see cref="TypeOf"/> does; returns false if there is none.</summary>
    public bool TryTypeOf(Type type, out BorrowedReference found)
    {
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            if (_types.TryGetValue(current, out PyObject? known))
            {
                found = known.Reference;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>Gets the type of a class's base; NULL if that has none.</summary>
    public BorrowedReference BaseOf(Type type) =>
        type.BaseType is { } baseType && _types.TryGetValue(baseType, out PyObject? found) ? found.Reference : default;
}
