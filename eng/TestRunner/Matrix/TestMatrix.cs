using PyAsync.TestRunner.Pythons;
using static PyAsync.TestRunner.Pythons.PythonRoles;

namespace PyAsync.TestRunner.Matrix;

/// <summary>
/// The table of the runs of <c>./test.sh</c>. It covers pairs: each backend on both ends of the range of Pythons, on each loop and in both of asyncio's
/// modes, and each minor version with one backend. The rows of <see cref="Remainder"/> complete the product.
/// </summary>
/// <remarks>
/// The suite of the backends repeats its tests in full once: for each backend on the oldest Python, without debug mode. On the newest, whose tasks are eager,
/// it repeats a tenth, and elsewhere a hundredth, which shows whether the combination works; <see cref="Remainder"/> has the rest.
/// </remarks>
internal static class TestMatrix
{
    private const double Tenth = 0.1;
    private const double Hundredth = 0.01;

    private const string SingleCalls = "onebyone,pending,into,allocations,start";
    private const string ManyCalls = "atonce,streams,buffers,typed";

    // One program has the suites of all backends. A filter selects some.
    private static readonly Suite s_backends = new("Backends.Tests", "-namespace-", "PyAsync.Tests.OnUvloop");
    private static readonly Suite s_threadPool = new("Backends.Tests", "-namespace", "PyAsync.Tests.OnThreadPool");
    private static readonly Suite s_uvloop = new("Backends.Tests", "-namespace", "PyAsync.Tests.OnUvloop");

    private static readonly Suite s_modules = new("Modules.Tests") { Builds = true };

    // They use the module that the first cell has compiled; without it they compile it, one at a time.
    private static readonly Suite s_nativeModule = new("Modules.Tests", "-class", "PyAsync.Tests.NativeFormTests");
    private static readonly Suite s_hostedModule = new("Modules.Tests", "-class", "PyAsync.Tests.HostedFormTests");
    private static readonly Suite s_wheels = new("Shipping.Tests", "-class", "PyAsync.Tests.WheelTests", "-class", "PyAsync.Tests.SideBySideTests") { Builds = true };

    // Its child processes wait more than they compute, so several run at a time.
    private static readonly Suite s_hosting = new("Hosting.Tests", "-parallelMode", "collections", "-maxThreads", "6");

    // The tests of hosting that depend on the loop.
    private static readonly Suite s_signals = new("Hosting.Tests", "-parallelMode", "collections", "-maxThreads", "6", "-class", "PyAsync.Tests.SignalTests", "-class", "PyAsync.Tests.ConfigurationTests");

    private static readonly Suite s_web = new("WebComparison");

    // The module of the benchmarks, so that they wait for no compiler while nothing else runs.
    private static readonly Script s_benchmarkModule = new("benchmarks/Modules/run.sh", "published in both forms", "--publish") { Builds = true };

    private static readonly Script s_endurance = new("artifacts/bin/Endurance/release/Endurance", "Failed: 0", "--minutes", "1") { Project = "tests/Endurance" };

    /// <summary>Gets the rows. Cells start in this order, so that the longest come first.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        // Programs that call the compiler, one after another in one lane, beside the rest.
        new("Modules", s_modules) { On = Oldest, Repetitions = Tenth },
        new("Shipping", new Suite("Shipping.Tests") { Builds = true }) { On = Oldest },
        new("Packaging", new Suite("Packaging.Tests") { Builds = true }) { On = Oldest },
        new("Wheels", s_wheels) { On = Newest },
        new("Benchmarks, the module", s_benchmarkModule) { On = Oldest },
        new("Quickstart", new Script("run.sh", "all 1000 came back right") { Builds = true }) { On = Oldest },

