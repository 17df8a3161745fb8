using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnUvloop;

public sealed class UvloopTests
{
    [Theory]
    [InlineData("ThreadPool", "uvloop", "ThreadPool/uvloop")]
    [InlineData("DedicatedThread", "uvloop", "DedicatedThread/uvloop")]
    [InlineData("Uvloop", null, "ThreadPool/uvloop")]
    [InlineData("uvloop", "UVLOOP", "ThreadPool/uvloop")]
    public async Task Configuration_ChoosesUvloop_OverEitherBackend(string backend, string? loop, string expected)
    {
        RequireUvloop();
        IConfiguration section = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Backend"] = backend, ["EventLoop"] = loop }.Where(static pair => pair.Value is not null)).Build();
        await using ServiceProvider services = new ServiceCollection().AddPyAsync(section).Services.BuildServiceProvider();
        IRuntime runtime = services.GetRequiredService<IRuntime>();
        await runtime.StartAsync();

        runtime.Name.ShouldBe(expected);
        (await IsUvloop(runtime)).ShouldBeTrue();
    }

    [Fact]
    public async Task UseUvloop_InCode_ChoosesIt()
    {
        RequireUvloop();
        await using ServiceProvider services = new ServiceCollection().AddPyAsync().UseUvloop().UseDedicatedThread().Services.BuildServiceProvider();
        IRuntime runtime = services.GetRequiredService<IRuntime>();
        await runtime.StartAsync();

        (await IsUvloop(runtime)).ShouldBeTrue();
    }

    [Fact]
    public async Task OnTheMainThread_UvloopRuns()
    {
        RequireUvloop();
        bool isUvloop = false;

        await PyAsyncTestHost.OnMainThreadAsync(() => PyAsyncApp.Run(async (runtime, _) => isUvloop = await IsUvloop(runtime), ["--PyAsync:EventLoop=uvloop"]));

        isUvloop.ShouldBeTrue();
    }

    [Fact]
    public async Task AnotherBackendAndAnotherLoop_StartAgainInTheSameProcess()
    {
        RequireUvloop();
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        (RuntimeBackend Backend, EventLoopFactory Loop)[] combinations =
        [
            (new ThreadPoolBackend(), new UvloopFactory()),
            (new DedicatedThreadBackend(), new AsyncioLoopFactory()),
            (new DedicatedThreadBackend(), new UvloopFactory()),
            (new ThreadPoolBackend(), new AsyncioLoopFactory()),
        ];
        foreach ((RuntimeBackend backend, EventLoopFactory loop) in combinations)
        {
            await using IRuntime runtime = PyAsyncRuntime.Create(backend, eventLoop: loop);
            await runtime.StartAsync();
            (await runtime.CallAsync<int>(sleep, [0.001, 7])).ShouldBe(7);
            (await IsUvloop(runtime)).ShouldBe(loop is UvloopFactory);
        }
    }

    [Fact]
    public void Policy_WhileInstalled_GivesUvloopsToPython()
    {
        RequireUvloop();
        using PyObject module = PyObject.ImportSource("""
            import asyncio
            async def name(): return type(asyncio.get_running_loop()).__module__
            def run(): return asyncio.run(name())
            """);

        using (UvloopPolicy policy = UvloopPolicy.Install())
        {
            module.CallMethod<string>("run").ShouldStartWith("uvloop");
            policy.Dispose();
            module.CallMethod<string>("run").ShouldStartWith("asyncio");
        }

        module.CallMethod<string>("run").ShouldStartWith("asyncio");
    }

    [Fact]
    public void Policy_WherePoliciesAreDeprecated_IsInstalledWithoutAWarning()
    {
        RequireUvloop();

        // As in Python 3.14, with warnings as errors.
        using PyObject module = PyObject.ImportSource("""
            import asyncio, warnings

            kept = asyncio.get_event_loop_policy, asyncio.set_event_loop_policy

            def deprecated(function):
                def call(*arguments):
                    warnings.warn(function.__name__ + " is deprecated and slated for removal in Python 3.16", DeprecationWarning)
                    return function(*arguments)
                return call

            def deprecate():
                global filters
                asyncio.get_event_loop_policy, asyncio.set_event_loop_policy = map(deprecated, kept)
                filters = warnings.catch_warnings()
                filters.__enter__()
                warnings.simplefilter("error")

            def put_back():
                filters.__exit__()
                asyncio.get_event_loop_policy, asyncio.set_event_loop_policy = kept

            def warns():
                try: asyncio.get_event_loop_policy()
                except DeprecationWarning: return True

            async def name(): return type(asyncio.get_running_loop()).__module__
            def run(): return asyncio.run(name())
            """);
        module.CallMethod("deprecate").Dispose();
        try
        {
            module.CallMethod<bool>("warns").ShouldBeTrue();
            using (UvloopPolicy.Install())
            {
                module.CallMethod<bool>("warns").ShouldBeTrue("for others it is deprecated as before");
            }
        }
        finally
        {
            module.CallMethod("put_back").Dispose();
        }

        using (UvloopPolicy.Install())
        {
            module.CallMethod<string>("run").ShouldStartWith("uvloop");
        }
    }

