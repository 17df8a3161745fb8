namespace PyAsync.Conversion;

/// <summary>
/// Converts <see cref="object"/> and any Python value. A value is converted to a .NET value that converts back to the same Python value; a value
/// without such a form stays a <see cref="PyObject"/>. Needs no reflection.
/// </summary>
internal sealed class ObjectConverter : ReferenceConverter<object?>
{
    internal override NewReference ToReference(object? value) =>
        value is null ? NewReference.From(InterpreterState.Current.None) : ObjectToPython.Convert(value);

    internal override object? FromReference(BorrowedReference value) => value.IsNone ? null : ObjectFromPython.Convert(value);
}
