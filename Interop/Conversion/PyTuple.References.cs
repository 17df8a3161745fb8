namespace PyAsync.Interop;

public sealed partial class PyTuple
{
    internal static void Set<T>(BorrowedReference tuple, int index, PyConverter<T> converter, T value)
    {
        try
        {
            Nesting.ThrowIfStackIsLow();
            Set(tuple, index, converter.ToReference(value));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }
    }

    internal static T Get<T>(BorrowedReference tuple, int index, PyConverter<T> converter)
    {
        try
        {
            Nesting.ThrowIfStackIsLow();
            return converter.FromReference(CPython.PyTuple_GetItem(tuple, index));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }
    }

    internal static void ThrowIfNotOf(int length, BorrowedReference value, Type target)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS))
        {
            throw ConversionErrors.WrongType(value, target, value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS) ? "is not a tuple" : null);
        }

        if (CPython.PyTuple_Size(value) is var actual && actual != length)
        {
            throw ConversionErrors.WrongType(value, target, $"has {actual} items instead of {length}");
        }
    }
}
