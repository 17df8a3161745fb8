namespace PyAsync.Records;

/// <summary>Finds fields of a Python value that a record does not have.</summary>
internal static class UnknownFields
{
    /// <exception cref="PythonTypeErrorException">There is one.</exception>
    public static void ThrowIfAny(BorrowedReference value, RecordForm form, RecordShape shape, Type target)
    {
        switch (form)
        {
            case RecordForm.Dict:
                ThrowIfAnyIn(value, value, shape, target);
                break;
            case RecordForm.Mapping:
                using (NewReference keys = value.CallMethod(WellKnownNames.Current["keys"]).OrThrow())
                {
                    ThrowIfAnyIn(keys.Borrow(), value, shape, target);
                }

                break;
            default:
                ThrowIfAnyAttribute(value, shape, target);
                break;
        }
    }

    /// <summary>Checks the fields of a data class, of a named tuple, or the public attributes in <c>__dict__</c>, and what pydantic stores beside them.</summary>
    private static void ThrowIfAnyAttribute(BorrowedReference value, RecordShape shape, Type target)
    {
        foreach (string names in (ReadOnlySpan<string>)["__dataclass_fields__", "_fields", "__dict__"])
        {
            if (ThrowIfAnyIn(value, names, shape, target))
            {
                break;
            }
        }

        ThrowIfAnyIn(value, "__pydantic_extra__", shape, target);
    }

    /// <summary>Checks the names in an attribute; returns false if there is no such attribute.</summary>
    private static bool ThrowIfAnyIn(BorrowedReference value, string attribute, RecordShape shape, Type target)
    {
        using NewReference names = value.GetAttr(WellKnownNames.Current[attribute]);
        if (names.IsNull)
        {
            return PythonErrors.TryClear("AttributeError") ? false : throw PythonErrors.Take();
        }

        if (names.Borrow().IsNone)
        {
            return false;
        }

        ThrowIfAnyIn(names.Borrow(), value, shape, target, skipsPrivate: true);
        return true;
    }

    private static void ThrowIfAnyIn(BorrowedReference names, BorrowedReference value, RecordShape shape, Type target, bool skipsPrivate = false)
    {
        using NewReference iterator = CPython.PyObject_GetIter(names).OrThrow();
        while (true)
        {
            using NewReference name = CPython.PyIter_Next(iterator.Borrow());
            if (name.IsNull)
            {
                PythonErrors.ThrowIfSet();
                return;
            }

            string? text = PyText.IsString(name.Borrow()) ? PyText.ToString(name.Borrow()) : null;
            if (text is null || !(shape.Has(text) || (skipsPrivate && text.StartsWith('_'))))
            {
                throw ConversionErrors.WrongType(
                    value, target, $"has the unknown field {ConversionErrors.Key(name.Borrow())}; the known ones are {string.Join(", ", shape.Names)}");
            }
        }
    }
}
