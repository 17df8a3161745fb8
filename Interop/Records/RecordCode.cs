using System.ComponentModel;

namespace PyAsync.Interop;

/// <summary>The code that converts a type marked <c>[PyRecord]</c>. Derived classes are generated.</summary>
/// <typeparam name="T">The record.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordCode<T>
{
    /// <summary>Creates the code of a record.</summary>
    /// <param name="shape">Its fields and options.</param>
    protected RecordCode(RecordShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
    }

    internal RecordShape Shape { get; }

    /// <summary>Creates a record from the fields of a Python value. Called with the GIL held.</summary>
    /// <param name="reader">Reads the fields.</param>
    public abstract T Read(RecordReader reader);

    /// <summary>Writes the fields of a record. Called with the GIL held.</summary>
    /// <param name="writer">Writes the fields.</param>
    /// <param name="value">The record; not null.</param>
    public abstract void Write(RecordWriter writer, T value);

    /// <summary>Registers the code, so that <see cref="PyConvert.Record{T}"/> and the short forms find it. A converter that was registered before stays.</summary>
    public void Register()
    {
        RecordConverter<T>.Instance.Use(this);
        PyConvert.RegisterUnlessKnown(RecordConverter<T>.Instance);
    }
}
