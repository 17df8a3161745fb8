using System.Buffers;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Owners of memory, which the release in Python disposes.</summary>
public sealed partial class DotNetMemoryTests
{
    [Fact]
    public void Owner_IsDisposedWhenPythonReleasesTheView()
    {
        var owner = new Owner(100);
        using (PyObject view = PyObject.FromMemory<byte>(owner, [10, 10]))
        {
            s_module.CallMethod("keep", [view]).Dispose();
        }

        owner.Disposals.ShouldBe(0, "Python holds a reference");
        s_module.CallMethod("drop").Dispose();
        owner.Disposals.ShouldBe(1);
        owner.Pins.ShouldBe(0);

        var released = new Owner(1);
        using PyObject other = PyObject.FromMemory<byte>(released);
        other.CallMethod("release").Dispose();
        released.Disposals.ShouldBe(1, "release() is enough");
    }

    [Fact]
    public void Owner_IsDisposedAfterTheLastViewAndArray()
    {
        RequireNumPy();
        var owner = new Owner(16);
        using (PyObject view = PyObject.FromMemory<byte>(owner))
        {
            using PyObject array = NumPy(view, "a.view('f4')[1:]");
            s_module.CallMethod("keep", [array]).Dispose();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        owner.Disposals.ShouldBe(0, "an array of numpy uses the memory");
        s_module.CallMethod("drop").Dispose();
        owner.Disposals.ShouldBe(1);
    }

    [Fact]
    public void Owner_IsDisposedOnTheThreadThatReleases()
    {
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            var owner = new Owner(8);
            using (PyObject view = PyObject.FromMemory<byte>(owner))
            {
                s_module.CallMethod("keep", [view]).Dispose();
            }

            s_module.CallMethod("drop_on_a_thread").Dispose();
            owner.Disposals.ShouldBe(1);
            owner.Thread.ShouldNotBe(Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public void Owner_WhoseDisposeFails_IsReported()
    {
        using PyObject module = PyObject.ImportSource(
            """
            import sys

            reports = []

            def watched(code):
                before = sys.unraisablehook
                sys.unraisablehook = lambda args: reports.append(f"{args.exc_type.__name__}: {args.exc_value}")
                try:
                    raise KeyError("stays")
                except KeyError:
                    code()
                finally:
                    sys.unraisablehook = before
                return reports
            """);
        var owner = new Owner(8) { Failure = new InvalidOperationException("the pool is closed") };
        using PyObject release = PyFunction.Create("release", () => PyObject.FromMemory<byte>(owner).Dispose());

        module.CallMethod<string[]>("watched", [release]).ShouldBe(["DotNetException: the pool is closed"]);
    }

    [Fact]
    public void Owner_MayUsePythonWhileItIsDisposed()
    {
        var owner = new Owner(8) { OnDispose = () => PyObject.From(5).Dispose() };
        PyObject.FromMemory<byte>(owner).CallMethod("release").Dispose();
        owner.Disposals.ShouldBe(1);
    }

    [Fact]
    public void FromMemory_ThatFails_LeavesTheOwnerToItsCaller()
    {
        var owner = new Owner(8);
        Should.Throw<ArgumentException>(() => PyObject.FromMemory<byte>(owner, [9]));
        owner.Disposals.ShouldBe(0);
        owner.Pins.ShouldBe(0);
    }

    [Fact]
    public void PyBuffer_AsOwner_ReturnsToPython()
    {
        using PyObject data = PyObject.ImportSource("data = bytearray(b'abc')").GetAttr("data");
        PyBuffer<byte> buffer = data.GetBuffer<byte>();
        PyObject view = PyObject.FromMemory<byte>(buffer);
        view.CallMethod("tobytes").As<byte[]>().ShouldBe("abc"u8.ToArray());
        Should.Throw<PythonException>(() => data.CallMethod("append", [1])).TypeName.ShouldBe("builtins.BufferError");
        view.Dispose();

        data.CallMethod("append", [1]).Dispose();
        Should.Throw<ObjectDisposedException>(() => buffer.Span.Length);
        Should.Throw<ObjectDisposedException>(() => PyObject.FromMemory<byte>(buffer));
    }

    private sealed class Owner(int length) : MemoryManager<byte>
    {
        private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);
        private int _pins;
        private int _disposals;

        public int Pins => _pins;

        public int Disposals => _disposals;

        public int Thread { get; private set; }

        public Exception? Failure { get; init; }

        public Action? OnDispose { get; init; }

        public override Span<byte> GetSpan() => _bytes;

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            Interlocked.Increment(ref _pins);
            return new MemoryHandle((byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, elementIndex), default, this);
        }

        public override void Unpin() => Interlocked.Decrement(ref _pins);

        protected override void Dispose(bool disposing)
        {
            _pins.ShouldBe(0, "the pin ends first");
            Interlocked.Increment(ref _disposals);
            Thread = Environment.CurrentManagedThreadId;
            OnDispose?.Invoke();
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
