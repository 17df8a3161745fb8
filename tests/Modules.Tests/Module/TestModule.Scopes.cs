using PyAsync.Interop;

namespace PyAsync.Tests;

// C# code inside Python's context managers, groups of work, and queues.
internal static partial class TestModule
{
    /// <summary>Awaits a function inside a context manager, with the value that entering gives.</summary>
    [PyFunction]
    public static async Task<int> InsideAsync(IRuntime runtime, PyObject manager, PyObject function, CancellationToken ct) =>
        await runtime.UsingAsync(() => manager.Call(), PyConvert.Int32, (value, token) => runtime.CallAsync(function, [value], PyConvert.Int32, token), ct).ConfigureAwait(false);

    /// <summary>Waits inside a context manager until it is cancelled.</summary>
    [PyFunction]
    public static async Task WaitInsideAsync(IRuntime runtime, PyObject manager, CancellationToken ct) =>
        await runtime.UsingAsync(() => manager.Call(), static (_, token) => Task.Delay(Timeout.Infinite, token), ct).ConfigureAwait(false);

    /// <summary>Enters a context manager, awaits a function, and completes the scope if that gives a positive number.</summary>
    [PyFunction]
    public static async Task EnterAsync(IRuntime runtime, PyObject manager, PyObject function, CancellationToken ct)
    {
        PyScope<int> scope = await runtime.EnterAsync(() => manager.Call(), PyConvert.Int32, ct).ConfigureAwait(false);
        await using (scope.ConfigureAwait(false))
        {
            if (await runtime.In(scope.Context).CallAsync(function, [scope.Value], PyConvert.Int32, scope.Token).ConfigureAwait(false) > 0)
            {
                scope.Complete();
            }
        }
    }

    /// <summary>Runs a function several times at once, and as many waits of C#, as a group that ends together.</summary>
    [PyFunction]
    public static async Task<int> TogetherAsync(IRuntime runtime, PyObject function, int count, CancellationToken ct) =>
        await runtime.RunScopeAsync(
            async scope =>
            {
                List<ScopeChild<int>> children = [];
                for (int i = 0; i < count; i++)
                {
                    int number = i;
                    children.Add(scope.Start(() => function.Call([number]), PyConvert.Int32));
                    children.Add(scope.Start(async token =>
                    {
                        await Task.Yield();
                        token.ThrowIfCancellationRequested();
                        return number;
                    }));
                }

                int sum = 0;
                foreach (ScopeChild<int> child in children)
                {
                    sum += await child.Task.ConfigureAwait(false);
                }

                return sum;
            },
            ct).ConfigureAwait(false);

    /// <summary>Passes on the items of a queue, doubled, and the end of it.</summary>
    [PyFunction]
    public static async Task PassOnAsync(IRuntime runtime, PyObject source, PyObject target, CancellationToken ct)
    {
        PythonQueueReader<int> reader = runtime.IntoChannelReader(source, PyConvert.Int32);
        await using (reader.ConfigureAwait(false))
        {
            PythonQueueWriter<int> writer = runtime.IntoChannelWriter(target, PyConvert.Int32);
            await foreach (int item in reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await writer.WriteAsync(2 * item, ct).ConfigureAwait(false);
            }

            writer.Complete();
            await writer.Completion.ConfigureAwait(false);
        }
    }
}
