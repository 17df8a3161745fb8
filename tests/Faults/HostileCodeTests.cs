using PyAsync.Interop;
using PyAsync.Testing;
using PyAsync.Testing.Host;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// Exceptions from each place where the bridge calls foreign code: each reaches an awaiter or is reported, and other work continues.
/// </summary>
public sealed partial class HostileCodeTests
{
    private const string Injected = "injected";

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    /// <summary>An await of an object fails with the exception of the object's methods.</summary>
    [Theory]
    [InlineData("Awaits", Injected)]
    [InlineData("AwaitsNothing", "int")]
    [InlineData("Iterates", Injected)]
    [InlineData("Sends", "5")]
    [InlineData("Compares", "Compares'")]
    public Task Awaitable_ThatFails_FailsItsAwaiter(string name, string text) => Repeat(async (runtime, module, _) =>
    {
        Exception e = await Should.ThrowAsync<Exception>(runtime.IntoFuture(() => module.CallMethod("new", [name])).WaitAsync(s_soon));
        (e is PythonException or PythonTypeErrorException).ShouldBeTrue(e.ToString());
        e.Message.ShouldContain(text);
    });

    [Theory]
    [InlineData("AsyncIterates", Injected)]
    [InlineData("AsyncSteps", Injected)]
    [InlineData("AsyncCloses", Injected)]
    [InlineData("Compares", "'Compares'")]
    public Task Stream_ThatFails_FailsItsReader(string name, string text) => Repeat(async (runtime, module, _) =>
    {
        async Task Read()
        {
            await foreach (int item in runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("new", [name])))
            {
                if (item == 3)
                {
                    break;
                }
            }
        }

        // Also one that leaves early: the failure of aclose() is its.
        (await Should.ThrowAsync<PythonException>(Read().WaitAsync(s_soon))).Message.ShouldContain(text);
    });

    [Fact]
    public Task Result_WhoseMethodsFail_FailsItsConversion() => Repeat(async (runtime, module, _) =>
    {
        using PyObject give = module.GetAttr("give");
        foreach (Task task in (Task[])[runtime.CallAsync<int>(give, ["Compares"]), runtime.CallAsync<double>(give, ["Compares"]), runtime.CallAsync<string>(give, ["Compares"]), runtime.CallAsync<List<int>>(give, ["Compares"])])
        {
            await Should.ThrowAsync<Exception>(task.WaitAsync(s_soon));
        }

        // As an object it is as good as any.
        using PyObject result = await runtime.CallAsync(give, ["Compares"]);
        result.IsNone.ShouldBeFalse();
    });

    [Fact]
    public Task Exception_WhoseTextFails_ReachesItsAwaiter() => Repeat(async (runtime, module, _) =>
    {
        using PyObject fail = module.GetAttr("fail");
        PythonException e = await Should.ThrowAsync<PythonException>(runtime.CallAsync(fail).WaitAsync(s_soon));
        e.TypeName.ShouldEndWith("Fails");
        e.ToString().ShouldNotBeEmpty();
    });

    [Fact]
    public Task Finaliser_ThatFails_IsReported_AndTheResultArrives() => Repeat(async (runtime, module, _) =>
    {
        using PyObject dying = module.GetAttr("dying"), unraisable = module.GetAttr("unraisable");
        (await runtime.CallAsync<int>(dying).WaitAsync(s_soon)).ShouldBe(1);
        await runtime.InvokeAsync(() => unraisable.CallMethod<string>("pop").ShouldContain(Injected));
    });

    [Fact]
    public Task Converters_ThatFail_FailTheirOwn() => Repeat(async (runtime, module, _) =>
    {
        using PyObject one = module.GetAttr("one"), call = module.GetAttr("call");
        var failing = new FailingConverter();
        (await Should.ThrowAsync<NotSupportedException>(runtime.CallAsync(one, default, failing).WaitAsync(s_soon))).Message.ShouldBe(Injected);
        using PyObject function = PyFunction.Create("f", _ => runtime.FutureIntoPy(static _ => Task.FromResult(1), failing));
        (await Should.ThrowAsync<NotSupportedException>(runtime.CallAsync(call, [function]).WaitAsync(s_soon))).Message.ShouldBe(Injected);
        await Should.ThrowAsync<NotSupportedException>(async () => await runtime.CallAsync(call, [one, PyArgument.Of(1, failing)]).WaitAsync(s_soon));
        using PyObject items = runtime.AsyncEnumerableIntoPy(Items(), failing);
        (await Should.ThrowAsync<NotSupportedException>(runtime.IntoFuture(() => items.CallMethod("__anext__")).WaitAsync(s_soon))).Message.ShouldBe(Injected);
    });

    [Fact]
    public Task DotNetCallbacks_ThatFail_FailTheirOwnOrAreReported() => Repeat(async (runtime, module, reports) =>
    {
        (await Should.ThrowAsync<NotSupportedException>(runtime.InvokeAsync(Boom).WaitAsync(s_soon))).Message.ShouldBe(Injected);
        (await Should.ThrowAsync<NotSupportedException>(runtime.IntoFuture(() => throw new NotSupportedException(Injected)).WaitAsync(s_soon))).Message.ShouldBe(Injected);
        (await Should.ThrowAsync<NotSupportedException>(runtime.Spawn(static _ => throw new NotSupportedException(Injected)).WaitAsync(s_soon))).Message.ShouldBe(Injected);
        (await Should.ThrowAsync<NotSupportedException>(runtime.SpawnBlocking(static _ => Boom()).WaitAsync(s_soon))).Message.ShouldBe(Injected);

        EventLoop loop = runtime.GetCurrentLoop();
        loop.Post(Boom);
        await Reported(runtime, reports);

        // A callback on the token of the work, which Python cancels.
        using PyObject call = module.GetAttr("call");
        using var cts = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        using PyObject function = runtime.FunctionIntoPy("f", async cancellationToken =>
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(Boom);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        Task<PyObject> cancelled = runtime.CallAsync(call, [function], cts.Token);
        await begun.Task.WaitAsync(s_soon);
        await cts.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled.WaitAsync(s_soon));
        await Reported(runtime, reports);
    });

    [Theory]
    [InlineData("callback", true)]
    [InlineData("handler_fails", false)]
    public Task DoneCallback_ThatFails_IsReported_AndTheOthersRun(string driver, bool reported) => Repeat(async (runtime, module, reports) =>
    {
        using PyObject drive = module.GetAttr(driver);
        using PyObject function = runtime.FunctionIntoPy<int>("f", static async _ =>
        {
            await Task.Yield();
            return 1;
        });
        (await runtime.CallAsync<int>(drive, [function]).WaitAsync(s_soon)).ShouldBe(1);
        if (reported)
        {
            await Reported(runtime, reports);
        }
    });

    private static void Boom() => throw new NotSupportedException(Injected);

    private static async IAsyncEnumerable<int> Items()
    {
        await Task.Yield();
        yield return 1;
    }

    /// <summary>Waits for one report of what was injected, and forgets it.</summary>
    private static async Task Reported(IRuntime runtime, WarningLog reports)
    {
        using var late = new CancellationTokenSource(s_soon);
        while (!reports.Entries.Any(static entry => entry.Contains(Injected, StringComparison.Ordinal)))
        {
            late.IsCancellationRequested.ShouldBeFalse("nothing was reported");
            await runtime.InvokeAsync(static () => true);
        }

        reports.Entries.Clear();
    }

    /// <summary>On each backend, a hundred times; and after each the runtime works.</summary>
    private static async Task Repeat(Func<IRuntime, PyObject, WarningLog, Task> body)
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile_code");
        using PyObject hook = PyObject.Import("sys").GetAttr("unraisablehook");
        module.CallMethod("watch").Dispose();
        using PyObject one = module.GetAttr("one");
        foreach (string backend in (string[])["ThreadPool", "DedicatedThread", "LoopThread"])
        {
            var reports = new WarningLog();
            await using IRuntime runtime = FaultyBackend.Create(backend).CreateRuntime(eventLoop: TestLoops.Create(), loggers: reports);
            await runtime.StartAsync();
            for (int i = 0; i < Repetitions.Of(100); i++)
            {
                await body(runtime, module, reports);
                (await runtime.CallAsync<int>(one).WaitAsync(s_soon)).ShouldBe(1);
            }
        }

        using PyObject sys = PyObject.Import("sys");
        sys.SetAttr("unraisablehook", hook);
    }

    private sealed class FailingConverter : PyConverter<int>
    {
        public override int FromPython(PyObject value) => throw new NotSupportedException(Injected);

        public override PyObject ToPython(int value) => throw new NotSupportedException(Injected);
    }
}
