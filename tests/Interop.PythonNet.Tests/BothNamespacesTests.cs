using PyAsync;
using Python.Runtime;
using Shouldly;
using Xunit;

namespace BothNamespaces;

/// <summary>A file that uses both, outside either's namespace: that it compiles is the test. <c>PyObject</c> is pythonnet's here.</summary>
public sealed class BothNamespacesTests(PyAsync.Tests.PythonNetFixture fixture) : PyAsync.Tests.PythonNetTests(fixture)
{
    [Fact]
    public async Task BothNamespaces_InOneFile()
    {
        IRuntime runtime = Runtime;
        PyAsyncCodecs.Register(runtime);

        Task<int> answer;
        using (Py.GIL())
        {
            dynamic scope = Py.CreateScope();
            scope.Exec("async def answer():\n    return 42");
            answer = runtime.IntoFuture<int>((PyObject)scope.answer());
        }

        (await answer).ShouldBe(42);

        var error = await Should.ThrowAsync<PyAsync.Interop.PythonException>(
            () => runtime.IntoFuture(() => PyModule.FromString("failing", "async def fail(): raise ValueError('x')").InvokeMethod("fail")));
        PyObject future = runtime.FutureIntoPythonNet(Task.FromResult(1));
        using (Py.GIL())
        {
            PythonException failed = error.ToPythonNet();
            failed.Type.Name.ShouldBe("ValueError");
            future.Dispose();
        }

        Python.Runtime.Runtime.PythonDLL.ShouldNotBeNull();
    }
}
