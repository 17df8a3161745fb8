using System.Runtime.CompilerServices;

namespace PyAsync.Tests;

/// <summary>An ordinary C# class, like those of users: it has no reference to Python.</summary>
public sealed class Service
{
    private int _disposals;

    /// <summary>A Task that stays open until it is ended.</summary>
    public TaskCompletionSource<int> Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> Property => Later(21);

    public Task<int> Open => Gate.Task;

    public int Disposals => Volatile.Read(ref _disposals);

    public Task<int> Now(int value) => Task.FromResult(value);

    public async Task<int> Later(int value)
    {
        await Task.Yield();
        return value;
    }

    public async ValueTask<int> ValueLater(int value)
    {
        await Task.Yield();
        return value;
    }

    public ValueTask<int> ValueNow(int value) => new(value);

    public object AsObject(int value) => Later(value);

    public async Task Nothing() => await Task.Yield();

    public Task NothingNow() => Task.CompletedTask;

    public async ValueTask NothingAsValueTask() => await Task.Yield();

    /// <summary>A result that only pythonnet can represent.</summary>
    public async Task<Customer> LoadCustomer(string name)
    {
        await Task.Yield();
        return new Customer { Name = name };
    }

    public async Task<int> Fail(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public int FailNow(string message) => throw new InvalidOperationException(message);

    public Task<int[]> FailTwice() => Task.WhenAll(Fail("one"), Fail("two"));

    public Task<int> Cancelled() => Task.FromCanceled<int>(new CancellationToken(canceled: true));

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 0; i < to; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return i;
            }
        }
        finally
        {
            Interlocked.Increment(ref _disposals);
        }
    }

    public async IAsyncEnumerable<int> CountAndFail(int to)
    {
        await foreach (int i in Count(to))
        {
            yield return i;
        }

        throw new InvalidOperationException("no more");
    }

    public async Task<int> Double(Task<int> work) => 2 * await work;

    public async ValueTask<int> DoubleValue(ValueTask<int> work) => 2 * await work;

    public async Task<string> WaitFor(Task work)
    {
        await work;
        return "done";
    }

    public async Task<int> Sum(IAsyncEnumerable<int> items)
    {
        int sum = 0;
        await foreach (int item in items)
        {
            sum += item;
        }

        return sum;
    }

    /// <summary>The overload that fits is not the first one in the order.</summary>
    public async Task<string> Overloaded(Task<int> work, int factor = 1) => $"with factor: {factor * await work}";

    public async Task<string> Overloaded(Task<int> work) => $"plain: {await work}";

    /// <summary>Calls back from a thread without any Python loop.</summary>
    public Task<int> CallBack(Func<int, Task<int>> callback) => Task.Run(() => callback(20));

    public bool IsSame(Task<int> work) => ReferenceEquals(work, Gate.Task);

    public string FailureOf(Task<int> work) => work.Exception?.InnerException?.Message ?? "none";

    /// <summary>The exception that the Task fails with, seen by C#.</summary>
    public async Task<string> Catch(Task<int> work)
    {
        try
        {
            await work;
            return "nothing";
        }
        catch (Exception e)
        {
            return $"{e.GetType().FullName}: {e.Message}";
        }
    }

    public Interop.PyObject Echo(Interop.PyObject value) => value;
}

public sealed class Customer
{
    public string Name { get; init; } = "";
}
