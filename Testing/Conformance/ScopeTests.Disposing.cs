using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Python's async with over resources of .NET.
public abstract partial class ScopeTests<TFixture>
{
    private const string Users = """
        left = []

        async def use(open, fail=False):
            async with await open() as value:
                left.append(value)
                if fail:
                    raise ValueError("body")
            return "used"

        async def use_twice(open):
            manager = await open()
            async with manager:
                pass
            await manager.aclose()
            try:
                async with manager:
                    pass
            except RuntimeError as e:
                return str(e)

        async def drop(open):
            await open()

        async def hold(open):
            async with await open():
                await asyncio.sleep(1000)
        """;

    [ConformanceFact]
    public virtual async Task Leaving_an_async_with_disposes_a_resource_of_dotnet()
    {
        using PyObject module = Python(Users);
        var resource = new Resource();
        PyObject open = Opening(Runtime, resource);

        (await Runtime.CallMethodAsync<string>(module, "use", [open])).ShouldBe("used");
        resource.Disposals.ShouldBe(1);

        (await ThrowsAsync<PythonException>(Runtime.CallMethodAsync(module, "use", [open, true]))).TypeName.ShouldBe("builtins.ValueError");
        resource.Disposals.ShouldBe(2);
        module.GetAttr("left").As<string[]>().ShouldBe(["value", "value"]);

        (await Runtime.CallMethodAsync<string>(module, "use_twice", [open])).ShouldContain("has been disposed");
        resource.Disposals.ShouldBe(3);
    }

    [ConformanceFact]
    public virtual async Task A_resource_that_fails_to_dispose_fails_the_async_with()
    {
        using PyObject module = Python(Users);
        var resource = new Resource { Failure = new DivideByZeroException() };

        (await ThrowsAsync<DivideByZeroException>(Runtime.CallMethodAsync(module, "use", [Opening(Runtime, resource)]))).ShouldBeSameAs(resource.Failure);
    }

    [ConformanceFact]
    public virtual async Task A_resource_that_Python_drops_is_disposed()
    {
        using PyObject module = Python(Users);
        var resource = new Resource();
        await Runtime.CallMethodAsync(module, "drop", [Opening(Runtime, resource)]);
        await EventuallyAsync(() => Task.FromResult(resource.Disposals == 1));

        ExpectedReports.Add("Disposing a .NET resource that Python has dropped failed.");
        var failing = new Resource { Failure = new DivideByZeroException() };
        await Runtime.CallMethodAsync(module, "drop", [Opening(Runtime, failing)]);
        await EventuallyAsync(() => Task.FromResult(failing.Disposals == 1));
    }

    [ConformanceFact]
    public virtual async Task Cancellation_and_the_end_of_the_runtime_dispose_a_resource()
    {
        using PyObject module = Python(Users);
        var resource = new Resource();
        using var cts = new CancellationTokenSource();
        Task held = Runtime.CallMethodAsync(module, "hold", [Opening(Runtime, resource)], cts.Token);
        await resource.Opened.Task.WaitAsync(Soon);
        await cts.CancelAsync();
        await ThrowsAsync<OperationCanceledException>(held);
        await EventuallyAsync(() => Task.FromResult(resource.Disposals == 1));

        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        var last = new Resource();
        held = runtime.CallMethodAsync(module, "hold", [Opening(runtime, last)]);
        await last.Opened.Task.WaitAsync(Soon);
        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);
        await ThrowsAsync<OperationCanceledException>(held.WaitAsync(Soon));
        await EventuallyAsync(() => Task.FromResult(last.Disposals == 1));
    }

    [ConformanceFact]
    public virtual async Task A_resource_whose_value_fails_is_disposed()
    {
        using PyObject module = Python(Users);
        var resource = new Resource();
        PyObject open = Own(Runtime.FunctionIntoPy(
            "open", _ => _ => Task.FromResult(resource), Runtime.AsyncDisposableConverter<Resource>(_ => throw new DivideByZeroException())));

        (await ThrowsAsync<DivideByZeroException>(Runtime.CallMethodAsync(module, "use", [open]))).ShouldNotBeNull();

        await EventuallyAsync(() => Task.FromResult(resource.Disposals == 1));
    }

    [ConformanceFact]
    public virtual async Task Whenever_a_runtime_ends_a_resource_that_was_opened_is_disposed()
    {
        using PyObject module = Python(Users);
        for (int i = 0; i < Repetitions.Of(100); i++)
        {
            IRuntime runtime = Fixture.CreateRuntime();
            await runtime.StartAsync();
            var resource = new Resource();
            using PyObject open = runtime.FunctionIntoPy(
                "open",
                _ => async _ =>
                {
                    await Task.Yield();
                    resource.Opened.SetResult();
                    return resource;
                },
                runtime.AsyncDisposableConverter<Resource>(static _ => PyObject.From("value")));
            Task held = runtime.CallMethodAsync(module, "hold", [open]);
            if (i % 2 == 0)
            {
                await resource.Opened.Task.WaitAsync(Soon);
            }

            await runtime.DisposeAsync().AsTask().WaitAsync(Soon);
            (await ThrowsAsync<Exception>(held.WaitAsync(Soon))).ShouldBeAssignableTo(
                resource.Opened.Task.IsCompleted ? typeof(OperationCanceledException) : typeof(Exception)); // The ending runtime may have refused the function.
            if (resource.Opened.Task.IsCompleted)
            {
                await EventuallyAsync(() => Task.FromResult(resource.Disposals == 1));
            }
        }
    }

    private PyObject Opening(IRuntime runtime, Resource resource) => Own(runtime.FunctionIntoPy(
        "open",
        _ => async cancellationToken =>
        {
            await Task.Yield();
            return resource;
        },
        runtime.AsyncDisposableConverter<Resource>(opened =>
        {
            opened.Opened.TrySetResult();
            return PyObject.From("value");
        })));

    private sealed class Resource : IAsyncDisposable
    {
        private int _disposals;

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; init; }

        public int Disposals => Volatile.Read(ref _disposals);

        public async ValueTask DisposeAsync()
        {
            await Task.Delay(1);
            Interlocked.Increment(ref _disposals);
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