    [Fact]
    public void LoopFactory_ServesWherePoliciesAreGone()
    {
        RequireUvloop();
        using PyObject factory = new UvloopFactory().CreatePythonFactory();
        using PyObject module = PyObject.ImportSource("""
            import asyncio
            async def name(): return type(asyncio.get_running_loop()).__module__
            def run(factory):
                if hasattr(asyncio, "Runner"):
                    with asyncio.Runner(loop_factory=factory) as runner:
                        return runner.run(name())
                loop = factory()
                try: return loop.run_until_complete(name())
                finally: loop.close()

            kept = asyncio.set_event_loop_policy
            def remove(): del asyncio.set_event_loop_policy
            def put_back(): asyncio.set_event_loop_policy = kept
            """);

        module.CallMethod<string>("run", [factory]).ShouldStartWith("uvloop");

        // As in Python 3.16.
        module.CallMethod("remove").Dispose();
        try
        {
            Should.Throw<NotSupportedException>(UvloopPolicy.Install).Message.ShouldContain("CreatePythonFactory()");
            module.CallMethod<string>("run", [factory]).ShouldStartWith("uvloop");
        }
        finally
        {
            module.CallMethod("put_back").Dispose();
        }
    }

    [Fact]
    public async Task Subprocesses_OfUvloopAndOfDotNet_AThousandOfEachSideBySide()
    {
        RequireUvloop();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGCHLD is Unix's.");
        await using IRuntime runtime = PyAsyncRuntime.Create(eventLoop: new UvloopFactory());
        await runtime.StartAsync();
        using PyObject module = PyObject.ImportSource("""
            import asyncio, gc
            async def run(code):
                process = await asyncio.create_subprocess_exec("sh", "-c", f"exit {code}")
                return await process.wait()

            # Collections often: one in a child that has not yet become its program would run C# code there.
            before = gc.get_threshold()
            def collect_often(): gc.set_threshold(7)
            def put_back(): gc.set_threshold(*before)
            """);
        module.CallMethod("collect_often").Dispose();
        using PyObject run = module.GetAttr("run");

        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) =>
        {
            Task<int> theirs = runtime.CallAsync<int>(run, [i % 100], cancellationToken);
            using Process ours = Process.Start("sh", ["-c", $"exit {i % 90}"]);
            await ours.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            ours.ExitCode.ShouldBe(i % 90);
            (await theirs.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken)).ShouldBe(i % 100);
        });
        module.CallMethod("put_back").Dispose();
    }

    [Fact]
    public async Task Subprocesses_OfALoopThatThePolicyMade_LeaveThoseOfDotNetAlone()
    {
        RequireUvloop();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGCHLD is Unix's.");
        using PyObject module = PyObject.ImportSource("""
            import asyncio
            async def run():
                process = await asyncio.create_subprocess_shell("exit 3")
                return await process.wait()
            def main(): return asyncio.run(run())
            """);
        using (UvloopPolicy.Install())
        {
            (await Task.Run(() => module.CallMethod<int>("main"))).ShouldBe(3);
        }

        using Process ours = Process.Start("sh", ["-c", "exit 4"]);
        await ours.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        ours.ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task Start_WithoutUvloop_SaysHowToInstallIt()
    {
        // A module that is None in sys.modules cannot be imported.
        using PyObject module = PyObject.ImportSource("""
            import sys
            def hide(name):
                global kept
                kept = sys.modules.get(name)
                sys.modules[name] = None
            def put_back(name):
                if kept is None: del sys.modules[name]
                else: sys.modules[name] = kept
            """);
        module.CallMethod("hide", [UvloopFactory.Package]).Dispose();
        try
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            builder.Services.AddPyAsync().UseUvloop();
            using IHost host = builder.Build();

            UvloopNotInstalledException e = await Should.ThrowAsync<UvloopNotInstalledException>(() => host.StartAsync());
            e.Message.ShouldContain("uvloop is not installed in Python");
            string executable = PythonInterpreter.Current.Installation.Executable!;
            e.Message.ShouldContain(
                File.Exists("/etc/debian_version") && executable.StartsWith("/usr/bin/")
                    ? "Install it: apt-get install python3-uvloop."
                    : $"Install it: {executable} -m pip install {UvloopFactory.Package}.");
            Should.Throw<UvloopNotInstalledException>(UvloopPolicy.Install);
        }
        finally
        {
            module.CallMethod("put_back", [UvloopFactory.Package]).Dispose();
        }
    }

    private static async Task<bool> IsUvloop(IRuntime runtime) => await runtime.InvokeAsync(() =>
    {
        using PyObject uvloop = PyObject.Import("uvloop");
        using PyObject type = uvloop.GetAttr("Loop");
        using PyObject loop = runtime.GetCurrentLoop().GetPythonLoop();
        return loop.IsInstance(type);
    });

    internal static void RequireUvloop()
    {
        // The package without its extension for this Python does not count.
        using PyObject find = PyObject.ImportSource("def imports():\n  try: import uvloop\n  except ImportError: return False\n  return True");
        Assert.SkipUnless(
            find.CallMethod<bool>("imports"),
            $"uvloop is not installed in Python {PythonInterpreter.Current.Installation.Version}: Debian has it for its own Python (apt-get install python3-uvloop).");
    }
}
