using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The module that the tests import.</summary>
/// <remarks>It has one of everything.</remarks>
[PyModule("my_test_module")]
internal static partial class TestModule
{
    /// <summary>The form of the module.</summary>
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
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <returns>The `result`.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
    [PyFunction]
    public static async Task<int> SleepAsync(double seconds, int result = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Sleeps, and cannot be cancelled.</summary>
    [PyFunction]
    public static async Task StubbornSleepAsync(double seconds) => await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);

    /// <summary>Meets a NullReferenceException, which .NET makes of a SIGSEGV, if there is no text.</summary>
    [PyFunction]
    public static string Trim(string? text) => text!.Trim();

    /// <summary>Meets a DivideByZeroException, which .NET makes of a SIGFPE.</summary>
    [PyFunction]
    public static int Divide(int dividend, int divisor) => dividend / divisor;

    /// <summary>Begins to meet and to catch NullReferenceExceptions on a thread of the pool, for so many seconds.</summary>
    [PyFunction]
    public static void TrimInBackground(double seconds) => Task.Run(async () =>
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            try
            {
                Trim(null);
            }
            catch (NullReferenceException)
            {
                await Task.Delay(1).ConfigureAwait(false);
            }
        }
    });

    /// <summary>Raises a signal on a thread of the pool that Python does not know, and ends.</summary>
    [PyFunction]
    public static async Task RaiseSignalOnPoolAsync(int number)
    {
        await Task.Yield();
        _ = Raise(number);
    }

    /// <summary>Sleeps, and takes a cancellation for an end.</summary>
    [PyFunction]
    public static async Task<string> SwallowCancelAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return "swallowed";
        }

        return "never";
    }

    /// <summary>Cleans up slowly.</summary>
    [PyFunction(Cancel = CancelBehavior.Abandon)]
    public static async Task AbandonAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await Task.Delay(200, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The number of times that the token of <see cref="CountCancelAsync"/> fired.</summary>
    [PyFunction]
    public static int Cancellations() => Volatile.Read(ref s_cancellations);

    private static int s_cancellations;

    [PyFunction]
    public static async Task CountCancelAsync(CancellationToken cancellationToken)
    {
        // Not by a separate registration: the delay's is called first, and the code after the delay might dispose ours before its turn.
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Interlocked.Increment(ref s_cancellations);
            }
        }
    }

    /// <summary>Goes to the thread pool and back.</summary>
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
    public static async IAsyncEnumerable<int> CountAsync(int to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < to; i++)
        {
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
            yield return i;
        }
    }

    [PyFunction]
    public static string ThreadOf() => Thread.CurrentThread.IsThreadPoolThread ? "pool" : "caller";

    /// <summary>Returns the threads on which an asynchronous function begins and continues.</summary>
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
        runtime.RunUntilComplete(cancellationToken => runtime.IntoFuture(coro, PyConvert.Nullable(PyConvert.Int32), cancellationToken));

    /// <summary>Calls a coroutine function and awaits its result.</summary>
    [PyFunction]
    public static int? AwaitCallable(IRuntime runtime, PyObject callable) =>
        runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(callable, default, PyConvert.Nullable(PyConvert.Int32), cancellationToken));

    /// <summary>Calls a coroutine function a number of times, after it has left the calling thread.</summary>
    [PyFunction]
    public static async Task<long> CallBackAsync(IRuntime runtime, PyObject function, int times, CancellationToken cancellationToken)
    {
        await Task.Yield();
        long sum = 0;
        for (int i = 0; i < times; i++)
        {
            sum += await runtime.CallAsync(function, [i], PyConvert.Int64, cancellationToken).ConfigureAwait(false);
        }

        function.Dispose();
        return sum;
    }

    private static IRuntime? s_kept;

    /// <summary>Keeps the runtime for functions that do not take it.</summary>
    [PyFunction]
    public static void KeepRuntime(IRuntime runtime) => s_kept = runtime;

    /// <summary>Starts something that calls back later, on another thread; a synchronous function without a runtime among its parameters.</summary>
    [PyFunction]
    public static void StartCallBack(PyObject function, PyObject done) => _ = Task.Run(async () =>
    {
        string outcome;
        try
        {
            outcome = await s_kept!.CallAsync(function, [], PyConvert.String).ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            outcome = e.Message;
        }

        done.Call([outcome]).Dispose();
    });

    /// <summary>A function made from a plain C# callback, for Python to call.</summary>
    [PyFunction]
    public static PyObject MakeCallback(IRuntime runtime, PyObject function, PyObject done) =>
        PyFunction.Create("callback", () => _ = Task.Run(async () => done.Call([await runtime.CallAsync(function, [], PyConvert.String).ConfigureAwait(false)]).Dispose()));

    /// <summary>Ends as the awaitable does; a cancellation is not passed on.</summary>
    [PyFunction]
    public static async Task<PyObject> ThroughAsync(IRuntime runtime, PyObject awaitable) => await runtime.IntoFuture(awaitable).ConfigureAwait(false);

    /// <summary>Makes .NET handle the terminal, and so handle signals too.</summary>
    [PyFunction]
    public static void WriteToConsole(string text) => Console.Out.WriteLine(text);

    [PyFunction]
    public static bool IsOnLoop(EventLoopContext context, PyObject loop) => context.Loop.GetPythonLoop().Is(loop);

    /// <summary>Fails if <c>sys</c> has the mark.</summary>
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
