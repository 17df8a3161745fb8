using Microsoft.Extensions.Options;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class PyAsyncAppTests
{
    [Fact]
    public async Task Run_OnTheMainThread_GivesItToPython()
    {
        int code = await PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run(async (runtime, ct) =>
        {
            using PyObject module = PyObject.ImportSource("import asyncio, threading\nasync def on_main(): return threading.current_thread() is threading.main_thread()");
            (await runtime.Call<bool>(module.GetAttr("on_main"), ct: ct)).ShouldBeTrue();
        }));

        code.ShouldBe(0);
    }

    [Fact]
    public async Task Run_ExitCodes_AreThoseOfTheMainWork()
    {
        using PyObject module = PyObject.ImportSource("import sys\nasync def leave(code): sys.exit(code)\nasync def interrupt(): raise KeyboardInterrupt");

        (await Run((_, _) => Task.FromResult(4))).ShouldBe(4);
        (await Run((runtime, ct) => runtime.Call<int>(module.GetAttr("leave"), [7], ct))).ShouldBe(7);
        (await Run((runtime, ct) => runtime.Call<int>(module.GetAttr("leave"), [(string?)null], ct))).ShouldBe(0);
        (await Run((runtime, ct) => runtime.Call<int>(module.GetAttr("leave"), ["a message"], ct))).ShouldBe(1);
        (await Run((runtime, ct) => runtime.Call<int>(module.GetAttr("interrupt"), ct: ct))).ShouldBe(130);

        static Task<int> Run(Func<IRuntime, CancellationToken, Task<int>> main) => PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run(main));
    }

    [Fact]
    public async Task Run_FailureOfTheMainWork_IsThrown()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(
            PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run((_, _) => throw new InvalidOperationException("mine"))));

        e.Message.ShouldBe("mine");
    }

    [Fact]
    public async Task Run_Arguments_AreConfiguration()
    {
        string name = "";
        await PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run(
            (runtime, _) =>
            {
                name = runtime.Name;
                return Task.CompletedTask;
            },
            ["--PyAsync:Backend=DedicatedThread"]));

        name.ShouldBe("DedicatedThread/asyncio");
    }

    [Theory]
    [InlineData("DedicatedThread/asyncio", 2)]
    [InlineData("DedicatedThread/asyncio", 3, "--PyAsync:DedicatedThread:Threads=3")]
    [InlineData("ThreadPool/asyncio", null, "--PyAsync:Backend=ThreadPool")]
    public async Task Run_SettingsOfTheAttribute_AreDefaultsBelowConfiguration(string expected, int? threads, params string[] args)
    {
        string name = "";
        int used = 0;
        await PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run(
            async (runtime, _) =>
            {
                name = runtime.Name;
                int[] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.Spawn(_ => Task.FromResult(Environment.CurrentManagedThreadId))));
                used = ids.Distinct().Count();
            },
            args,
            new PyAsyncMainAttribute { Backend = "DedicatedThread", EventLoop = "asyncio", WorkerThreads = 2 }));

        name.ShouldBe(expected);
        if (threads is not null)
        {
            used.ShouldBe(threads.Value);
        }
    }

    [Fact]
    public async Task Run_WrongSettingsOfTheAttribute_SayWhatToDo()
    {
        static Task<int> Run(PyAsyncMainAttribute settings) => PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run((_, _) => Task.CompletedTask, [], settings));

        (await Should.ThrowAsync<OptionsValidationException>(Run(new PyAsyncMainAttribute { Backend = "Tokio" }))).Message.ShouldContain("Known: DedicatedThread, EventLoop, ThreadPool");
        (await Should.ThrowAsync<OptionsValidationException>(Run(new PyAsyncMainAttribute { EventLoop = "glib" }))).Message.ShouldContain("Known: asyncio, uvloop");
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(Run(new PyAsyncMainAttribute { Backend = "DedicatedThread", WorkerThreads = -1 }))).Message.ShouldContain("within 1 and 1024");
    }

    [Fact]
    public async Task Run_WithinARun_IsRefused()
    {
        using PyObject module = PyObject.ImportSource("async def call(f): f()");
        using PyObject nested = PyFunction.Create("nested", () => PyAsyncApp.Run((_, _) => Task.CompletedTask));

        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(
            PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run((runtime, _) => runtime.Call(module.GetAttr("call"), [nested]))));

        e.Message.ShouldContain("runs cannot be nested: await with IntoFuture");
    }

    [Fact]
    public async Task Run_LeftOverWork_IsCancelledAndWaitedFor()
    {
        using PyObject module = PyObject.ImportSource("import asyncio\nlog = []\nasync def background():\n    try: await asyncio.sleep(60)\n    finally:\n        await asyncio.sleep(0.01)\n        log.append('cleaned up')");
        await PyAsyncTestHost.OnMainThread(() => PyAsyncApp.Run(async (runtime, ct) =>
        {
            _ = runtime.Call(module.GetAttr("background"), ct: ct);
            await runtime.InvokeAsync(() => true);
            await runtime.InvokeAsync(() => true);
        }));

        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
    }
}
