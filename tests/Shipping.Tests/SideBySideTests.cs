using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Several modules in one process: each has its own copy of all that it needs, and they share what Python sees.</summary>
public sealed class SideBySideTests(Wheels wheels)
{
    [Theory]
    [InlineData("my_test_module, second_module")]
    [InlineData("second_module, my_test_module")]
    public async Task ANativeAndAHostedModule_ShareTheExceptionTypes(string modules)
    {
        string output = (await Processes.Run(wheels.Python, ["-c", $$"""
            import asyncio
            import {{modules}}
            import pyasync

            async def failing(fail):
                try:
                    await fail()
                except pyasync.DotNetException as e:
                    assert type(e) is pyasync.DotNetException and e.dotnet_type == "System.InvalidOperationException", e.dotnet_type
                    return e
                raise AssertionError(fail)

            async def raising(error):
                raise error

            async def main():
                errors = await asyncio.gather(failing(lambda: my_test_module.fail_later("my_test_module failed")), failing(second_module.fail))
                print(*(str(e) for e in errors))
                # An exception of one module passes through the other and returns unchanged.
                for error, module in zip(errors, (second_module, my_test_module)):
                    try:
                        await module.through(raising(error))
                    except pyasync.DotNetException as e:
                        assert e is error
                # One awaits the other's awaitable.
                try:
                    await my_test_module.through(second_module.fail())
                except pyasync.DotNetException as e:
                    print(e)
                await asyncio.wait_for(asyncio.gather(*(m.through(asyncio.sleep(0.01)) for m in (my_test_module, second_module) for _ in range(100))), 30)

            for _ in range(2):
                asyncio.run(main())
            """])).Succeeded();

        output.ShouldBeText("""
            my_test_module failed second_module failed
            second_module failed
            my_test_module failed second_module failed
            second_module failed
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task TwoHostedModules_RunOnOneDotnet()
    {
        string python = await wheels.NewEnvironment("two-hosted");
        await wheels.Install(python, wheels.HostedSample, wheels.Second);

        string output = (await Processes.Run(python, ["-c", """
            import asyncio
            import my_async_module, second_module

            async def main():
                await asyncio.gather(my_async_module.sleep(0.01), second_module.through(my_async_module.sleep(0.01)))
                print(second_module.dotnet_version())

            asyncio.run(main())
            """])).Succeeded();

        output.ShouldBeText(Environment.Version.ToString()); // The newest that is installed, which runs this test too.
    }

    [Fact]
    public async Task ThreadsThatImportAtOnce_AllGetTheModules()
    {
        string python = await wheels.NewEnvironment("threads");
        await wheels.Install(python, wheels.HostedSample, wheels.Second);

        (await Processes.Run(python, ["-c", """
            import sys, threading
            names = "my_async_module", "second_module"
            for _ in range(1000):
                for name in names:
                    sys.modules.pop(name, None)
                barrier, found = threading.Barrier(8), {name: [] for name in names}
                def load(name):
                    barrier.wait()
                    found[name].append(__import__(name).__dict__.get("sleep" if name == names[0] else "fail"))
                threads = [threading.Thread(target=load, args=(names[i % 2],)) for i in range(8)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                for name in names:
                    assert None not in found[name] and len(found[name]) == 4 and len(set(found[name])) == 1, found
            print("done")
            """])).Succeeded().ShouldBe("done");
    }
}
