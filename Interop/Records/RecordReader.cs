using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>Reads the fields of a Python value for a record. Valid during the conversion; generated code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct RecordReader
{
    private readonly ref RecordSource _source;
    private readonly RecordShape _shape;
    private readonly RecordNames _names;
    private readonly Type _type;

    internal RecordReader(ref RecordSource source, RecordShape shape, RecordNames names, Type type)
    {
        _source = ref source;
        _shape = shape;
        _names = names;
        _type = type;
    }

    /// <summary>Reads a required field.</summary>
    /// <typeparam name="TField">The type of the member.</typeparam>
    /// <param name="index">The index of the field.</param>
    /// <param name="converter">Converts it.</param>
    /// <param name="isOwned">True for a Python object or a view of one, which is disposed if the record cannot be read.</param>
    /// <exception cref="PythonTypeErrorException">There is no such field, or it is of another type.</exception>
    /// <exception cref="PythonOverflowException">It does not fit.</exception>
    public TField Read<TField>(int index, PyConverter<TField> converter, bool isOwned = false) =>
        TryRead(index, converter, out TField? value, isOwned) ? value : throw Missing(index);

    /// <summary>Reads an optional field; returns false if there is none.</summary>
    /// <typeparam name="TField">The type of the member.</typeparam>
    /// <param name="index">The index of the field.</param>
    /// <param name="converter">Converts it.</param>
    /// <param name="value">The field.</param>
    /// <param name="isOwned">True for a Python object or a view of one, which is disposed if the record cannot be read.</param>
    /// <exception cref="PythonTypeErrorException">It is of another type.</exception>
    /// <exception cref="PythonOverflowException">It does not fit.</exception>
    public bool TryRead<TField>(int index, PyConverter<TField> converter, [MaybeNullWhen(false)] out TField value, bool isOwned = false)
    {
        ArgumentNullException.ThrowIfNull(converter);

        // Held during the conversion, which may run Python code that changes the object.
        using NewReference field = _source.Find(_names[index]);
        if (field.IsNull)
        {
            value = default;
            return false;
        }

        try
        {
            value = converter.FromReference(field.Borrow());
            if (isOwned)
            {
                _source.Own((IDisposable?)value);
            }

            return true;
        }
        catch (Exception e) when (ConversionErrors.At(e, _shape.Position(index)))
        {
            throw;
        }
    }

    private PythonTypeErrorException Missing(int index) => ConversionErrors.WrongType(
        _source.Value, _type, $"has no field '{_shape.Fields[index].Name}', which the member {_shape.Fields[index].Member} is read from");
}
