namespace PyAsync.Interop;

/// <summary>The Python type of each C# class that has one. One set per interpreter; the GIL guards it.</summary>
internal sealed class ClassRegistry
{
    private readonly Dictionary<Type, PyObject> _types = [];

    public static ClassRegistry Current => PythonInterpreter.Current.Attachment<ClassRegistry>();

    /// <summary>The type of a class, made at the first time: a module that is imported anew has the same.</summary>
    /// <param name="type">The C# class.</param>
    /// <param name="create">Makes its Python type.</param>
    /// <param name="isNew">Whether it has just been made, and has nothing in it yet.</param>
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

    /// <summary>The type of an object's class, or of the nearest base that has one.</summary>
    /// <exception cref="NotSupportedException">The module that the class belongs to has not been imported.</exception>
    public BorrowedReference TypeOf(Type type)
    {
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            if (_types.TryGetValue(current, out PyObject? found))
            {
                return found.Reference;
            }
        }

        throw new NotSupportedException(
            $"{ConversionErrors.Name(type)} has no Python type yet: it is made when the module that the class belongs to is imported.");
    }

    /// <summary>The type of a class's base, if that has one; else NULL.</summary>
    public BorrowedReference BaseOf(Type type) =>
        type.BaseType is { } baseType && _types.TryGetValue(baseType, out PyObject? found) ? found.Reference : default;
}
