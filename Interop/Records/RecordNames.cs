namespace PyAsync.Records;

/// <summary>The Python objects that the conversion of a record needs: the names of its fields, and its Python class. The GIL guards it.</summary>
internal abstract class RecordNames
{
    private readonly PyName[] _names;
    private OwnedReference _class;

    protected RecordNames(RecordShape shape) => _names = Array.ConvertAll(shape.Fields, static field => WellKnownNames.Current[field.Name]);

    public BorrowedReference this[int index] => _names[index].Reference;

    /// <summary>Calls the record's Python class with the fields as keyword arguments.</summary>
    public NewReference New(BorrowedReference fields, RecordShape shape, Type type)
    {
        if (_class.IsNull)
        {
            _class.Set(PythonClass.Import(shape.PythonClass!, type, "PyRecord"));
        }

        using NewReference positional = CPython.PyTuple_New(0).OrThrow();
        return ForkedChild.Checked(CPython.PyObject_Call(_class.Borrow(), positional.Borrow(), fields)).OrThrow();
    }
}

/// <summary>The Python objects of one record. One for each interpreter.</summary>
internal sealed class RecordNames<T>() : RecordNames(RecordConverter<T>.Instance.Code.Shape);
