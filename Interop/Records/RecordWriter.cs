using System.ComponentModel;

namespace PyAsync.Interop;

/// <summary>Writes the fields of a record into a <c>dict</c>. Valid during the conversion; generated code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct RecordWriter
{
    private readonly BorrowedReference _dict;
    private readonly RecordShape _shape;
    private readonly RecordNames _names;

    internal RecordWriter(BorrowedReference dict, RecordShape shape, RecordNames names)
    {
        _dict = dict;
        _shape = shape;
        _names = names;
    }

    /// <summary>Writes a field.</summary>
    /// <typeparam name="TField">The type of the member.</typeparam>
    /// <param name="index">The index of the field.</param>
    /// <param name="value">Its value.</param>
    /// <param name="converter">Converts it.</param>
    public void Write<TField>(int index, TField value, PyConverter<TField> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        if (value is null && _shape.OmitsNull)
        {
            return;
        }

        try
        {
            using NewReference converted = converter.ToReference(value);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(_dict, _names[index], converted.Borrow()));
        }
        catch (Exception e) when (ConversionErrors.At(e, _shape.Position(index)))
        {
            throw;
        }
    }
}
