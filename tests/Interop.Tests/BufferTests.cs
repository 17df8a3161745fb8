using System.Numerics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The memory of Python objects as .NET reads and writes it: types and errors.</summary>
public sealed partial class BufferTests
{
    private static readonly PyObject s_module = PyObject.ImportSource(
        """
        import array, ctypes, struct, sys

        def value(text):
            return eval(text)

        def numpy(text):
            import numpy as np
            return eval(text, {"np": np})

        def has_numpy():
            try:
                import numpy
            except ImportError:
                return False
            return True

        def address(o):
            return ctypes.addressof(ctypes.c_char.from_buffer(o))
        """);

    [Fact]
    public void GetBuffer_OfBytearray_IsItsMemory()
    {
        using PyObject data = Value("bytearray(b'abc')");
        using (PyBuffer<byte> buffer = data.GetBuffer<byte>())
        {
            buffer.Count.ShouldBe(3);
            buffer.Format.ShouldBe("B");
            buffer.IsContiguous.ShouldBeTrue();
            buffer.Lengths.ToArray().ShouldBe([3]);
            buffer.Strides.ToArray().ShouldBe([1]);
            buffer.Span.ToArray().ShouldBe("abc"u8.ToArray());
            buffer.Span[1] = (byte)'B';
            buffer.Memory.Span[2] = (byte)'C';
            buffer.TensorSpan[0] = (byte)'A';
            buffer.GetSpan().Length.ShouldBe(3);
        }

        data.As<byte[]>().ShouldBe("ABC"u8.ToArray());
    }

    [Theory]
    [InlineData("b'abc'")]
    [InlineData("memoryview(b'abc')")]
    [InlineData("memoryview(bytearray(b'abc')).toreadonly()")]
    public void GetBuffer_OfReadOnlyObject_NamesBothSidesAndTheRemedy(string expression)
    {
        using PyObject data = Value(expression);
        string type = data.TypeName;

        PythonTypeErrorException e = Should.Throw<PythonTypeErrorException>(() => data.GetBuffer<byte>());
        e.Message.ShouldBe($"A Python '{type}' cannot be converted to PyAsync.Interop.PyBuffer<System.Byte>: it is read-only. Use GetReadOnlyBuffer, or PyConvert.ReadOnlyBuffer, to read it without a copy.");
        using PyReadOnlyBuffer<byte> buffer = data.GetReadOnlyBuffer<byte>();
        buffer.IsReadOnly.ShouldBeTrue();
        buffer.Count.ShouldBe(3);
        buffer.Span.ToArray().ShouldBe("abc"u8.ToArray());
        buffer.Memory.ToArray().ShouldBe("abc"u8.ToArray());
        buffer.TensorSpan[2].ShouldBe((byte)'c');
    }

    [Fact]
    public void GetReadOnlyBuffer_OfWritableObject_SeesWhatPythonWrites()
    {
        using PyObject data = Value("bytearray(b'abc')");
        using PyReadOnlyBuffer<byte> buffer = data.GetReadOnlyBuffer<byte>();

        buffer.IsReadOnly.ShouldBeFalse();
        data.CallMethod("__setitem__", [0, 65]).Dispose();
        buffer.Span[0].ShouldBe((byte)'A');
    }

    [Fact]
    public void GetBuffer_OfEachType_HasItsValues()
    {
        Check("array.array('b', [-5, 6])", (sbyte)-5, (sbyte)6);
        Check("array.array('h', [-5, 6])", (short)-5, (short)6);
        Check("array.array('H', [5, 65535])", (ushort)5, ushort.MaxValue);
        Check("array.array('i', [-5, 6])", -5, 6);
        Check("array.array('I', [5, 2**32-1])", 5u, uint.MaxValue);
        Check("array.array('q', [-5, 2**63-1])", -5L, long.MaxValue);
        Check("array.array('Q', [5, 2**64-1])", 5ul, ulong.MaxValue);
        Check("array.array('f', [1.5, -2])", 1.5f, -2f);
        Check("array.array('d', [1.5, -2])", 1.5, -2.0);
        Check("memoryview(bytearray(struct.pack('2n', -5, 6))).cast('n')", (nint)(-5), (nint)6);
        Check("memoryview(bytearray(struct.pack('2N', 5, 6))).cast('N')", (nuint)5, (nuint)6);
        Check("memoryview(bytearray(b'\\1\\0')).cast('?')", true, false);
        Check("memoryview(bytearray(b'ab')).cast('c')", (byte)'a', (byte)'b');
        Check("array.array('H', [65, 0x20AC])", 'A', '€');
        Check("array.array('i', [1, 5])", DayOfWeek.Monday, DayOfWeek.Friday);
        Check("(ctypes.c_float * 2)(1.5, -2)", 1.5f, -2f);
        Check("(ctypes.c_int64 * 2)(-1, 2)", -1L, 2L);
        Check("(type('U', (ctypes.Union,), {'_fields_': [('i', ctypes.c_int32 * 3)]}) * 1)()", default(Vector3));
        Check("memoryview(array.array('d', [1.5, -2]))", 1.5, -2.0);

        static void Check<T>(string expression, params T[] values)
            where T : unmanaged
        {
            using PyObject data = Value(expression);
            using PyBuffer<T> buffer = data.GetBuffer<T>();
            buffer.Span.ToArray().ShouldBe(values, expression);
        }
    }