        // The conformance suite.
        new("Backends", s_backends) { On = Oldest, Debug = false },
        new("Backends", s_backends) { On = Newest, Repetitions = Tenth },
        new("Hosting", s_hosting) { On = Ends, Repetitions = Tenth },
        new("Backends", s_backends) { On = Oldest, Loop = EventLoop.Uvloop, Repetitions = Hundredth },
        new("Backends, ThreadPool", s_threadPool) { On = Newest, Debug = false, Repetitions = Tenth },
        new("Backends, ThreadPool", s_threadPool) { On = Newest, Loop = EventLoop.Uvloop, Debug = false, Repetitions = Hundredth },
        new("Backends, ThreadPool", s_threadPool) { On = Oldest, Debug = false, Repetitions = Hundredth, Environment = [("PYASYNC_PRIVATE_LAYOUTS", "0")] },
        new("Backends, ThreadPool", s_threadPool) { On = Between | DebugBuild, Debug = false, Repetitions = Hundredth },
        new("Backends, uvloop's own", s_uvloop) { On = EveryMinor, Loop = EventLoop.Uvloop },
        new("CustomBackend", new Suite("CustomBackend.Tests")) { On = Oldest, Repetitions = Hundredth },

        new("Endurance, a minute", s_endurance) { On = Newest },
        new("Fuzzing", new Suite("Fuzzing")) { On = Ends, Environment = [("PYASYNC_FUZZ_SECONDS", "5")] },
        new("Docs", new Suite("Docs.Tests")) { On = Oldest },
        new("Binding", new Suite("Binding.Tests")) { On = Oldest },
        new("Binding, without packages", new Suite("Binding.Tests", "-class-", "PyAsync.Tests.RealPackageTests")) { On = Newest },
        new("Interop", new Suite("Interop.Tests")) { On = Oldest },
        new("Interop", new Suite("Interop.Tests")) { On = Newest, Repetitions = Tenth },
        new("Modules, native form", s_nativeModule) { On = Newest, Repetitions = Hundredth },
        new("Modules, hosted form", s_hostedModule) { On = Newest | Between, Repetitions = Hundredth },
        new("Modules, native form", s_nativeModule) { On = Oldest, Loop = EventLoop.Uvloop, Repetitions = Hundredth },
        new("Hosting, signals", s_signals) { On = Oldest, Loop = EventLoop.Uvloop, Repetitions = Tenth },
        new("AspNetCore", new Suite("AspNetCore.Tests")) { On = Ends, Repetitions = Tenth },
        new("AspNetCore", new Suite("AspNetCore.Tests")) { On = Oldest, Loop = EventLoop.Uvloop, Repetitions = Hundredth },
        new("Web, compared with uvicorn", s_web) { On = Newest },
        new("WebService", new Suite("WebService.Tests")) { On = Oldest },
        new("Interop.PythonNet", new Suite("Interop.PythonNet.Tests")) { On = Ends, Repetitions = Tenth },

        new("Faults", new Suite("Faults")) { On = Oldest, Repetitions = Hundredth },
        new("Generators", new Suite("Generators.Tests")),
        new("Architecture", new Suite("Architecture.Tests")),

        new("MainAttribute", Script.OfSample("MainAttribute", "slept on ThreadPool/asyncio")) { On = Oldest },
        new("GenericHost", Script.OfSample("GenericHost", "ThreadPool/asyncio is Healthy")) { On = Oldest },
        new("GenericHost, another backend", Script.OfSample("GenericHost", "DedicatedThread/asyncio is Healthy"))
        {
            On = Oldest,
            Environment = [("PyAsync__Backend", "DedicatedThread")],
        },
        new("GenericHost, another backend", Script.OfSample("GenericHost", "DedicatedThread/uvloop is Healthy", "--PyAsync:Backend=DedicatedThread", "--PyAsync:EventLoop=uvloop"))
        {
            On = Oldest,
            Loop = EventLoop.Uvloop,
        },
        new("UvloopApp", Script.OfSample("UvloopApp", "slept on ThreadPool/uvloop")) { On = Oldest, Loop = EventLoop.Uvloop },
        new("Scopes", Script.OfSample("Scopes", "report: Ada has 70, Grace has 31")) { On = Oldest },
        new("TypedModule", Script.OfSample("TypedModule", "1 city in the cache, with 12 C")) { On = Oldest },
        new("Flows", Script.OfSample("Flows", "lines that Python has read from C#'s pipe: 50000")) { On = Oldest },
        new("Buffers", Script.OfSample("Buffers", "numpy painted (float32, (480, 640)): 153600 white pixels")) { On = Oldest },
        new("PythonNetInterop", Script.OfSample("PythonNetInterop", "[4, 5, 5] 6 described: wind and rain")) { On = Oldest },

