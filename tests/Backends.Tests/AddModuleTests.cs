using PyAsync.Interop;
using PyAsync.Modules;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

/// <summary>Modules written in C# that an application adds to its own Python.</summary>
public sealed class AddModuleTests(ThreadPoolFixture fixture) : ConformanceTests<ThreadPoolFixture>(fixture)
{
    [Fact]
    public async Task Functions_ClassesAndConstants_WorkInTheApplication()
    {
        Runtime.AddModule<AddedModule>();
        Runtime.AddModule<AddedModule>(); // Has no effect.
        using PyObject module = Python("""
            import added_module
            from added_module import Counter, double, LIMIT

            async def main():
                counter = Counter(3)
                async with counter:
                    counter.add()
                return await double(counter.count), LIMIT, added_module.__doc__, [item async for item in added_module.count_to(3)]
            """);
        using PyObject main = module.GetAttr("main");

        (int, int, string, int[]) result = await Runtime.CallAsync<(int, int, string, int[])>(main);

        (result.Item1, result.Item2, result.Item3).ShouldBe((8, 10, "A module of the application."));
        result.Item4.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task RuntimeParameter_IsTheApplicationsRuntime_AndCallsBack()
    {
        Runtime.AddModule<AddedModule>();
        using PyObject module = Python("""
            import added_module

            async def answer():
                await asyncio.sleep(0)
                return 42

            async def main():
                return await added_module.name(), await added_module.ask(answer)
            """);
        using PyObject main = module.GetAttr("main");

        (await Runtime.CallAsync<(string, int)>(main)).ShouldBe((Runtime.Name, 42));
    }

    [Fact]
    public async Task Cancellation_ByPython_FiresTheToken()
    {
        Runtime.AddModule<AddedModule>();
        using PyObject module = Python("""
            import added_module

            async def main():
                task = asyncio.ensure_future(added_module.wait_until_cancelled())
                await asyncio.sleep(0)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return added_module.cancelled()
            """);
        using PyObject main = module.GetAttr("main");

        (await Runtime.CallAsync<int>(main)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task DottedName_IsInItsPackage()
    {
        Runtime.AddModule(typeof(ModuleInAPackage));
        using PyObject module = Python("""
            import added_package.inner.tools
            from added_package.inner import tools

            async def main():
                return tools.add(1, 2) if added_package.inner.tools is tools else 0
            """);
        using PyObject main = module.GetAttr("main");

        (await Runtime.CallAsync<int>(main)).ShouldBe(3);
    }

    [Fact]
    public async Task AnotherRuntime_TakesTheModuleOver()
    {
        Runtime.AddModule<AddedModule>();
        using PyObject module = Python("""
            import added_module
            counter = added_module.Counter(1)

            async def main():
                async with counter:
                    return await added_module.name(), await added_module.double(2)
            """);
        using PyObject main = module.GetAttr("main");
        await using (IRuntime other = new DedicatedThreadBackend().CreateRuntime(eventLoop: TestLoops.Create()))
        {
            await other.StartAsync();
            other.AddModule<AddedModule>();
            (await other.CallAsync<(string, int)>(main)).ShouldBe((other.Name, 4));
            other.Name.ShouldNotBe(Runtime.Name);
        }

        // The other runtime has ended: its functions are of no use until the module is added again.
        Runtime.AddModule<AddedModule>();
        (await Runtime.CallAsync<(string, int)>(main)).ShouldBe((Runtime.Name, 4));
    }

    [Fact]
    public void AddModule_FromTwoThreads_KeepsOneModule()
    {
        Runtime.AddModule<ContendedModule>();

        using PyObject module = PyObject.Import("contended_module"), ofOther = ContendedModule.OfOtherThread.ShouldNotBeNull();
        module.Is(ofOther).ShouldBeTrue();
    }

    [Fact]
    public async Task AddModule_InARaceOfTwoThreads_KeepsOneModuleAndOnePackage()
    {
        using PyObject sys = PyObject.Import("sys"), interval = sys.CallMethod("getswitchinterval");
        sys.CallMethod("setswitchinterval", [1e-6]).Dispose();
        try
        {
            for (int i = 0; i < Repetitions.Of(1_000); i++)
            {
                string package = $"raced_package{i}", name = $"{package}.inner.tools";
                ModuleRegistry.Register(typeof(RacedModule), name, null, static module => module.Constant("number", 1, PyConvert.Int32));
                using var start = new Barrier(2);
                PyObject[] modules = await Task.WhenAll(Task.Run(Add), Task.Run(Add));
                using PyObject outer = PyObject.Import(package), inner = outer.GetAttr("inner"), tools = inner.GetAttr("tools");
                modules.ShouldAllBe(module => module.Is(tools), name);
                Array.ForEach(modules, static module => module.Dispose());

                PyObject Add()
                {
                    start.SignalAndWait();
                    Runtime.AddModule<RacedModule>();
                    return PyObject.Import(name);
                }
            }
        }
        finally
        {
            sys.CallMethod("setswitchinterval", [interval]).Dispose();
        }
    }

    [Fact]
    public void AddModule_InTheInitialisationOfTheModule_HasNoEffect()
    {
        Runtime.AddModule<OwnModule>();

        OwnModule.Initialised.ShouldBe(1);
        using PyObject module = PyObject.Import("own_module"), one = module.CallMethod("one");
        one.As<int>().ShouldBe(1);
    }

    [Fact]
    public async Task AddModule_InAWrongWay_SaysWhatToDo()
    {
        Should.Throw<ArgumentException>(() => Runtime.AddModule<AddModuleTests>()).Message.ShouldContain("AddModuleTests is not a Python module: mark the class [PyModule(\"name\")]");
        Should.Throw<InvalidOperationException>(() => Runtime.AddModule<ModuleNamedLikeAnother>()).Message
            .ShouldBe("Python has imported another module 'asyncio' already: add the module before, or give it another name in [PyModule(\"asyncio\")].");
        Should.Throw<NotSupportedException>(() => Runtime.AddModule<FailingModule>()).Message.ShouldBe("not today");
        IRuntime ended = new ThreadPoolBackend().CreateRuntime(eventLoop: TestLoops.Create());
        await ended.StartAsync();
        await ended.DisposeAsync();
        Should.Throw<ObjectDisposedException>(() => ended.AddModule<AddedModule>());
    }
}