    [Fact]
    public void GetBuffer_OfEachTypeOfNumPy_HasItsValues()
    {
        RequireNumPy();
        Check("np.array([1.5, -2], 'e')", (Half)1.5, (Half)(-2));
        Check("np.array([1.5, -2], 'f4')", 1.5f, -2f);
        Check("np.array([1.5, -2])", 1.5, -2.0);
        Check("np.array([1+2j, 3])", new Complex(1, 2), new Complex(3, 0));
        Check("np.array([True, False])", true, false);
        Check("np.array([-5, 6], 'i1')", (sbyte)-5, (sbyte)6);
        Check("np.array([-5, 6], 'i8')", -5L, 6L);
        Check("np.array([5, 6], 'u8')", 5ul, 6ul);
        Check("np.array([5, 6], 'longlong')", 5L, 6L);
        Check("np.array([(1, 2.5), (3, 4.5)], [('count', 'i4'), ('weight', 'f4')])", new Item(1, 2.5f), new Item(3, 4.5f));

        static void Check<T>(string expression, params T[] values)
            where T : unmanaged
        {
            using PyObject data = NumPy(expression);
            using PyBuffer<T> buffer = data.GetBuffer<T>();
            buffer.Span.ToArray().ShouldBe(values, expression);
        }
    }

    [Theory]
    [InlineData("array.array('d', [1])", "array.array", "'d' (a float of 8 bytes). Items of that format are System.Double in .NET. Request that type, or convert the items in Python: x.astype(…).")]
    [InlineData("bytearray(4)", "bytearray", "'B' (an unsigned integer of 1 byte). Items of that format are System.Byte in .NET. Request that type, or convert the items in Python: x.astype(…).")]
    [InlineData("array.array('i', [1])", "array.array", "'i' (a signed integer of 4 bytes). Items of that format are System.Int32 in .NET. Request that type, or convert the items in Python: x.astype(…).")]
    [InlineData("(ctypes.py_object * 1)()", "py_object_Array_1", "'<O' (a Python object of 8 bytes). There is no such type in .NET. Convert the items in Python: x.astype(…).")]
    [InlineData("(ctypes.c_float.__ctype_be__ * 2)(1, 2)", "c_float_be_Array_2", "'>f' (a big-endian float of 4 bytes). Convert it in Python: x.astype(x.dtype.newbyteorder('=')) for an array of numpy, x.byteswap() for an array.array.")]
    public void GetBuffer_OfOtherItems_NamesBothSides(string expression, string type, string reason)
    {
        using PyObject data = Value(expression);

        string message = Should.Throw<PythonTypeErrorException>(() => data.GetBuffer<float>()).Message;
        message.ShouldStartWith("A Python '");
        message.ShouldContain($"{type}' cannot be converted to PyAsync.Interop.PyBuffer<System.Single>: it has items of the format {reason}");
        Should.Throw<PythonTypeErrorException>(() => data.GetReadOnlyBuffer<float>()).Message.ShouldContain("PyAsync.Interop.PyReadOnlyBuffer<System.Single>: it has items");
    }

    [Theory]
    [InlineData("np.array([1], '>i8')", "'>q' (a big-endian signed integer of 8 bytes)")]
    [InlineData("np.array([1j], 'c8')", "'Zf' (a complex number of 8 bytes)")]
    [InlineData("np.array(['text'])", "'4w' (an item of 16 bytes)")]
    [InlineData("np.array([(1, 2.5)], [('a', '<i4'), ('b', '>f4')])", "(a big-endian structure of 8 bytes)")]
    [InlineData("np.array([(1, 2.5)], [('>', 'i4'), ('b', 'f8')])", "(a structure of 12 bytes). In .NET request a struct of 12 bytes with the same fields.")]
    public void GetBuffer_OfOtherItemsOfNumPy_NamesBothSides(string expression, string reason)
    {
        RequireNumPy();
        using PyObject data = NumPy(expression);

        string message = Should.Throw<PythonTypeErrorException>(() => data.GetBuffer<long>()).Message;
        message.ShouldStartWith("A Python 'numpy.ndarray' cannot be converted to PyAsync.Interop.PyBuffer<System.Int64>: it has items of the format '");
        message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("[1, 2]", "list")]
    [InlineData("'text'", "str")]
    [InlineData("None", "None")]
    public void GetBuffer_OfAnObjectWithoutBuffer_NamesTheObject(string expression, string type)
    {
        using PyObject data = Value(expression);

        Should.Throw<InvalidCastException>(() => data.GetBuffer<int>()).Message.ShouldBe(
            $"A Python '{(type == "None" ? "NoneType" : type)}' cannot be converted to PyAsync.Interop.PyBuffer<System.Int32>: it does not support the buffer protocol. "
            + "bytes, bytearray, memoryview, array.array and the arrays of numpy do.");
    }

    [Fact]
    public void GetBuffer_OfAReleasedMemoryview_IsPythonsError()
    {
        using PyObject view = Value("memoryview(bytearray(3))");
        view.CallMethod("release").Dispose();

        Should.Throw<PythonException>(() => view.GetBuffer<byte>()).TypeName.ShouldBe("builtins.ValueError");
    }

    private static PyObject Value(string expression) => s_module.CallMethod("value", [expression]);

    private static PyObject NumPy(string expression) => s_module.CallMethod("numpy", [expression]);

    private static void RequireNumPy() =>
        Assert.SkipUnless(s_module.CallMethod<bool>("has_numpy"), "numpy is not installed for this Python: apt-get install python3-numpy");

    private readonly record struct Item(int Count, float Weight);
}
