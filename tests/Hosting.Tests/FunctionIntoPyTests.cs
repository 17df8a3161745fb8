using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Python functions whose parameters are those of a C# delegate.</summary>
[Collection(InThisProcess.Name)]
public sealed class FunctionIntoPyTests : IAsyncLifetime
{
    private readonly IRuntime _runtime = PyAsyncRuntime.Create();

    public async ValueTask InitializeAsync() => await _runtime.StartAsync();

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task FunctionIntoPy_ZeroToEightParameters_WithAndWithoutAToken()
    {
        PyObject[] withToken =
        [
            _runtime.FunctionIntoPy("f", async (CancellationToken cancellationToken) => await Sum(cancellationToken)),
            _runtime.FunctionIntoPy("f", async (int a, CancellationToken cancellationToken) => await Sum(cancellationToken, a)),
            _runtime.FunctionIntoPy("f", async (int a, int b, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c, d)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c, d, e)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c, d, e, f)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f, int g, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c, d, e, f, g)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f, int g, int h, CancellationToken cancellationToken) => await Sum(cancellationToken, a, b, c, d, e, f, g, h)),
        ];
        PyObject[] without =
        [
            _runtime.FunctionIntoPy("f", async () => await Sum()),
            _runtime.FunctionIntoPy("f", async (int a) => await Sum(a)),
            _runtime.FunctionIntoPy("f", async (int a, int b) => await Sum(a, b)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c) => await Sum(a, b, c)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d) => await Sum(a, b, c, d)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e) => await Sum(a, b, c, d, e)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f) => await Sum(a, b, c, d, e, f)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f, int g) => await Sum(a, b, c, d, e, f, g)),
            _runtime.FunctionIntoPy("f", async (int a, int b, int c, int d, int e, int f, int g, int h) => await Sum(a, b, c, d, e, f, g, h)),
        ];

        for (int count = 0; count <= 8; count++)
        {
            object?[] values = [.. Enumerable.Range(1, count).Select(static i => (object?)(1 << i))];
            object?[] named = [.. Enumerable.Range(1, count).Reverse().Select(static i => (object?)PyArgument.Named(((char)('a' + i - 1)).ToString(), 1 << i))];
            int expected = (1 << (count + 1)) - 2;
            foreach (PyObject function in new[] { withToken[count], without[count] })
            {
                (await _runtime.CallAsync<int>(function, [.. values])).ShouldBe(expected);
                (await _runtime.CallAsync<int>(function, [.. named])).ShouldBe(expected, "by keyword, in another order");
                function.Dispose();
            }
        }
    }

    [Fact]
    public async Task FunctionIntoPy_BodyThatOnlyThrows_HasAResult()
    {
        using PyObject function = _runtime.FunctionIntoPy<long, long>("f", static async (id, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"{id}");
        });
        using PyObject faulted = _runtime.FunctionIntoPy<long, long>("f", static (id, _) => Task.FromException<long>(new InvalidOperationException($"{id}")));

        (await Should.ThrowAsync<InvalidOperationException>(() => _runtime.CallAsync<long>(function, [3]))).Message.ShouldBe("3");
        (await Should.ThrowAsync<InvalidOperationException>(() => _runtime.CallAsync<long>(faulted, [3]))).Message.ShouldBe("3");
    }

    [Fact]
    public async Task FunctionIntoPy_TheSameExceptionAtEachCall_KeepsTheLengthOfItsStackTrace()
    {
        using PyObject module = PyObject.ImportSource(
            """
            async def read(fail):
                try:
                    await fail()
                except Exception as e:
                    return len(e.stack_trace)
            """,
            "pyasync_test_same_exception");
        using PyObject read = module.GetAttr("read");
        InvalidOperationException neverThrown = new("never"), thrown = new("thrown");
        using PyObject returns = _runtime.FunctionIntoPy("f", (CancellationToken _) => Task.FromException(neverThrown));
        using PyObject throws = _runtime.FunctionIntoPy("f", async (CancellationToken _) =>
        {
            await Task.Yield();
            throw thrown;
        });

        foreach (PyObject function in new[] { returns, throws })
        {
            int first = await _runtime.CallAsync<int>(read, [function]);
            for (int i = 0; i < 20; i++)
            {
                (await _runtime.CallAsync<int>(read, [function])).ShouldBe(first);
            }
        }

        neverThrown.StackTrace.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SeveralExceptions_AreAGroup(bool isPending)
    {
        using PyObject module = PyObject.ImportSource(
            """
            async def read(fail):
                try:
                    await fail()
                except ExceptionGroup as e:
                    return [str(each) for each in e.exceptions]

            async def await_of(work):
                async def get():
                    return await work
                return await read(get)
            """,
            "pyasync_test_several_exceptions");
        using PyObject read = module.GetAttr("read");
        using PyObject fail = _runtime.FunctionIntoPy("f", (CancellationToken _) => Task.WhenAll(Fail("first"), Fail("second")));

        (await _runtime.CallAsync<List<string>>(read, [fail])).ShouldBe(["first", "second"]);

        using PyObject awaitOf = module.GetAttr("await_of");
        Task<int> FailWithResult(string message) => Fail(message).ContinueWith<int>(static task => throw task.Exception!.InnerException!, TaskScheduler.Default);
        Task<int[]> WithResults() => Task.WhenAll(FailWithResult("first"), FailWithResult("second"));
        (await _runtime.CallAsync<List<string>>(awaitOf, [WithResults()])).ShouldBe(["first", "second"]);
        (await _runtime.CallAsync<List<string>>(awaitOf, [new ValueTask<int[]>(WithResults())])).ShouldBe(["first", "second"]);

        async Task Fail(string message)
        {
            if (isPending)
            {
                await Task.Yield();
            }

            throw new FormatException(message);
        }
    }

    [Fact]
    public async Task FunctionIntoPy_ResultlessOfZeroToEightParameters_GivesNone()
    {
        int calls = 0;
        PyObject[] functions =
        [
            _runtime.FunctionIntoPy("f", (CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", () => Done()),
            _runtime.FunctionIntoPy("f", (int a, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f, int g, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f, int g) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f, int g, int h, CancellationToken _) => Done()),
            _runtime.FunctionIntoPy("f", (int a, int b, int c, int d, int e, int f, int g, int h) => Done()),
        ];

        for (int i = 0; i < functions.Length; i++)
        {
            using PyObject result = await _runtime.CallAsync(functions[i], [.. Enumerable.Range(0, i / 2).Cast<object?>()]);
            result.IsNone.ShouldBeTrue();
            functions[i].Dispose();
        }

        calls.ShouldBe(functions.Length);

        Task Done()
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task FunctionIntoPy_Parameters_AreASignatureInPython()
    {
        using PyObject inspect = PyObject.Import("inspect");
        using PyObject lambda = _runtime.FunctionIntoPy("f", async (int maxCount, string from, CancellationToken cancellationToken) => await Sum(cancellationToken, maxCount));
        using PyObject method = _runtime.FunctionIntoPy<string, int, double, string?, bool, string>("price", PriceAsync);
        using PyObject none = _runtime.FunctionIntoPy("none", () => Task.CompletedTask);
        using PyObject any = _runtime.FunctionIntoPy("any", arguments => _ => Task.FromResult(1), PyConvert.Int32);
        using PyObject same = _runtime.FunctionIntoPy("same", async (int _, int _) => await Sum());

        (await Signature(lambda)).ShouldBe("(max_count, from_)");
        (await Signature(method)).ShouldBe(@"(item, count=2, factor=1.0, currency=None, is_gross=True)");
        (await Signature(none)).ShouldBe("()");
        (await Signature(any)).ShouldBe("(*args, **kwargs)");
        (await Signature(same)).ShouldBe("(arg0, arg1)");

        async Task<string> Signature(PyObject function) => await _runtime.InvokeAsync(() =>
        {
            using PyObject signature = inspect.CallMethod("signature", [function]);
            return signature.ToString();
        });
    }

    [Fact]
    public async Task FunctionIntoPy_DefaultValues_HoldWhereNothingIsPassed()
    {
        using PyObject price = _runtime.FunctionIntoPy<string, int, double, string?, bool, string>("price", PriceAsync);

        (await _runtime.CallAsync<string>(price, ["tea"])).ShouldBe("tea 2 1  True");
        (await _runtime.CallAsync<string>(price, ["tea", 3])).ShouldBe("tea 3 1  True");
        (await _runtime.CallAsync<string>(price, ["tea", PyArgument.Named("is_gross", false), PyArgument.Named("currency", "EUR")])).ShouldBe("tea 2 1 EUR False");
        (await _runtime.CallAsync<string>(price, ["tea", 1, 2.5, null])).ShouldBe("tea 1 2.5  True");
    }

    [Theory]
    [InlineData("price()", "price() missing 1 required positional argument: 'item'")]
    [InlineData("price(1)", "price() argument 'item': A Python 'int' cannot be converted to System.String. Use ToString() for str() of any object.")]
    [InlineData("price('tea', 'x')", "price() argument 'count': A Python 'str' cannot be converted to System.Int32.")]
    [InlineData("price('tea', colour=1)", "price() got an unexpected keyword argument 'colour'")]
    [InlineData("price('tea', item='tea')", "price() got multiple values for argument 'item'")]
    [InlineData("price('tea', 1, 1, None, True, 5)", "price() takes from 1 to 5 positional arguments but 6 were given")]
    public async Task FunctionIntoPy_WrongArguments_AreATypeErrorAsOfPythonsOwnFunctions(string call, string message)
    {
        using PyObject price = _runtime.FunctionIntoPy<string, int, double, string?, bool, string>("price", PriceAsync);
        using PyObject module = PyObject.ImportSource($"""
            async def main(price):
                try:
                    await {call}
                except TypeError as e:
                    return str(e)
            """);

        (await _runtime.CallMethodAsync<string>(module, "main", [price])).ShouldBe(message);
    }

    [Fact]
    public async Task FunctionIntoPy_CancelledAwait_AbandonsWorkWithoutATokenAndWaitsForWorkWithOne()
    {
        var release = new TaskCompletionSource();
        using PyObject withToken = _runtime.FunctionIntoPy("f", async (int x, CancellationToken cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return x;
        });
        using PyObject without = _runtime.FunctionIntoPy("f", async (int x) =>
        {
            await release.Task;
            return x;
        });
        using PyObject module = PyObject.ImportSource("""
            import asyncio

            async def cancel(f):
                task = asyncio.ensure_future(f(1))
                await asyncio.sleep(0)
                task.cancel()
                try:
                    return await task
                except asyncio.CancelledError:
                    return -1
            """);

        (await _runtime.CallMethodAsync<int>(module, "cancel", [withToken])).ShouldBe(-1);
        (await _runtime.CallMethodAsync<int>(module, "cancel", [without])).ShouldBe(-1, "the work continues, and nothing waits for it");
        release.SetResult();
    }

    private static Task<int> Sum(params int[] values) => Task.FromResult(values.Sum());

    private static async Task<int> Sum(CancellationToken cancellationToken, params int[] values)
    {
        cancellationToken.CanBeCanceled.ShouldBeTrue();
        await Task.Yield();
        return values.Sum();
    }

    private static Task<string> PriceAsync(string item, int count = 2, double factor = 1, string? currency = null, bool isGross = true) =>
        Task.FromResult(FormattableString.Invariant($"{item} {count} {factor} {currency} {isGross}"));
}
