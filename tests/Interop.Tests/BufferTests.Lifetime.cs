using System.Buffers;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Disposal, pins, finalisers, and the release in Python.</summary>
public sealed partial class BufferTests
{
    private static readonly PyObject s_resizing = PyObject.ImportSource(
        """
        def resize(o):
            try:
                o.append(1)
            except BufferError as e:
                return str(e)
            return "resized"
        """);

    [Fact]
    public void Resize_WhileExported_RaisesBufferError()
    {
        using PyObject data = Value("bytearray(3)");
        PyBuffer<byte> buffer = data.GetBuffer<byte>();

        Resize(data).ShouldBe("Existing exports of data: object cannot be re-sized");
        buffer.Span.Length.ShouldBe(3);
        buffer.Dispose();
        buffer.Dispose();
        Resize(data).ShouldBe("resized");
    }

    [Fact]
    public void Disposed_EveryAccess_Throws()
    {
        using PyObject data = Value("bytearray(3)");
        PyBuffer<byte> buffer = data.GetBuffer<byte>();
        Memory<byte> memory = buffer.Memory;
        buffer.Dispose();

        ObjectDisposedException e = Should.Throw<ObjectDisposedException>(() => buffer.Span.Length);
        e.ObjectName.ShouldContain("PyBuffer");
        Should.Throw<ObjectDisposedException>(() => buffer.GetSpan().Length);
        Should.Throw<ObjectDisposedException>(() => buffer.Memory);
        Should.Throw<ObjectDisposedException>(() => buffer.TensorSpan.Rank);
        Should.Throw<ObjectDisposedException>(() => buffer.Pin());
        Should.Throw<ObjectDisposedException>(() => memory.Span.Length);
        Should.Throw<ObjectDisposedException>(() => memory.Pin());
        Should.Throw<ObjectDisposedException>(() => PyObject.From(buffer, PyConvert.Buffer<byte>()));
        buffer.Count.ShouldBe(3, "the description stays");

        using PyObject bytes = Value("b'abc'");
        PyReadOnlyBuffer<byte> readOnly = bytes.GetReadOnlyBuffer<byte>();
        ReadOnlyMemory<byte> readOnlyMemory = readOnly.Memory;
        readOnly.Dispose();
        Should.Throw<ObjectDisposedException>(() => readOnly.Span.Length);
        Should.Throw<ObjectDisposedException>(() => readOnly.Memory);
        Should.Throw<ObjectDisposedException>(() => readOnly.TensorSpan.Rank);
        Should.Throw<ObjectDisposedException>(() => readOnlyMemory.Span.Length);
    }

    [Fact]
    public unsafe void Pin_DelaysTheRelease()
    {
        using PyObject data = Value("bytearray(b'abc')");
        PyBuffer<byte> buffer = data.GetBuffer<byte>();
        MemoryHandle first = buffer.Memory.Slice(1).Pin();
        MemoryHandle second = buffer.Pin();
        buffer.Dispose();

        Resize(data).ShouldNotBe("resized");
        (*(byte*)first.Pointer).ShouldBe((byte)'b');
        first.Dispose();
        first.Dispose();
        Resize(data).ShouldNotBe("resized", "the second pin holds the memory");
        (*(byte*)second.Pointer).ShouldBe((byte)'a');
        second.Dispose();
        Resize(data).ShouldBe("resized");
    }

