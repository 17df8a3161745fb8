using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>
/// Converts values of any type as objects: the code of a scope has one form then. ILC 10 does not compile the generic form for the type parameter of a generic
/// interface method ("VTable not computed by the IL scanner").
/// </summary>
/// <param name="inner">Converts the value.</param>
internal sealed class BoxingConverter<T>(PyConverter<T> inner) : ReferenceConverter<object?>
{
    internal override NewReference ToReference(object? value) => inner.ToReferenceBoxed(value);

    internal override object? FromReference(BorrowedReference value) => inner.FromReference(value);
}
