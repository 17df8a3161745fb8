using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Python modules and objects as C# interfaces.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class TypedModuleTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    private ITypedWeather Weather => Runtime.Import<ITypedWeather>();

    /// <summary>Gets a second instance, which has looked up nothing yet.</summary>
    private ITypedWeather NewWeather => Runtime.In(Runtime.CaptureContext()).Import<ITypedWeather>();

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Runtime.InvokeAsync(static () =>
        {
            using PyObject sys = PyObject.Import("sys"), modules = sys.GetAttr("modules");
            using PyObject? existing = modules.CallMethod("get", ["typed_weather"]) is { IsNone: false } found ? found : null;
            if (existing is null)
            {
                using Stream source = typeof(TypedModuleTests<>).Assembly.GetManifestResourceStream("typed_weather.py")!;
                using PyObject module = PyObject.ImportSource(new StreamReader(source).ReadToEnd(), "typed_weather");
                modules["typed_weather"] = module;
                using PyObject counting = module.GetAttr("counting"), raising = module.GetAttr("raising");
                modules["typed_counting"] = counting;
                modules["typed_raising"] = raising;
            }
        });
    }

    [ConformanceFact]
    public virtual async Task Functions_of_every_kind_are_methods()
    {
        (await Weather.ForecastAsync("Oslo", 5)).ShouldBe("Oslo: 5 days");
        (await Weather.AddAsync(1, 5)).ShouldBe(6, "a plain function, called on the loop");
        (await Weather.Add(2, 5)).ShouldBe(7);
        Weather.AddNow(3, 5).ShouldBe(8);
        (await Weather.ReadingsAsync(4).ToListAsync()).ShouldBe([40, 41, 42]);
        (await Weather.ReadingsAsync(5, 2).ToListAsync()).ShouldBe([50, 51]);
    }

    [ConformanceFact]
    public virtual void Attributes_are_properties()
    {
        Weather.Version.ShouldBe("1.0");
        int before = Weather.Level;
        Weather.Level = before + 1;
        Weather.Level.ShouldBe(before + 1);
    }

    [ConformanceFact]
    public virtual async Task A_value_that_equals_the_declared_default_is_not_sent()
    {
        (await Weather.ForecastAsync("Oslo")).ShouldBe("Oslo: 7 days", "Python's default is 7, that of the interface 3");
        (await Weather.ForecastAsync("Oslo", 3)).ShouldBe("Oslo: 7 days");
        (await Weather.PassedAsync()).ShouldBe("() []");
        (await Weather.PassedAsync("Rome", 4)).ShouldBe("('Rome', 4) []");
        (await Weather.PassedAsync(days: 4)).ShouldBe("() [('days', 4)]", "by keyword after an omitted one");
        (await Weather.PassedAsync("Rome", unit: "F", loud: true)).ShouldBe("('Rome',) [('loud', True), ('unit', 'F')]");
    }

    [ConformanceFact]
    public virtual async Task Arguments_are_passed_by_position_and_by_keyword_as_declared()
    {
        (await Weather.PassedAllAsync("a", options: new Dictionary<string, object?> { ["x"] = null, ["y"] = 1.5 }, rest: [7, 8]))
            .ShouldBe("('a', 2, 7, 8) [('x', None), ('y', 1.5)]", "*args need every argument before them");
        Weather.Shape(1, c: 5).ShouldBe("1 2 5 () 4 {}");
        Weather.Shape(1, d: 9, options: new Dictionary<string, int> { ["e"] = 6 }, rest: [7]).ShouldBe("1 2 3 (7,) 9 {'e': 6}");
        Weather.ByPosition().ShouldBe("1 2 3");
        Weather.ByPosition(b: 5).ShouldBe("1 5 3");
        Weather.ByPosition(c: 5).ShouldBe("1 2 5");
        Weather.ByPositionIfGiven(7, 8).ShouldBe("7 8 3");
        Should.Throw<ArgumentException>(() => Weather.ByPositionIfGiven(b: 8)).Message.ShouldContain("'b' is passed by position, and an argument before it is not given");
    }

    [ConformanceFact]
    public virtual async Task An_optional_argument_distinguishes_None_from_nothing()
    {
        (await Weather.OptionalAsync()).ShouldBe("'default'");
        (await Weather.OptionalAsync(null)).ShouldBe("None");
        (await Weather.OptionalAsync("F")).ShouldBe("'F'");
    }

    [ConformanceFact]
    public virtual async Task Python_awaits_and_calls_delegates()
    {
        List<string> tokens = [];
        (await Weather.SummarizeAsync("a b c", async (token, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            tokens.Add(token);
        })).ShouldBe(3);
        tokens.ShouldBe(["a", "b", "c"]);
        (await Weather.ApplyAsync(static x => x * x, [1, 2, 3])).ShouldBe([1, 4, 9]);
        LookupException failure = await ThrowsAsync<LookupException>(Weather.SummarizeAsync("a", static (_, _) => throw new LookupException()));
        failure.StackTrace.ShouldNotBeNull();
    }

    [ConformanceFact]
    public virtual async Task Python_awaits_Tasks_and_reads_streams_that_are_arguments()
    {
        (await Weather.TotalAsync(Task.Run(static () => 1), Items())).ShouldBe(6);

        static async IAsyncEnumerable<int> Items()
        {
            await Task.Yield();
            yield return 2;
            yield return 3;
        }
    }

    [ConformanceFact]
    public virtual async Task The_token_of_a_delegate_fires_when_Python_cancels()
    {
        bool hasBegun = false;
        int fired = 0;
        (await Weather.CancelCallbackAsync(
            async cancellationToken =>
            {
                try
                {
                    Volatile.Write(ref hasBegun, true);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    fired++;
                }

                return "";
            },
            () => Volatile.Read(ref hasBegun))).ShouldBeTrue();
        fired.ShouldBe(1);
    }

    [ConformanceFact]
    public virtual async Task Records_are_arguments_and_results()
    {
        (await Weather.ReportAsync([new TypedReport("Oslo", 1.5)], 2)).ShouldBe(new TypedReport("Oslo", 3));
        PythonTypeErrorException error = await ThrowsAsync<PythonTypeErrorException>(Weather.WrongReportAsync([new TypedReport("Oslo", 1)]));
        error.Message.ShouldStartWith("The result of typed_weather.report (ITypedWeather.WrongReportAsync): ");
        error.Message.ShouldContain("humidity");
    }

    [ConformanceFact]
    public virtual async Task No_reference_is_lost_over_many_calls_that_succeed_and_fail()
    {
        using PyObject value = PyObject.ImportSource("value = object()", "value").GetAttr("value"), sys = PyObject.Import("sys");
        const int Times = 100;
        await KeepAndRefuse(1);
        int before = await Count();
        await KeepAndRefuse(Times);

        // The last failures may still be referred to, before and now.
        (await Count()).ShouldBeLessThan(before + (Times / 10));

        Task<int> Count() => Runtime.InvokeAsync(() => sys.GetAttr("getrefcount").Call([value], PyConvert.Int32));

        async Task KeepAndRefuse(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await Weather.KeepAsync(value, value);
                await ThrowsAsync<PythonException>(Weather.RefuseAsync(value));
                await ThrowsAsync<PythonTypeErrorException>(Weather.RefusedAsync(value, value));
                GC.Collect(0);
            }

            // Exceptions keep their frames, and so the arguments, until they are collected.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Runtime.InvokeAsync(static () => PyObject.Import("gc").CallMethod("collect").Dispose());
        }
    }

    [ConformanceFact]
    public virtual async Task The_token_of_a_call_cancels_the_Python_task()
    {
        using var source = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task waiting = Weather.WaitAsync(started.SetResult, source.Token);
        await started.Task.WaitAsync(Soon);
        await source.CancelAsync();

        (await ThrowsAsync<OperationCanceledException>(waiting)).CancellationToken.ShouldBe(source.Token);
    }

    [ConformanceFact]
    public virtual async Task A_stream_ends_with_either_token()
    {
        foreach (bool byReading in (bool[])[true, false])
        {
            using CancellationTokenSource ofCall = new(), ofReading = new();
            CancellationTokenSource source = byReading ? ofReading : ofCall;
            int seen = 0;
            OperationCanceledException error = await ThrowsAsync<OperationCanceledException>(async () =>
            {
                await foreach (int _ in Weather.ReadingsAsync(1, 1_000_000, ofCall.Token).WithCancellation(ofReading.Token))
                {
                    if (++seen == 3)
                    {
                        await source.CancelAsync();
                    }
                }
            });
            seen.ShouldBeLessThan(1_000_000);
            error.CancellationToken.ShouldBe(source.Token, "the caller's own token, not one that links both");
        }
    }

    [ConformanceFact]
    public virtual async Task An_exception_of_the_function_is_not_changed()
    {
        PythonException error = await ThrowsAsync<PythonException>(Weather.FailAsync());
        error.Error.Message.ShouldBe("no such city");
        error.IsInstanceOf("LookupError").ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task Calls_begin_in_their_order_also_the_first_ones()
    {
        ITypedWeather weather = NewWeather;
        List<int> begun = [];
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => weather.ApplyAsync(
            x =>
            {
                begun.Add(x); // On the loop's thread.
                return x;
            },
            [i])));
        begun.ShouldBe(Enumerable.Range(0, 100));
    }

    [ConformanceFact]
    public virtual async Task A_function_is_looked_up_once()
    {
        ITypedCounting counting = Runtime.In(Runtime.CaptureContext()).Import<ITypedCounting>();
        int first = await counting.CountedAsync();
        (await counting.CountedAsync()).ShouldBe(first);
        (await counting.CountedAsync()).ShouldBe(first);
    }

    [ConformanceFact]
    public virtual void A_runtime_has_one_instance_of_an_interface() => Runtime.Import<ITypedWeather>().ShouldBeSameAs(Weather);

    private sealed class LookupException : Exception;
}
