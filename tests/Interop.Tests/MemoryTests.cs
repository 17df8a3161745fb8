using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Runs alone, because other tests use memory too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Theory]
    [InlineData("b'x' * 4_000_000")]
    [InlineData("bytearray(b'x') * 4_000_000")]
    [InlineData("'x' * 4_000_000")]
    [InlineData("[None] * 500_000")]
    public void Results_LargeAndNotDisposed_DoNotPileUp(string expression)
    {
        using PyObject module = PyObject.ImportSource($"def f(): return {expression}");
        using PyObject f = module.GetAttr("f");

        MostMemoryOf400(() => f.Call()).ShouldBeLessThan(800_000_000, "400 results of 4 MB are 1.6 GB");
    }

    [Fact]
    public void Failures_WithLargeLocalsAndNotDisposed_DoNotPileUp()
    {
        using PyObject module = PyObject.ImportSource("def f(n):\n    body = bytearray(b'x') * n\n    raise ValueError('failed')");
        using PyObject f = module.GetAttr("f");

        MostMemoryOf400(() => Should.Throw<PythonException>(() => f.Call([4 << 20]))).ShouldBeLessThan(100_000_000, "the locals of 400 failures are 1.6 GB");
    }

    [Fact]
    public void Failures_WithLargeArgumentsAndNotDisposed_DoNotPileUp()
    {
        using PyObject module = PyObject.ImportSource("""
            class Failed(Exception):
                def __str__(self): return "failed"

            def f(n):
                raise Failed(bytearray(b'x') * n)
            """);
        using PyObject f = module.GetAttr("f");

        // As for results: how many pile up depends on when .NET collects.
        MostMemoryOf400(() => Should.Throw<PythonException>(() => f.Call([4 << 20]))).ShouldBeLessThan(800_000_000, "the arguments of 400 failures are 1.6 GB");
    }

    /// <summary>Gets the most bytes by which the resident memory has grown while an action ran 400 times.</summary>
    private static long MostMemoryOf400(Action action)
    {
        GC.Collect();
        long before = Resident(), most = before;
        for (int i = 0; i < 400; i++)
        {
            action();
            most = Math.Max(most, Resident());
        }

        return most - before;
    }

    private static long Resident()
    {
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
