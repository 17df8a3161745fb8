using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// <see cref="object"/> and whatever Python has there: None, bool, int, float, str, bytes, the times, list, tuple, set and
/// dict become what a .NET programmer would use for them, anything else a <see cref="PyObject"/>. Needs no reflection.
/// </summary>
internal sealed class ObjectConverter : ReferenceConverter<object?>
{
    internal override NewReference ToReference(object? value) => value switch
    {
        null => NewReference.From(PythonInterpreter.Current.None),
        PyObject o => NewReference.From(o.Reference),
        Enum number => PyConvert.Int64.ToReference(((IConvertible)number).ToInt64(null)),
        _ when PyConvert.Builtin(value.GetType()) is { } converter and not ObjectConverter => converter.ToReferenceBoxed(value),
        ITuple tuple => FromTuple(tuple),
        IDictionary dictionary => FromDictionary(dictionary),
        IEnumerable items => PyConvert.List(PyConvert.Object).ToReference([.. items.Cast<object?>()]),
        _ => throw new NotSupportedException(
            $"There is no converter for {ConversionErrors.Name(value.GetType())}. Register one with PyConvert.Register, or convert the value yourself."),
    };

    internal override object? FromReference(BorrowedReference value)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        if (value.IsNone)
        {
            return null;
        }

        if (value == objects.True || value == objects.False)
        {
            return value == objects.True;
        }

        if (value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            BigInteger number = PyConvert.BigInteger.FromReference(value);
            return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
        }

        return PyText.IsString(value) ? PyText.ToString(value)
            : value.IsInstanceOfExactly(objects.FloatType) ? CPython.PyFloat_AsDouble(value)
            : value.HasFeature(CPython.Py_TPFLAGS_BYTES_SUBCLASS) ? PyConvert.Bytes.FromReference(value)
            : value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS) ? PyConvert.List(PyConvert.Object).FromReference(value)
            : value.HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS) ? PySequence.Read(value, PyConvert.Object, typeof(object[])).ToArray()
            : value.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS) ? PyConvert.Dictionary(PyConvert.NonNullObject, PyConvert.Object).FromReference(value)
            : FromRarer(value);
    }

    /// <summary>What is recognised by a type that has to be imported.</summary>
    private static object FromRarer(BorrowedReference value)
    {
        WellKnownObjects objects = PythonInterpreter.Current.Objects;
        BorrowedReference type = CPython.Py_TYPE(value);
        return type == objects.SetType || type == objects.FrozenSetType ? PyConvert.Set(PyConvert.NonNullObject).FromReference(value)
            : type == PyTime.DateTimeType ? (PyTime.Offset(value) is null ? PyConvert.DateTime.FromReference(value) : PyConvert.DateTimeOffset.FromReference(value))
            : type == PyTime.TimeDeltaType ? PyConvert.TimeSpan.FromReference(value)
            : type == objects.Import("decimal", "Decimal") ? PyConvert.Decimal.FromReference(value)
            : type == objects.Import("uuid", "UUID") ? PyConvert.Guid.FromReference(value)
            : PyObject.FromBorrowed(value);
    }

    private static NewReference FromTuple(ITuple tuple)
    {
        using NewReference created = CPython.PyTuple_New(tuple.Length).OrThrow();
        for (int i = 0; i < tuple.Length; i++)
        {
            PyTuple.Set(created.Borrow(), i, PyConvert.Object.ToReference(tuple[i]));
        }

        return NewReference.From(created.Borrow());
    }

    private static NewReference FromDictionary(IDictionary dictionary)
    {
        using NewReference dict = CPython.PyDict_New().OrThrow();
        foreach (DictionaryEntry entry in dictionary)
        {
            using NewReference key = PyConvert.Object.ToReference(entry.Key);
            using NewReference value = PyConvert.Object.ToReference(entry.Value);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict.Borrow(), key.Borrow(), value.Borrow()));
        }

        return NewReference.From(dict.Borrow());
    }
}
