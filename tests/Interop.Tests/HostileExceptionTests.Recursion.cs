using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// Recursion across the boundary.
public sealed partial class HostileExceptionTests
{
    [Fact]
    public void Convert_AtTheRecursionLimit_IsARecursionError()
    {
        using PyObject module = PyObject.ImportSource("""
            def visit(): raise ValueError("x")
            def walk(f):
                try: f()
                except ValueError: pass
                walk(f)
            """);
        using PyObject f = PyFunction.Create("f", () => module.CallMethod("visit").Dispose());

        for (int i = 0; i < 10; i++)
        {
            Should.Throw<PythonException>(() => module.CallMethod("walk", [f])).IsInstanceOf("RecursionError").ShouldBeTrue();
        }
    }

    [Fact]
    public void Throw_AtTheRecursionLimit_IsARecursionErrorAndNotTheThrownException()
    {
        using PyObject module = PyObject.ImportSource("""
            def walk(f):
                try: f()
                except ValueError: pass
                walk(f)
            """);
        using PyObject f = PyFunction.Create("f", () => throw new ArgumentException("x"));

        for (int i = 0; i < 10; i++)
        {
            Should.Throw<PythonException>(() => module.CallMethod("walk", [f])).IsInstanceOf("RecursionError").ShouldBeTrue();
        }
    }

    [Fact]
    public void Call_RecursionThroughCSharp_IsARecursionErrorWhateverPythonsLimit()
    {
        using PyObject module = PyObject.ImportSource("""
            import sys
            def walk(f, limit):
                before = sys.getrecursionlimit()
                sys.setrecursionlimit(limit)
                try:
                    return step(f)
                finally:
                    sys.setrecursionlimit(before)
            def step(f): return f()
            """);
        using PyObject step = module.GetAttr("step");
        PyObject? f = null;
        f = PyFunction.Create("f", () => step.Call([f!]).Dispose());
        using (f)
        {
            Should.Throw<PythonException>(() => module.CallMethod("walk", [f, 1_000])).IsInstanceOf("RecursionError").ShouldBeTrue();
            (Should.Throw<Exception>(() => module.CallMethod("walk", [f, 1_000_000])) is PythonRecursionException or PythonException { TypeName: "builtins.RecursionError" })
                .ShouldBeTrue();
        }
    }

    [Fact]
    public void Callbacks_ThatRecurseWithoutEnd_AreARecursionError()
    {
        using PyObject module = PyObject.ImportSource("""
            def catch(f):
                try:
                    f(f)
                except RecursionError as e:
                    return "RecursionError"
            """);

        // No Python frame is between the calls, so that only the stack's end stops them.
        using PyObject f = PyFunction.Create("f", arguments =>
        {
            using PyObject self = arguments[0];
            return self.Call([self]);
        });
        string? onSmallStack = null;
        var thread = new Thread(() => onSmallStack = module.CallMethod<string>("catch", [f]), 256 * 1024);
        thread.Start();
        thread.Join();
        onSmallStack.ShouldBe("RecursionError");
    }
}
