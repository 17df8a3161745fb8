using System.Numerics.Tensors;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Shapes and strides.</summary>
public sealed partial class BufferTests
{
    [Fact]
    public void Span_OfAReversedOrSteppedView_IsRefusedWithTheRemedy()
    {
        using PyObject stepped = Value("memoryview(bytearray(range(10)))[::3]");
        using PyBuffer<byte> buffer = stepped.GetBuffer<byte>();

        buffer.IsContiguous.ShouldBeFalse();
        const string Message = "The buffer of the Python 'memoryview' of shape (4,) and strides (3,) has gaps between its items, or another order of them, so it cannot be a Span, Memory or pin. "
            + "Use TensorSpan, or copy it in Python: numpy.ascontiguousarray(x).";
        Should.Throw<InvalidOperationException>(() => buffer.Span.Length).Message.ShouldBe(Message);
        Should.Throw<InvalidOperationException>(() => buffer.Memory).Message.ShouldBe(Message);
        Should.Throw<InvalidOperationException>(() => buffer.Pin()).Message.ShouldBe(Message);
        TensorSpan<byte> tensor = buffer.TensorSpan;
        tensor.Lengths.ToArray().ShouldBe([4]);
        new[] { tensor[0], tensor[1], tensor[2], tensor[3] }.ShouldBe(new byte[] { 0, 3, 6, 9 });

        using PyObject reversed = Value("memoryview(bytearray(range(10)))[::-1]");
        using PyBuffer<byte> backwards = reversed.GetBuffer<byte>();
        Should.Throw<InvalidOperationException>(() => backwards.TensorSpan.Rank).Message.ShouldBe(
            "The buffer of the Python 'memoryview' of shape (10,) and strides (-1,) cannot be a TensorSpan: strides must be multiples of the item's 1 bytes, not negative, "
            + "and no two items may overlap partly. Copy it in Python: numpy.ascontiguousarray(x).");
        Should.Throw<InvalidOperationException>(() => backwards.Span.Length).Message.ShouldEndWith(" or pin. Copy it in Python: numpy.ascontiguousarray(x).");
    }

    [Fact]
    public void TensorSpan_OfEachLayoutOfNumPy_HasTheSameItems()
    {
        RequireNumPy();
        string[] layouts =
        [
            "a", "a.T", "a[:, ::2]", "a[1:, 1:3]", "np.asfortranarray(a)", "a[:, None, :]", "a[:, :1]", "a[:1, :]", "a[1]", "a[:, 2]", "a.reshape(3, 2, 2).transpose(2, 0, 1)",
            "np.broadcast_to(np.arange(4, dtype='f4'), (3, 4))", "a[0:0]", "a[:, 0:0]", "np.array(5, 'f4')", "np.array([(1, 2.5), (3, 4.5)], [('a', 'f4'), ('b', 'f4')])['b']",
        ];
        foreach (string layout in layouts)
        {
            using PyObject array = NumPy($"(lambda a: {layout})(np.arange(12, dtype='f4').reshape(3, 4))");
            float[] expected = array.CallMethod("flatten").CallMethod<float[]>("tolist");
            nint[] shape = array.GetAttr("shape").As(PyConvert.Array(PyConvert.Int64)).Select(length => (nint)length).ToArray();
            using PyReadOnlyBuffer<float> buffer = array.GetReadOnlyBuffer<float>();

            ReadOnlyTensorSpan<float> tensor = buffer.TensorSpan;
            buffer.Lengths.ToArray().ShouldBe(shape, layout);
            tensor.Lengths.ToArray().ShouldBe(shape.Length == 0 ? [1] : shape, layout);
            tensor.FlattenedLength.ShouldBe(expected.Length, layout);
            float[] flat = new float[expected.Length];
            tensor.FlattenTo(flat);
            flat.ShouldBe(expected, layout);
            if (buffer.IsContiguous)
            {
                buffer.Span.ToArray().ShouldBe(expected, layout);
            }
        }
    }

    [Theory]
    [InlineData("np.arange(5, dtype='f4')[::-1]")]
    [InlineData("np.lib.stride_tricks.sliding_window_view(np.arange(5, dtype='f4'), 3)")]
    [InlineData("np.zeros(3, [('a', 'u1'), ('b', 'f4')])['b']")]
    public void TensorSpan_OfALayoutThatDotNetDoesNotHave_IsRefusedWithTheRemedy(string expression)
    {
        RequireNumPy();
        using PyObject array = NumPy(expression);
        using PyReadOnlyBuffer<float> buffer = array.GetReadOnlyBuffer<float>();

        buffer.IsContiguous.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => buffer.TensorSpan.Rank).Message.ShouldEndWith("Copy it in Python: numpy.ascontiguousarray(x).");
    }

    [Fact]
    public void TensorSpan_Written_ChangesTheArray()
    {
        RequireNumPy();
        using PyObject array = NumPy("np.zeros((2, 3), 'f8').T");
        using (PyBuffer<double> buffer = array.GetBuffer<double>())
        {
            buffer.TensorSpan[2, 1] = 5;
        }

        array.CallMethod("tolist").As<double[][]>().ShouldBe([[0, 0], [0, 0], [0, 5]]);
    }

    [Fact]
    public void Buffer_WithoutDimensionsOrItems_HasOneOrNone()
    {
        using PyObject single = Value("ctypes.c_double(2.5)");
        using PyBuffer<double> one = single.GetBuffer<double>();
        one.Lengths.Length.ShouldBe(0);
        one.Count.ShouldBe(1);
        one.Span.ToArray().ShouldBe([2.5]);
        one.TensorSpan[0].ShouldBe(2.5);

        using PyObject empty = Value("bytearray()");
        using PyBuffer<byte> none = empty.GetBuffer<byte>();
        none.Count.ShouldBe(0);
        none.Span.Length.ShouldBe(0);
        none.Memory.Length.ShouldBe(0);
        none.TensorSpan.FlattenedLength.ShouldBe(0);
        using System.Buffers.MemoryHandle pin = none.Memory.Pin();
    }
}
