using System.Collections.Concurrent;
using PyAsync.Interop;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    private static readonly ConcurrentDictionary<int, TaskCompletionSource<int>> s_gates = new();

    /// <summary>Waits until <see cref="OpenGate"/> is called; it ignores its token.</summary>
    [PyFunction]
    public static async Task<int> StubbornGateAsync(int gate, CancellationToken ct)
    {
        int result = await Gate(gate).Task.ConfigureAwait(false);
        return ct.IsCancellationRequested ? -result : result;
    }

    /// <summary>Waits until <see cref="OpenGate"/> is called.</summary>
    [PyFunction]
    public static async Task<int> GateAsync(int gate, CancellationToken ct) => await Gate(gate).Task.WaitAsync(ct).ConfigureAwait(false);

    /// <summary>Ends a wait: with a result, or with a failure.</summary>
    [PyFunction]
    public static void OpenGate(int gate, int result = 0, bool fails = false)
    {
        TaskCompletionSource<int> waits = Gate(gate);
        if (fails)
        {
            waits.SetException(new InvalidOperationException("late"));
        }
        else
        {
            waits.SetResult(result);
        }
    }

    /// <summary>A function that returns a failure, in each way in which a future is created.</summary>
    [PyFunction]
    public static PyObject MakeFailing(IRuntime runtime, string way)
    {
        Func<CancellationToken, Task> work = static _ => FailAsync("late");
        return PyFunction.Create("failing", _ => way switch
        {
            "work" => runtime.FutureIntoPy(work),
            "work that fails at its start" => runtime.FutureIntoPy(static _ => throw new InvalidOperationException("late")),
            "started" => runtime.FutureIntoPy(FailAsync("late")),
            "done" => runtime.FutureIntoPy(Task.FromException(new InvalidOperationException("late"))),
            "value" => runtime.FutureIntoPy(new ValueTask<int>(Task.FromException<int>(new InvalidOperationException("late"))), PyConvert.Int32),
            "spawned" => runtime.FutureIntoPy(runtime.Spawn(work)),
            _ => runtime.FutureIntoPy(runtime.SpawnBlocking(static _ => throw new InvalidOperationException("late"))),
        });
    }

    [PyFunction]
    public static async IAsyncEnumerable<int> FailInStreamAsync(string message)
    {
        await FailAsync(message).ConfigureAwait(false);
        yield return 0;
    }

    /// <summary>A function as an application creates it: it returns its argument after a while.</summary>
    [PyFunction]
    public static PyObject MakeFunction(IRuntime runtime, string form)
    {
        static async Task<long> Later(long value)
        {
            await Task.Yield();
            return value;
        }

        Func<CancellationToken, Task<long>> Read(CallbackArguments arguments)
        {
            long value = arguments.Get(0, PyConvert.Int64);
            return _ => Later(value);
        }

        return form switch
        {
            "future" => runtime.FunctionIntoPy(form, Read, PyConvert.Int64, doc: "Gives a future."),
            "coroutine" => runtime.FunctionIntoPy(form, Read, PyConvert.Int64, returns: PyAwaitable.Coroutine),
            "inline" => runtime.InlineFunctionIntoPy(form, static arguments => new ValueTask<long>(Later(arguments.Get(0, PyConvert.Int64))), PyConvert.Int64),
            _ => PyFunction.Create(form, static () => { }),
        };
    }

    private static TaskCompletionSource<int> Gate(int number) =>
        s_gates.GetOrAdd(number, static _ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
}
