using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>What the tests import.</summary>
/// <remarks>It has one of everything.</remarks>
[PyModule("my_test_module")]
internal static partial class TestModule
{
    /// <summary>Which it is.</summary>
    [PyConstant]
    public const string Version = "1.0";

    [PyConstant]
    public static IReadOnlyList<int>? VersionInfo => [1, 0];

    [PyConstant("nothing")]
    internal static string? Nothing => null;

    /// <summary>Does nothing, and is done at once.</summary>
    [PyFunction]
    public static Task Noop() => Task.CompletedTask;

    /// <summary>Does nothing, on the thread pool.</summary>
    [PyFunction(Start = PyStart.Scheduled)]
    public static Task ScheduledNoop() => Task.CompletedTask;

    /// <summary>Sleeps.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="result">What it gives.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    /// <returns>The `result`.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
    [PyFunction]
    public static async Task<int> SleepAsync(double seconds, int result = 0, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), ct).ConfigureAwait(false);
        return result;
    }

    /// <summary>Sleeps, and cannot be cancelled.</summary>
    [PyFunction]
    public static async Task StubbornSleepAsync(double seconds) => await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);

    /// <summary>Raises a signal on a thread of the pool, which Python knows nothing of, and ends.</summary>
    [PyFunction]
    public static async Task RaiseSignalOnPoolAsync(int number)
    {
        await Task.Yield();
        _ = Raise(number);
    }

    /// <summary>Sleeps, and takes a cancellation for an end.</summary>
    [PyFunction]
    public static async Task<string> SwallowCancelAsync(CancellationToken ct)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return "swallowed";
        }

        return "never";
    }

    /// <summary>Takes its time to clean up.</summary>
    [PyFunction(Cancel = CancelBehavior.Abandon)]
    public static async Task AbandonAsync(CancellationToken ct)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(false);
        }
        finally
        {
            await Task.Delay(200, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>How often the token of <see cref="CountCancelAsync"/> fired.</summary>
    [PyFunction]
    public static int Cancellations() => Volatile.Read(ref s_cancellations);

    private static int s_cancellations;

    [PyFunction]
    public static async Task CountCancelAsync(CancellationToken ct)
    {
        // Not by a registration of its own: the delay's is called first, and what comes after the delay might take ours back before its turn.
        try
        {
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(false);
        }
        finally
        {
            if (ct.IsCancellationRequested)
            {
                Interlocked.Increment(ref s_cancellations);
            }
        }
    }

    /// <summary>Goes to the thread pool and comes back.</summary>
    [PyFunction]
    public static async Task<int> YieldAsync(int value)
    {
        await Task.Yield();
        return value;
    }

    [PyFunction]
    public static ValueTask<int> ValueAsync(int value) => new(value);

    [PyFunction]
    public static async ValueTask LaterAsync() => await Task.Yield();

    /// <summary>Adds two numbers.</summary>
    [PyFunction]
    public static int Add(int left, int right = 1) => left + right;

    [PyFunction]
    public static long SumAll(string label, params long[] numbers) => label.Length + numbers.Sum();

    [PyFunction]
    public static string Greet(string name, string? greeting = null, bool loud = false, double times = 1.5, char end = '!', DayOfWeek day = DayOfWeek.Friday, TimeSpan pause = default) =>
        $"{greeting ?? "hello"} {name}{end}{(loud ? "!!" : "")} {times} {day} {pause}";

    /// <summary>Whether a parameter is named like a keyword of either language.</summary>
    [PyFunction("from_class")]
    public static string Keywords(string @class, string from, string lambda) => @class + from + lambda;

    [PyFunction]
    public static (int Count, string Name) Pair(IReadOnlyList<int> items, IReadOnlyDictionary<string, double> weights, int? limit = null) =>
        (items.Take(limit ?? int.MaxValue).Count(), string.Join(",", weights.Keys));

    [PyFunction]
    public static object? Anything(object? value) => value;

    /// <summary>Fails on the calling thread.</summary>
    [PyFunction]
    public static void Fail(string message) => throw new ArgumentException(message);

    /// <summary>Fails after a while.</summary>
    [PyFunction("fail_later")]
    public static async Task FailAsync(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    /// <summary>Counts.</summary>
    [PyFunction]
    public static async IAsyncEnumerable<int> CountAsync(int to, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (int i = 0; i < to; i++)
        {
            await Task.Delay(1, ct).ConfigureAwait(false);
            yield return i;
        }
    }

    [PyFunction]
    public static string ThreadOf() => Thread.CurrentThread.IsThreadPoolThread ? "pool" : "caller";

    /// <summary>Where an asynchronous function begins and goes on.</summary>
    [PyFunction]
    public static async Task<string[]> ThreadsAsync()
    {
        string first = ThreadOf();
        await Task.Yield();
        return [first, ThreadOf()];
    }

    [PyFunction(Start = PyStart.Scheduled)]
    public static async Task<string[]> ScheduledThreadsAsync() => await ThreadsAsync().ConfigureAwait(false);

    /// <summary>Awaits a coroutine; the calling thread runs a loop until it is done.</summary>
    [PyFunction]
    public static int? AwaitCoro(IRuntime runtime, PyObject coro) =>
        runtime.RunUntilComplete(ct => runtime.IntoFuture(coro, PyConvert.Nullable(PyConvert.Int32), ct));

    /// <summary>Calls a coroutine function and awaits what it gives.</summary>
    [PyFunction]
    public static int? AwaitCallable(IRuntime runtime, PyObject callable) =>
        runtime.RunUntilComplete(ct => runtime.Call(callable, default, PyConvert.Nullable(PyConvert.Int32), ct));

    /// <summary>Calls a coroutine function a number of times, after it has left the calling thread.</summary>
    [PyFunction]
    public static async Task<long> CallBackAsync(IRuntime runtime, PyObject function, int times, CancellationToken ct)
    {
        await Task.Yield();
        long sum = 0;
        for (int i = 0; i < times; i++)
        {
            sum += await runtime.Call(function, [i], PyConvert.Int64, ct).ConfigureAwait(false);
        }

        function.Dispose();
        return sum;
    }

    /// <summary>Ends as what it awaits does; a cancellation is not handed on.</summary>
    [PyFunction]
    public static async Task<PyObject> ThroughAsync(IRuntime runtime, PyObject awaitable) => await runtime.IntoFuture(awaitable).ConfigureAwait(false);

    /// <summary>Has .NET look after the terminal, which makes it look after signals too.</summary>
    [PyFunction]
    public static void WriteToConsole(string text) => Console.Out.WriteLine(text);

    [PyFunction]
    public static bool IsOnLoop(EventLoopContext context, PyObject loop) => context.Loop.PythonLoop.Is(loop);

    /// <summary>Blocks the calling thread on the loop's own work.</summary>
    [PyFunction]
    public static long BlockOn(IRuntime runtime, PyObject function) => runtime.Call(function, [1], PyConvert.Int64).GetAwaiter().GetResult();

    /// <summary>Fails if <c>sys</c> says so.</summary>
    [PyModuleInit]
    public static void Initialize(PyObject module)
    {
        using PyObject sys = PyObject.Import("sys");
        if (sys.HasAttr("my_test_module_fails"))
        {
            throw new InvalidOperationException("no luck today");
        }

        using PyObject version = module.GetAttr("VERSION");
        module.SetAttr("NEXT_VERSION", PyObject.From(version + "1", PyConvert.String));
    }

    [DllImport("libc", EntryPoint = "raise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Raise(int number);
}
