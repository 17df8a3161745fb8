using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>Tasks, streams and delegates among the arguments of a call, and inside collections, which belong to the runtime of the call.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class ValueTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    private const string Source = """
        async def total(values):
            return sum([await value for value in values])

        async def result(value):
            return await value

        async def collect(streams):
            return {name: [item async for item in stream] for name, stream in streams.items()}

        async def call(functions, *arguments):
            results = []
            for function in functions:
                value = function(*arguments)
                results.append(await value if hasattr(value, "__await__") else value)
            return results

        async def cancel(function):
            task = asyncio.ensure_future(function())
            await asyncio.sleep(0)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                return "cancelled"
            return "swallowed"

        async def later(value):
            await asyncio.sleep(0)
            return value

        async def give():
            return [later(1), later(2)]
        """;

    [ConformanceFact]
    public virtual async Task Tasks_inside_a_list_are_awaited_by_Python()
    {
        using PyObject total = Python(Source).GetAttr("total");
        var pending = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<int> sum = Runtime.CallAsync<int>(total, [new object[] { Task.FromResult(1), Delayed(2), new ValueTask<int>(3), pending.Task }]);
        pending.SetResult(4);

        (await sum).ShouldBe(10);
    }

    [ConformanceFact]
    public virtual async Task A_Task_without_a_result_is_None_and_a_failed_one_raises()
    {
        using PyObject result = Python(Source).GetAttr("result");

        (await Runtime.CallAsync<object?>(result, [Done()])).ShouldBeNull();
        (await Runtime.CallAsync<object?>(result, [Task.CompletedTask])).ShouldBeNull();
        (await Runtime.CallAsync<object?>(result, [new ValueTask(Done())])).ShouldBeNull();
        (await Should.ThrowAsync<FormatException>(() => Runtime.CallAsync<object?>(result, [Failing()]))).Message.ShouldBe("no number");
    }

    [ConformanceFact]
    public virtual async Task Streams_inside_a_dictionary_are_read_by_Python()
    {
        using PyObject collect = Python(Source).GetAttr("collect");
        var streams = new Dictionary<string, object> { ["a"] = Count(3), ["b"] = Count(0) };

        Dictionary<string, int[]> collected = await Runtime.CallAsync<Dictionary<string, int[]>>(collect, [streams]);

        collected["a"].ShouldBe([0, 1, 2]);
        collected["b"].ShouldBeEmpty();
    }

    [ConformanceFact]
    public virtual async Task Delegates_inside_a_list_are_functions()
    {
        using PyObject call = Python(Source).GetAttr("call");
        int seen = 0;
        object[] functions =
        [
            (Func<int, int>)(x => x + 1),
            (Func<int, Task<string>>)(async x => { await Task.Yield(); return $"<{x}>"; }),
            (Func<int, CancellationToken, ValueTask<double>>)((x, token) => new ValueTask<double>(token.CanBeCanceled ? x / 2.0 : 0)),
            (Action<int>)(x => seen = x),
            (Func<int, Task>)(async x => { await Task.Yield(); seen += x; }),
        ];

        object?[] results = await Runtime.CallAsync<object?[]>(call, [functions, 5]);

        results.ShouldBe([6L, "<5>", 2.5, null, null]);
        seen.ShouldBe(10);
    }

    [ConformanceFact]
    public virtual async Task The_token_of_a_delegate_fires_when_Python_cancels()
    {
        using PyObject cancel = Python(Source).GetAttr("cancel");
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        string outcome = await Runtime.CallAsync<string>(cancel, [(Func<CancellationToken, Task>)(async token =>
        {
            _ = token.Register(seen.SetResult); // Not disposed: the end of the delay, whose registration is notified first, would remove it.
            await Task.Delay(Timeout.Infinite, token);
        })]);

        outcome.ShouldBe("cancelled");
        await seen.Task.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task Awaitables_inside_a_list_become_Tasks()
    {
        using PyObject give = Python(Source).GetAttr("give");

        IReadOnlyList<Task<int>> tasks = await Runtime.CallAsync(give, [], PyConvert.ReadOnlyList(Runtime.TaskConverter(PyConvert.Int32)));
        (await Task.WhenAll(tasks)).ShouldBe([1, 2]);

        // Without a given runtime: that of the call.
        (await Task.WhenAll(await Runtime.CallAsync<Task<int>[]>(give))).ShouldBe([1, 2]);
    }

    [ConformanceFact]
    public virtual async Task A_converter_binds_values_to_a_given_runtime()
    {
        using PyObject module = Python(Source);
        PyConverter<List<Task<int>>> tasks = PyConvert.List(Runtime.TaskConverter(PyConvert.Int32));
        (await Runtime.CallAsync<int>(module.GetAttr("total"), [PyArgument.Of([Delayed(1), Delayed(2)], tasks)])).ShouldBe(3);
        PyConverter<Dictionary<string, IAsyncEnumerable<int>>> streams = PyConvert.Dictionary(PyConvert.String, Runtime.StreamConverter(PyConvert.Int32));
        Dictionary<string, int[]> collected = await Runtime.CallAsync<Dictionary<string, int[]>>(
            module.GetAttr("collect"), [PyArgument.Of(new() { ["a"] = Count(2) }, streams)]);
        collected["a"].ShouldBe([0, 1]);
    }

    [ConformanceFact]
    public virtual async Task A_function_from_Python_is_not_converted_to_a_delegate()
    {
        using PyObject module = Python("def identity(x): return x");
        PyObject identity = module.GetAttr("identity");

        NotSupportedException error = await Should.ThrowAsync<NotSupportedException>(() => Runtime.CallAsync<Func<int, int>>(identity, [identity]));

        error.Message.ShouldBe("A Python function cannot be converted to System.Func<System.Int32, System.Int32>: take it as a PyObject, and call it with CallAsync.");
    }

    private static async Task<int> Delayed(int value)
    {
        await Task.Yield();
        return value;
    }

    private static async Task Done() => await Task.Yield();

    private static async Task<int> Failing()
    {
        await Task.Yield();
        throw new FormatException("no number");
    }

    private static async IAsyncEnumerable<int> Count(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return i;
        }
    }
}
