using Python.Runtime;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The base of the tests: pythonnet initialised with PyAsync's Python, the codecs, and Python code that runs under pythonnet.</summary>
public abstract class PythonNetTests : IClassFixture<PythonNetFixture>
{
    protected PythonNetTests(PythonNetFixture fixture)
    {
        Runtime = fixture.Runtime;
        try
        {
            PyAsyncCodecs.Register(Runtime);
        }
        catch (NotSupportedException e)
        {
            e.Message.ShouldStartWith("pythonnet ");
            Assert.Skip(e.Message);
        }
    }

    protected IRuntime Runtime { get; }

    /// <summary>Runs the body of an <c>async def</c> on the runtime's loop, and returns its result as pythonnet converts it.</summary>
    protected Task<T> OnLoop<T>(string body, params (string Name, object Value)[] names) =>
        Runtime.IntoFuture<T>(() =>
        {
            using PyModule scope = Scope(body, names);
            return scope.InvokeMethod("main");
        });

    protected Task OnLoop(string body, params (string Name, object Value)[] names) => OnLoop<object>(body, names);

    /// <summary>Runs the body in a loop that <c>asyncio.run</c> creates, on a separate thread: a loop that no runtime owns.</summary>
    protected static Task<T> OnForeignLoop<T>(string body, params (string Name, object Value)[] names) =>
        OnThread(() =>
        {
            using PyModule scope = Scope(body + "\n", names);
            using Python.Runtime.PyObject result = scope.Eval("asyncio.run(main())");
            return result.As<T>();
        });

    /// <summary>Runs Python statements where no loop runs.</summary>
    protected static Task<T> WithoutLoop<T>(string statements, params (string Name, object Value)[] names) =>
        OnThread(() =>
        {
            using PyModule scope = Scope("pass", names);
            scope.Exec(statements);
            using Python.Runtime.PyObject result = scope.Get("result");
            return result.As<T>();
        });

    private static Task<T> OnThread<T>(Func<T> code) =>
        Task.Factory.StartNew(
            () =>
            {
                using Py.GILState gil = Py.GIL();
                return code();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static PyModule Scope(string body, (string Name, object Value)[] names)
    {
        PyModule scope = Py.CreateScope();
        foreach ((string name, object value) in names)
        {
            scope.Set(name, value);
        }

        scope.Exec("import asyncio, gc, sys\nfrom System import InvalidOperationException, ArgumentException\n"
            + "async def main():\n    " + body.ReplaceLineEndings("\n").Replace("\n", "\n    "));
        return scope;
    }
}