    [Fact]
    public void Pin_OfAnIndexOutside_OrEndedTwice_Throws()
    {
        using PyObject data = Value("bytearray(b'abc')");
        using PyBuffer<byte> buffer = data.GetBuffer<byte>();

        Should.Throw<ArgumentOutOfRangeException>(() => buffer.Pin(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => buffer.Pin(4));
        buffer.Pin(3).Dispose();
        Should.Throw<InvalidOperationException>(buffer.Unpin).Message.ShouldContain("not pinned");
        buffer.Span[0].ShouldBe((byte)'a');
    }

    [Fact]
    public void Buffer_KeepsTheObjectThatIsDisposed()
    {
        PyObject data = Value("array.array('i', range(1000))");
        using PyBuffer<int> buffer = data.GetBuffer<int>();
        data.Dispose();
        using (PythonThread.Attach())
        {
            PyObject.Import("gc").CallMethod("collect").Dispose();
        }

        buffer.Span[999].ShouldBe(999);
    }

    [Fact]
    public void Converter_GivesTheBufferAndTakesItBackAsAMemoryview()
    {
        using PyObject data = Value("bytearray(b'abc')");
        using (PyBuffer<byte> buffer = data.As(PyConvert.Buffer<byte>()))
        {
            using PyObject view = PyObject.From(buffer, PyConvert.Buffer<byte>());
            view.TypeName.ShouldBe("memoryview");
            view.GetAttr("obj").Is(data).ShouldBeTrue();
            view.CallMethod("release").Dispose();
            buffer.Span[0] = (byte)'A';
            Resize(data).ShouldNotBe("resized", "Python has released the view only");
        }

        Resize(data).ShouldBe("resized");
        using PyReadOnlyBuffer<byte> readOnly = data.As(PyConvert.ReadOnlyBuffer<byte>());
        readOnly.Span[0].ShouldBe((byte)'A');
    }

    /// <summary>A thread that does not hold the GIL disposes, and whichever thread calls Python next finds the buffer released.</summary>
    [Fact]
    public void Dispose_WithoutTheGil_ComesBeforeTheNextCall()
    {
        using PyObject data = Value("bytearray(3)");
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            PyBuffer<byte> buffer = data.GetBuffer<byte>();
            if (i % 2 == 0)
            {
                buffer.Dispose();
            }
            else
            {
                var thread = new Thread(buffer.Dispose);
                using (PythonThread.Attach())
                {
                    thread.Start();
                    using (PythonThread.Detach())
                    {
                        thread.Join();
                    }

                    Resize(data).ShouldBe("resized");
                }
            }

            Resize(data).ShouldBe("resized");
        }
    }

    [Fact]
    public void Forgotten_Buffers_AreReleasedLater()
    {
        using PyObject data = Value("bytearray(3)");
        Forget();
        for (int i = 0; i < 100 && Resize(data) != "resized"; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using AttachScope scope = PythonThread.Attach(); // Its end drops what waits.
        }

        Resize(data).ShouldBe("resized");

        void Forget()
        {
            for (int i = 0; i < 100; i++)
            {
                _ = data.GetBuffer<byte>();
            }
        }
    }

    [Fact]
    public void DisposeAndPins_OnManyThreadsAtOnce_ReleaseOnce()
    {
        using PyObject data = Value("bytearray(b'abc')");
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            PyBuffer<byte> buffer = data.GetBuffer<byte>();
            Parallel.Invoke(Use, Use, buffer.Dispose, buffer.Dispose);
            Resize(data).ShouldBe("resized");

            void Use()
            {
                try
                {
                    using MemoryHandle pin = buffer.Pin(1);
                    unsafe
                    {
                        (*(byte*)pin.Pointer).ShouldBe((byte)'b');
                    }
                }
                catch (ObjectDisposedException)
                {
                    // Came too late.
                }
            }
        }
    }

    [Fact]
    public void Failures_LeaveNoExportBehind()
    {
        using PyObject data = Value("bytearray(8)");
        using PyObject bytes = Value("b'abc'");
        using PyObject module = PyObject.ImportSource("import sys\ndef count(o): return sys.getrefcount(o)");
        int before = module.CallMethod<int>("count", [bytes]);
        for (int i = 0; i < 100; i++)
        {
            Should.Throw<InvalidCastException>(() => data.GetBuffer<double>());
            Should.Throw<InvalidCastException>(() => bytes.GetBuffer<byte>());
        }

        Resize(data).ShouldBe("resized");
        module.CallMethod<int>("count", [bytes]).ShouldBe(before);
    }

    private static string Resize(PyObject data) => s_resizing.CallMethod<string>("resize", [data]);
}
