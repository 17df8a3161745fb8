namespace PyAsync.Conversion;

/// <summary>A converter of a reference type that refuses <c>None</c>, because the type is not nullable; <see cref="PyConvert.OrNull{T}"/> makes it accept <c>None</c>.</summary>
internal interface INonNullConverter;

/// <summary>Converts a value of a reference type, or null as <c>None</c>.</summary>
internal sealed class OrNullConverter<T>(PyConverter<T> inner) : ReferenceConverter<T>
{
    internal override NewReference ToReference(T value) =>
        value is null ? NewReference.From(InterpreterState.Current.None) : inner.ToReference(value);

    internal override T FromReference(BorrowedReference value) => value.IsNone ? default! : inner.FromReference(value);
}
