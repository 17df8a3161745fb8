namespace PyAsync.Conversion;

/// <summary>Reads numpy's scalars, which are not instances of Python's built-in types. It does not import numpy: if a scalar exists, numpy is imported.</summary>
internal static class NumPyScalar
{
    /// <summary>Gets the value of a <c>numpy.bool</c> (<c>numpy.bool_</c> before numpy 2), or of an array of rank 0 that holds one.</summary>
    /// <exception cref="PythonTypeErrorException">The object is of another type.</exception>
    public static bool ReadBoolean(BorrowedReference value)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        BorrowedReference scalar = objects.FindImported("numpy", "bool_");
        if (!scalar.IsNull && CPython.Py_TYPE(value) == scalar)
        {
            return PythonErrors.ThrowIfNegative(CPython.PyObject_IsTrue(value)) != 0;
        }

        BorrowedReference array = objects.FindImported("numpy", "ndarray");
        if (!array.IsNull && CPython.PyType_IsSubtype(CPython.Py_TYPE(value), array) != 0 && PyTime.Int(value, "ndim") == 0)
        {
            using NewReference item = value.CallMethod(WellKnownNames.Current["item"]).OrThrow();
            if (item.Borrow() == InterpreterState.Current.True || item.Borrow() == InterpreterState.Current.False)
            {
                return item.Borrow() == InterpreterState.Current.True;
            }
        }

        throw ConversionErrors.WrongType(value, typeof(bool), hint: "Use IsTrue() for the truth of any object.");
    }
}
