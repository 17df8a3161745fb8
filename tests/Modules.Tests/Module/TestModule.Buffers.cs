using System.Buffers;
using System.Numerics.Tensors;
using PyAsync.Interop;

namespace PyAsync.Tests;

// Memory that both sides use.
internal static partial class TestModule
{
    private static int s_memories;

    /// <summary>Adds up numbers in Python's memory, of any shape, after a turn of the thread pool.</summary>
    [PyFunction]
    public static async Task<double> AddUp(PyObject numbers)
    {
        using PyReadOnlyBuffer<double> buffer = numbers.GetReadOnlyBuffer<double>();
        await Task.Yield();
        return Tensor.Sum(buffer.TensorSpan);
    }

    /// <summary>Fills Python's memory.</summary>
    [PyFunction]
    public static async Task Fill(PyObject data, byte value)
    {
        using PyBuffer<byte> buffer = data.GetBuffer<byte>();
        await Task.Yield();
        buffer.Span.Fill(value);
    }

    /// <summary>Gives memory of .NET to Python.</summary>
    [PyFunction]
    public static PyObject NewMemory(int count) => PyObject.FromMemory(new CountedMemory(count), [count]);

    /// <summary>The number of memories that Python has not released.</summary>
    [PyFunction]
    public static int Memories() => Volatile.Read(ref s_memories);

    /// <summary>Collects .NET's garbage: a PyObject that a method has returned is released with its owner.</summary>
    [PyFunction]
    public static void CollectOwners()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using AttachScope scope = PythonThread.Attach();
    }

    private sealed class CountedMemory : IMemoryOwner<int>
    {
        private readonly IMemoryOwner<int> _rented;

        public CountedMemory(int count)
        {
            _rented = MemoryPool<int>.Shared.Rent(count);
            Memory.Span.Clear();
            Interlocked.Increment(ref s_memories);
        }

        public Memory<int> Memory => _rented.Memory;

        public void Dispose()
        {
            _rented.Dispose();
            Interlocked.Decrement(ref s_memories);
        }
    }
}
