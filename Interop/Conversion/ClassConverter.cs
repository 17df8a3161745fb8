namespace PyAsync.Conversion;

/// <summary>Converts an object of a C# class that is also a Python class, and its Python instance; null becomes <c>None</c>.</summary>
internal sealed class ClassConverter<T> : ReferenceConverter<T>, INonNullConverter
    where T : class
{
    internal override NewReference ToReference(T value) => value is null
        ? NewReference.From(InterpreterState.Current.None)
        : ClassType.InstanceOf(ClassRegistry.Current.TypeOf(value.GetType()), value);

    internal override T FromReference(BorrowedReference value) =>
        ClassType.Target<T>(value) ?? throw ConversionErrors.WrongType(value, typeof(T));
}
