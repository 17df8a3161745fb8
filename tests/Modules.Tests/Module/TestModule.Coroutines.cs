using PyAsync.Interop;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    /// <summary>The number of calls of the functions here that have started.</summary>
    [PyFunction]
    public static int Started() => Volatile.Read(ref s_started);

    private static int s_started;

    /// <summary>Sleeps, as a coroutine.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="result">What it gives.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static async Task<int> CoroSleepAsync(double seconds, int result = 0, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref s_started);
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        return result;
    }

    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static Task CoroNoop() => Task.CompletedTask;

    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static ValueTask<PyObject> CoroValueAsync(PyObject value) => new(value);

    [PyFunction(Returns = PyAwaitable.Coroutine, Start = PyStart.Scheduled)]
    public static async Task<string[]> CoroScheduledAsync() => await ThreadsAsync().ConfigureAwait(false);

    [PyFunction(Returns = PyAwaitable.Coroutine, Cancel = CancelBehavior.Abandon)]
    public static async Task CoroAbandonAsync(CancellationToken cancellationToken) => await AbandonAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Fails before its first await, or after.</summary>
    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static Task CoroFailAsync(string message, bool later = false) => later ? FailAsync(message) : throw new ArgumentException(message);

    /// <summary>Ends with a StopIteration, which no coroutine may raise.</summary>
    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static Task CoroCallAsync(PyObject function)
    {
        function.Call().Dispose();
        return Task.CompletedTask;
    }

    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static async Task<bool> CoroIsOnLoopAsync(EventLoopContext context, PyObject loop)
    {
        await Task.Yield();
        return context.Loop.GetPythonLoop().Is(loop);
    }

    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static async Task<long> CoroCallBackAsync(IRuntime runtime, PyObject function, params long[] numbers)
    {
        long sum = 0;
        foreach (long number in numbers)
        {
            sum += await runtime.CallAsync(function, [number], PyConvert.Int64).ConfigureAwait(false);
        }

        return sum;
    }

    /// <summary>Runs .NET's garbage collector and finalisers.</summary>
    [PyFunction]
    public static async Task CollectAsync()
    {
        await Task.Yield();
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Methods that are coroutine functions.</summary>
    [PyClass]
    public sealed class Pump(int strokes)
    {
        private int _strokes = strokes;

        [PyFunction("__aenter__", Returns = PyAwaitable.Coroutine)]
        public async Task<Pump> OpenAsync()
        {
            await Task.Yield();
            return this;
        }

        [PyFunction("__aexit__", Returns = PyAwaitable.Coroutine)]
        public Task CloseAsync(object? type = null, object? error = null, object? traceback = null) => Task.CompletedTask;

        [PyFunction("__anext__", Returns = PyAwaitable.Coroutine)]
        public async Task<int> StrokeAsync()
        {
            await Task.Yield();
            return _strokes > 0 ? _strokes-- : throw new StopAsyncIterationException();
        }

        /// <summary>Adds strokes.</summary>
        [PyFunction(Returns = PyAwaitable.Coroutine)]
        public Task<int> AddAsync(int strokes) => Task.FromResult(_strokes += strokes);

        [PyFunction(Returns = PyAwaitable.Coroutine)]
        public static Task<Pump> MakeAsync(int strokes) => Task.FromResult(new Pump(strokes));
    }
}
