using PyAsync.Interop;

namespace PyAsync.Tests.OnThreadPool;

/// <summary>A module of the application.</summary>
[PyModule("added_module")]
public abstract class AddedModule
{
    private static int s_cancelled;

    [PyConstant]
    public static int Limit => 10;

    [PyFunction]
    public static async Task<int> DoubleAsync(int number)
    {
        await Task.Yield();
        return 2 * number;
    }

    [PyFunction]
    public static async IAsyncEnumerable<int> CountTo(int end)
    {
        for (int i = 0; i < end; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    [PyFunction(Start = PyStart.Scheduled)]
    public static async Task<string> NameAsync(IRuntime runtime)
    {
        await Task.Yield();
        return runtime.Name;
    }

    [PyFunction]
    public static async Task<int> AskAsync(PyObject function, IRuntime runtime)
    {
        await Task.Yield();
        return await runtime.CallAsync<int>(function);
    }

    [PyFunction]
    public static async Task WaitUntilCancelledAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref s_cancelled);
        }
    }

    [PyFunction]
    public static int Cancelled() => Volatile.Read(ref s_cancelled);

    [PyClass]
    public sealed class Counter(int count) : IAsyncDisposable
    {
        public int Count { get; private set; } = count;

        public void Add() => Count++;

        public async ValueTask DisposeAsync() => await Task.Yield();
    }
}

[PyModule("added_package.inner.tools")]
public static class ModuleInAPackage
{
    [PyFunction]
    public static int Add(int left, int right) => left + right;
}

[PyModule("asyncio")]
public abstract class ModuleNamedLikeAnother;

/// <summary>A module during whose initialisation another thread adds it too.</summary>
[PyModule("contended_module")]
public abstract class ContendedModule
{
    private static int s_initialised;

    public static PyObject? OfOtherThread { get; private set; }

    [PyModuleInit]
    public static void Init(IRuntime runtime)
    {
        if (Interlocked.Increment(ref s_initialised) > 1)
        {
            return;
        }

        var other = new Thread(() =>
        {
            runtime.AddModule<ContendedModule>();
            OfOtherThread = PyObject.Import("contended_module");
        });
        other.Start();
        using DetachScope detached = PythonThread.Detach();
        other.Join();
    }
}

/// <summary>A module that the test registers under other names.</summary>
public abstract class RacedModule;

/// <summary>A module that adds itself.</summary>
[PyModule("own_module")]
public abstract class OwnModule
{
    public static int Initialised { get; private set; }

    [PyFunction]
    public static int One() => 1;

    [PyModuleInit]
    public static void Init(IRuntime runtime)
    {
        Initialised++;
        runtime.AddModule<OwnModule>();
    }
}

[PyModule("failing_module")]
public abstract class FailingModule
{
    [PyModuleInit]
    public static void Init() => throw new NotSupportedException("not today");
}