        // The promised ratios, except for memory, which takes longer to measure: each part on one loop, which has one core or all.
        new("Benchmarks, single calls", Benchmarks("asyncio-one-core", SingleCalls + ",modules")) { On = Oldest },
        new("Benchmarks, many calls", Benchmarks("uvloop", ManyCalls)) { On = Oldest },
    ];

    /// <summary>Gets the combinations that only <c>--all</c> runs.</summary>
    public static IReadOnlyList<Row> Remainder { get; } =
    [
        new("Modules", s_modules) { On = Oldest },
        new("Modules", s_modules) { On = Newest | Between | OtherPatch, Repetitions = Tenth },
        new("Modules", s_modules) { On = Oldest | Between, Loop = EventLoop.Uvloop, Repetitions = Tenth },
        new("Wheels", s_wheels) { On = Between },

        new("Backends", s_backends) { On = Newest, Debug = false },
        new("Backends", s_backends) { On = Oldest },
        new("Backends, ThreadPool", s_threadPool) { On = Ends, Debug = false, Repetitions = Tenth, Environment = [("PYASYNC_PRIVATE_LAYOUTS", "0")] },
        new("Backends", s_backends) { On = Between | OtherPatch | DebugBuild, Debug = false, Repetitions = Tenth },
        new("Backends", s_backends) { On = Between | OtherPatch | DebugBuild, Repetitions = Tenth },
        new("Backends", s_backends) { On = EveryMinor, Loop = EventLoop.Uvloop, Debug = false },
        new("Backends", s_backends) { On = EveryMinor, Loop = EventLoop.Uvloop, Repetitions = Tenth },
        new("CustomBackend", new Suite("CustomBackend.Tests")) { On = Ends },

        new("AspNetCore", new Suite("AspNetCore.Tests")) { On = Oldest },
        new("AspNetCore", new Suite("AspNetCore.Tests")) { On = EveryMinor, Loop = EventLoop.Uvloop, Repetitions = Tenth },
        new("Web, compared with uvicorn", s_web) { On = Oldest },
        new("Web, compared with uvicorn", s_web) { On = Ends, Environment = [("PYASYNC_TEST_BODY_MB", "1024")] },

        new("Hosting", s_hosting) { On = Oldest },
        new("Hosting", s_hosting) { On = Between | OtherPatch | DebugBuild, Repetitions = Tenth },
        new("Hosting", s_hosting) { On = EveryMinor, Loop = EventLoop.Uvloop, Repetitions = Tenth },
        new("Interop", new Suite("Interop.Tests")) { On = Newest | Between | OtherPatch | DebugBuild },
        new("Endurance, a minute", s_endurance) { On = Oldest | Between | DebugBuild },
        new("Interop.PythonNet", new Suite("Interop.PythonNet.Tests")) { On = Between, Repetitions = Tenth },
        new("Faults", new Suite("Faults")) { On = EveryMinor | DebugBuild, Repetitions = Tenth },
        new("Fuzzing", new Suite("Fuzzing")) { On = EveryMinor | DebugBuild },

        new("Benchmarks, single calls on the other loops", Benchmarks("asyncio,uvloop,uvloop-one-core", SingleCalls)) { On = Oldest },
        new("Benchmarks, many calls on the other loops", Benchmarks("asyncio,asyncio-one-core,uvloop-one-core", ManyCalls)) { On = Oldest },
    ];

    private static Script Benchmarks(string loops, string parts) => new("benchmarks/run.sh", " of ", "--no-build", "--quick", $"--loops={loops}", $"--only={parts}") { Measures = true, Project = "benchmarks" };
}
