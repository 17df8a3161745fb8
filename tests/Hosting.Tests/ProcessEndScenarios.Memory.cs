using System.Buffers;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>Memory that one side uses when Python is finalised.</summary>
internal static partial class ProcessEndScenarios
{
    /// <summary>Python's finalisation releases the views of .NET memory, and disposes the owners; a buffer that C# holds keeps Python's memory beyond the end.</summary>
    private static int FinalizeWithMemory()
    {
        FinalizedOwner quiet = new(static () => { }), usesPython = new(static () => PyObject.From(5).Dispose()), inCycle = new(static () => { });
        PyBuffer<byte>? buffer = null;
        PyBuffer<byte>? lent = null;
        PyAsyncApp.Run(
            async (runtime, _) =>
            {
                await Greet(runtime);
                await runtime.InvokeAsync(() =>
                {
                    using PyObject module = PyObject.ImportSource(
                        """
                        import sys

                        data, other = bytearray(b"x" * 100_000), bytearray(b"y" * 100_000)

                        def keep(quiet, uses_python, in_cycle, lent):
                            sys.kept = [quiet, memoryview(quiet)[1:], uses_python, lent]
                            cycle = [in_cycle]
                            cycle.append(cycle)
                        """);
                    buffer = module.GetAttr("data").GetBuffer<byte>();
                    lent = module.GetAttr("other").GetBuffer<byte>();
                    using PyObject first = PyObject.FromMemory<byte>(quiet), second = PyObject.FromMemory<byte>(usesPython), third = PyObject.FromMemory<byte>(inCycle);
                    using PyObject fourth = PyObject.FromMemory<byte>(lent);
                    module.CallMethod("keep", [first, second, third, fourth]).Dispose();
                    return true;
                });
            },
            s_quiet,
            UseLoop,
            finalizePython: true);
        bool isKept = buffer!.Span.Count((byte)'x') == 100_000;
        buffer.Dispose();
        bool isReturned = IsDisposed(lent!);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine($"disposed: {quiet.Disposals}, {usesPython.Disposals}, {inCycle.Disposals}; kept: {isKept}; returned: {isReturned}");
        return !PythonInterpreter.IsRunning && quiet.Disposals == 1 && usesPython.Disposals == 1 && inCycle.Disposals == 1 && isKept && isReturned ? 0 : 1;
    }

    private static bool IsDisposed(PyBuffer<byte> buffer)
    {
        try
        {
            return buffer.Span.IsEmpty;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private sealed class FinalizedOwner(Action onDispose) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = new byte[10];

        public int Disposals { get; private set; }

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            Disposals++;
            onDispose();
        }
    }
}
