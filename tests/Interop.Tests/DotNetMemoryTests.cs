using System.Buffers;
using System.Numerics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>.NET memory that Python uses.</summary>
public sealed partial class DotNetMemoryTests
{
    private static readonly PyObject s_module = PyObject.ImportSource(
        """
        import gc, threading

        def describe(view):
            return f"{view.format}, {view.itemsize} bytes, {view.shape}, {view.strides}, {'read-only' if view.readonly else 'writable'}, {view.nbytes} bytes"

        def numpy(view, text):
            import numpy as np
            return eval(text, {"np": np, "a": np.asarray(view)})

        def has_numpy():
            try:
                import numpy
            except ImportError:
                return False
            return True

        kept = []

        def keep(o):
            kept.append(o)

        def drop():
            kept.clear()
            gc.collect()

        def drop_on_a_thread():
            thread = threading.Thread(target=kept.clear)
            thread.start()
            thread.join()
        """);

    [Fact]
    public void FromMemory_OfAnArray_IsItsMemory()
    {
        int[] numbers = [1, 2, 3];
        using (PyObject view = PyObject.FromMemory(numbers))
        {
            view.TypeName.ShouldBe("memoryview");
            Describe(view).ShouldBe("i, 4 bytes, (3,), (4,), writable, 12 bytes");
            view.CallMethod("tolist").As<int[]>().ShouldBe([1, 2, 3]);
            view.CallMethod("__setitem__", [1, 20]).Dispose();
            numbers[1].ShouldBe(20);
            numbers[2] = 30;
            view[2].As<int>().ShouldBe(30);
        }

        using PyObject part = PyObject.FromMemory(numbers.AsMemory(1, 2));
        part.CallMethod("tolist").As<int[]>().ShouldBe([20, 30]);
    }

    [Fact]
    public void FromMemory_OfEachType_HasTheFormatThatPythonReads()
    {
        Check<sbyte>("b", "-1", -1);
        Check<byte>("B", "255", 255);
        Check<short>("h", "-1", -1);
        Check<ushort>("H", "65535", 65535);
        Check("i", "-1", -1);
        Check("I", "4294967295", uint.MaxValue);
        Check("q", "-1", -1L);
        Check("Q", "18446744073709551615", ulong.MaxValue);
        Check<nint>(nint.Size == 8 ? "q" : "i", "-1", -1);
        Check(nint.Size == 8 ? "Q" : "I", "1", (nuint)1);
        Check("f", "1.5", 1.5f);
        Check("d", "1.5", 1.5);
        Check("?", "True", true);
        Check("H", "8364", '€');
        Check("i", "5", DayOfWeek.Friday);

        static void Check<T>(string format, string value, T item)
            where T : unmanaged
        {
            using PyObject view = PyObject.FromMemory<T>(new[] { item });
            view.GetAttr("format").As<string>().ShouldBe(format);
            view[0].Repr().ShouldBe(value);
            using PyBuffer<T> buffer = view.GetBuffer<T>();
            buffer.Span.ToArray().ShouldBe([item]);
        }
    }

    [Fact]
    public void FromMemory_OfReadOnlyMemory_IsReadOnly()
    {
        using PyObject view = PyObject.FromMemory("text".AsMemory());
        Describe(view).ShouldBe("H, 2 bytes, (4,), (2,), read-only, 8 bytes");

        Should.Throw<PythonException>(() => view.CallMethod("__setitem__", [0, 1])).TypeName.ShouldBe("builtins.TypeError");
        Should.Throw<PythonTypeErrorException>(() => view.GetBuffer<char>());
        using PyObject exporter = view.GetAttr("obj");
        using PyObject io = PyObject.ImportSource("import io\ndef write(o): io.BytesIO(b'text').readinto(o)");
        Should.Throw<PythonException>(() => io.CallMethod("write", [exporter])).Message.ShouldContain("must be read-write");
        using PyReadOnlyBuffer<char> buffer = view.GetReadOnlyBuffer<char>();
        buffer.Span.ToString().ShouldBe("text");
    }

    [Fact]
    public void FromMemory_OfAStruct_IsItsBytes()
    {
        using PyObject view = PyObject.FromMemory<Vector3>(new[] { new Vector3(1, 2, 3), new Vector3(4, 5, 6) });
        Describe(view).ShouldBe("B, 1 bytes, (2, 12), (12, 1), writable, 24 bytes");

        RequireNumPy();
        NumPy(view, "a.view('f4').tolist()").As<float[][]>().ShouldBe([[1, 2, 3], [4, 5, 6]]);
    }

    [Fact]
    public void FromMemory_WithAShape_HasIt()
    {
        using PyObject view = PyObject.FromMemory(Enumerable.Range(0, 10).ToArray().AsMemory(), [2, 3]);
        Describe(view).ShouldBe("i, 4 bytes, (2, 3), (12, 4), writable, 24 bytes");
        view.CallMethod("tolist").As<int[][]>().ShouldBe([[0, 1, 2], [3, 4, 5]]);

        using PyObject empty = PyObject.FromMemory(Memory<int>.Empty, [0, 3]);
        Describe(empty).ShouldBe("i, 4 bytes, (0, 3), (12, 4), writable, 0 bytes");
        using PyObject none = PyObject.FromMemory(Memory<int>.Empty);
        none.Length.ShouldBe(0);
        none.CallMethod("tobytes").As<byte[]>().ShouldBeEmpty();
    }

