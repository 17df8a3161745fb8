using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

[Collection(InThisProcess.Name)]
public sealed class PyAsyncAppTests
{
    [Fact]
    public async Task Run_OnTheMainThread_GivesItToPython()
    {
        int code = await PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run(async (runtime, cancellationToken) =>
        {
            using PyObject module = PyObject.ImportSource("import asyncio, threading\nasync def on_main(): return threading.current_thread() is threading.main_thread()");
            (await runtime.CallAsync<bool>(module.GetAttr("on_main"), cancellationToken: cancellationToken)).ShouldBeTrue();
        }));

        code.ShouldBe(0);
    }

    [Fact]
    public async Task Run_ExitCodes_AreThoseOfTheMainWork()
    {
        using PyObject module = PyObject.ImportSource("import sys\nasync def leave(code): sys.exit(code)\nasync def interrupt(): raise KeyboardInterrupt");

        (await Run((_, _) => Task.FromResult(4))).ShouldBe(4);
        (await Run((runtime, cancellationToken) => runtime.CallAsync<int>(module.GetAttr("leave"), [7], cancellationToken))).ShouldBe(7);
        (await Run((runtime, cancellationToken) => runtime.CallAsync<int>(module.GetAttr("leave"), [(string?)null], cancellationToken))).ShouldBe(0);
        (await Run((runtime, cancellationToken) => runtime.CallAsync<int>(module.GetAttr("leave"), ["a message"], cancellationToken))).ShouldBe(1);
        (await Run((runtime, cancellationToken) => runtime.CallAsync<int>(module.GetAttr("interrupt"), cancellationToken: cancellationToken))).ShouldBe(130);

        static Task<int> Run(Func<IRuntime, CancellationToken, Task<int>> main) => PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run(main));
    }

    [Fact]
    public async Task Run_FailureOfTheMainWork_IsThrown()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(
            PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run((_, _) => throw new InvalidOperationException("mine"))));

        e.Message.ShouldBe("mine");
    }

    [Fact]
    public async Task Run_Arguments_AreConfiguration()
    {
        string name = "";
        await PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run(
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
        // In a separate process: at the end Python is finalised.
        (int code, string output, string errors) = await ChildProcess.Run(["app", "attribute-settings", .. args]);

        code.ShouldBe(0, errors);
        string[] said = output.Trim().Split(' ');
        said[0].ShouldBe(expected);
        if (threads is not null)
        {
            said[1].ShouldBe(threads.ToString());
        }
    }

    [Fact]
    public async Task Run_WithinARun_IsRefused()
    {
        using PyObject module = PyObject.ImportSource("async def call(f): f()");
        using PyObject nested = PyFunction.Create("nested", () => PyAsyncApp.Run((_, _) => Task.CompletedTask));

        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(
            PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run((runtime, _) => runtime.CallAsync(module.GetAttr("call"), [nested]))));

        e.Message.ShouldContain("runs cannot be nested: await with IntoFuture");
    }

    [Fact]
    public async Task Run_LeftOverWork_IsCancelledAndWaitedFor()
    {
        using PyObject module = PyObject.ImportSource("import asyncio\nlog = []\nasync def background():\n    try: await asyncio.sleep(60)\n    finally:\n        await asyncio.sleep(0.01)\n        log.append('cleaned up')");
        await PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run(async (runtime, cancellationToken) =>
        {
            _ = runtime.CallAsync(module.GetAttr("background"), cancellationToken: cancellationToken);
            await runtime.InvokeAsync(() => true);
            await runtime.InvokeAsync(() => true);
        }));

        module.GetAttr("log").As<string[]>().ShouldBe(["cleaned up"]);
    }
}
