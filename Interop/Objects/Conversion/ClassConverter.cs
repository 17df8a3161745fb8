namespace PyAsync.Interop;

/// <summary>An object of a C# class that is a Python class too, and the instance that stands for it; null and <c>None</c>.</summary>
internal sealed class ClassConverter<T> : ReferenceConverter<T>
    where T : class
{
    internal override NewReference ToReference(T value) => value is null
        ? NewReference.From(PythonInterpreter.Current.None)
        : ClassType.InstanceOf(ClassRegistry.Current.TypeOf(value.GetType()), value);

    internal override T FromReference(BorrowedReference value) => value.IsNone
        ? null!
        : ClassType.Target<T>(value) ?? throw ConversionErrors.WrongType(value, typeof(T));
}