    [Fact]
    public void FromMemory_WithAWrongShape_SaysWhatIsWrong()
    {
        Memory<int> memory = new int[10];
        Should.Throw<ArgumentException>(() => PyObject.FromMemory(memory, [4, 3])).Message.ShouldStartWith("The shape (4, 3) has 12 items, and the memory has 10.");
        Should.Throw<ArgumentException>(() => PyObject.FromMemory(memory, [nint.MaxValue, nint.MaxValue, nint.MaxValue])).Message.ShouldContain("has too many items");
        Should.Throw<ArgumentException>(() => PyObject.FromMemory(memory, [2, -1])).Message.ShouldStartWith("The shape (2, -1) has a negative length.");
        Should.Throw<ArgumentException>(() => PyObject.FromMemory(memory, new nint[65])).Message.ShouldStartWith("The shape has 65 dimensions, and Python's buffers of System.Int32 have at most 64.");
        Should.Throw<ArgumentNullException>(() => PyObject.FromMemory((IMemoryOwner<int>)null!));
        Should.Throw<ArgumentNullException>(() => PyObject.FromMemory((int[])null!));
        Should.Throw<ArgumentException>(() => PyObject.FromMemory(new int[5], [6])).Message.ShouldStartWith("The shape (6,) has 6 items, and the memory has 5.");
    }

    [Fact]
    public void NumPy_UsesTheMemoryWithoutACopy()
    {
        RequireNumPy();
        double[] numbers = [1, 2, 3, 4];
        using PyObject view = PyObject.FromMemory(numbers.AsMemory(), [2, 2]);
        using PyObject array = NumPy(view, "a");
        array.CallMethod("fill", [5.5]).Dispose();
        numbers.ShouldBe([5.5, 5.5, 5.5, 5.5]);
        numbers[3] = 7;
        array.CallMethod("tolist").As<double[][]>().ShouldBe([[5.5, 5.5], [5.5, 7]]);
        NumPy(view, "str(a.dtype)").As<string>().ShouldBe("float64");
        using PyBuffer<double> back = array.GetBuffer<double>();
        System.Runtime.CompilerServices.Unsafe.AreSame(ref back.Span[0], ref numbers[0]).ShouldBeTrue();

        using PyObject complex = PyObject.FromMemory<Complex>(new[] { new Complex(1, 2) });
        NumPy(complex, "str(a.dtype) + str(a[0])").As<string>().ShouldBe("complex128(1+2j)");
        using PyObject half = PyObject.FromMemory<Half>(new[] { (Half)1.5 });
        NumPy(half, "str(a.dtype)").As<string>().ShouldBe("float16");
        using PyObject native = PyObject.FromMemory<nint>(new nint[] { -1 });
        NumPy(native, "f'{a.dtype.kind}{a.dtype.itemsize} {a[0]}'").As<string>().ShouldBe($"i{nint.Size} -1");
        using PyObject readOnly = PyObject.FromMemory<int>(new ReadOnlyMemory<int>([1]));
        NumPy(readOnly, "a.flags.writeable").As<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData(CPython.PyBUF_FULL_RO, null, "H", true, true)]
    [InlineData(CPython.PyBUF_ND, null, null, true, false)]
    [InlineData(CPython.PyBUF_STRIDES, null, null, true, true)]
    [InlineData(CPython.PyBUF_FORMAT, null, "H", false, false)]
    [InlineData(0, null, null, false, false)]
    [InlineData(CPython.PyBUF_WRITABLE, "BufferError: the .NET memory is read-only", null, false, false)]
    [InlineData(CPython.PyBUF_F_CONTIGUOUS, "BufferError: the .NET memory is C-contiguous, not Fortran-contiguous", null, false, false)]
    public unsafe void Exporter_AnswersEachKindOfRequest(int flags, string? error, string? format, bool hasShape, bool hasStrides)
    {
        using PyObject view = PyObject.FromMemory<char>("sixteen letters!".AsMemory(), [4, 4]);
        using PyObject exporter = view.GetAttr("obj");
        using AttachScope scope = PythonThread.Attach();

        CPython.Py_buffer buffer;
        int result = CPython.PyObject_GetBuffer(exporter.Reference, &buffer, flags);
        if (error is not null)
        {
            result.ShouldBe(-1);
            buffer.obj.ShouldBe(0);
            PythonErrors.Take().Message.ShouldBe(error);
            return;
        }

        result.ShouldBe(0);
        new string((char*)buffer.buf, 0, (int)buffer.len / sizeof(char)).ShouldBe("sixteen letters!");
        System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)buffer.format).ShouldBe(format);
        (buffer.shape != null).ShouldBe(hasShape);
        (buffer.strides != null).ShouldBe(hasStrides);
        buffer.ndim.ShouldBe(hasShape ? 2 : 1);
        CPython.PyBuffer_Release(&buffer);
    }

    private static string Describe(PyObject view) => s_module.CallMethod<string>("describe", [view]);

    private static PyObject NumPy(PyObject view, string expression) => s_module.CallMethod("numpy", [view, expression]);

    private static void RequireNumPy() =>
        Assert.SkipUnless(s_module.CallMethod<bool>("has_numpy"), "numpy is not installed for this Python: apt-get install python3-numpy");
}
