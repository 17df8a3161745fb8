using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnUvloop;

public sealed class UvloopForkTests
{
    [Fact]
    public async Task Fork_WhileAUvloopStartsAProcessInAnotherThread_GivesAWorkingChild()
    {
        UvloopTests.RequireUvloop();
        Assert.SkipUnless(PythonInterpreter.Current.Installation.Version < new Version(3, 14), "CPython 3.14 ends such a child itself, also without this library.");
        await using IRuntime runtime = PyAsyncRuntime.Create(eventLoop: new UvloopFactory());
        await runtime.StartAsync();

        // uvloop's handler of forks, which it installs before the hooks run, is called in the child of os.fork() too, so that the hooks run there twice.
        using PyObject module = PyObject.ImportSource("""
            import asyncio, os, sys, threading, warnings

            starter = None
            in_hook, forked = threading.Event(), threading.Event()

            def hold():
                if threading.get_ident() == starter:
                    in_hook.set()
                    assert forked.wait(60)

            os.register_at_fork(before=hold)

            async def start():
                global starter
                starter = threading.get_ident()
                try:
                    process = await asyncio.create_subprocess_exec("sh", "-c", "exit 5")
                finally:
                    starter = None
                return await process.wait()

            def fork():
                assert in_hook.wait(60)
                errors = []
                sys.unraisablehook = errors.append
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)  # Of forks beside threads.
                    process = os.fork()
                if process == 0:
                    os._exit(8 if errors else 7)
                sys.unraisablehook = sys.__unraisablehook__
                forked.set()
                return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            """);
        Task<int> started = runtime.CallMethodAsync<int>(module, "start", []);

        module.CallMethod<int>("fork").ShouldBe(7);
        (await started.WaitAsync(TimeSpan.FromMinutes(1))).ShouldBe(5);
    }
}
