using System.Buffers;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// .NET memory in Python, its release, and what remains.
public abstract partial class BufferTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Python_uses_memory_of_dotnet_across_awaits()
    {
        using PyObject module = Python("""
            async def add_up(view):
                total = 0
                for i in range(len(view)):
                    total += view[i]
                    view[i] = 0
                    await asyncio.sleep(0)
                return total
            """);
        int[] numbers = [1, 2, 3];
        using PyObject view = PyObject.FromMemory(numbers.AsMemory());

        (await Runtime.CallAsync<int>(module.GetAttr("add_up"), [view])).ShouldBe(6);
        numbers.ShouldBe([0, 0, 0]);
    }

    [ConformanceFact]
    public virtual async Task An_owner_is_disposed_once_when_Python_has_released_it()
    {
        using PyObject module = Python("""
            kept = []

            async def keep(view):
                kept.append(memoryview(view)[1:])

            async def drop():
                kept.clear()
            """);
        var owner = new CountingOwner();
        using (PyObject view = PyObject.FromMemory<byte>(owner))
        {
            await Runtime.CallAsync(module.GetAttr("keep"), [view]);
        }

        await Runtime.InvokeAsync(static () => true);
        owner.Disposals.ShouldBe(0, "Python has a view of it");
        await Runtime.CallAsync(module.GetAttr("drop"));
        await EventuallyAsync(() => Task.FromResult(owner.Disposals > 0));
        owner.Disposals.ShouldBe(1);
    }

    /// <summary>A release without the GIL wakes the loop: nothing else has to call Python.</summary>
    [ConformanceFact]
    public virtual async Task An_owner_is_disposed_although_no_other_call_follows()
    {
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            var owner = new CountingOwner();
            await Runtime.Spawn(async _ =>
            {
                await Task.Yield();
                PyObject.FromMemory<byte>(owner).Dispose();
            });
            await owner.Disposed.WaitAsync(Soon);
        }
    }

    [ConformanceFact]
    public virtual async Task Views_are_released_on_threads_of_Python_too()
    {
        using PyObject module = Python("""
            import threading

            def work(views, start):
                start.wait()
                while True:
                    try:
                        view = views.pop()
                    except IndexError:
                        return
                    view[0] = 1
                    del view

            async def main(views):
                start = threading.Event()
                threads = [threading.Thread(target=work, args=(views, start)) for _ in range(4)]
                for thread in threads:
                    thread.start()
                start.set()
                for thread in threads:
                    await asyncio.to_thread(thread.join)
            """);
        int count = Repetitions.Of(1_000);
        CountingOwner[] owners = [.. Enumerable.Range(0, count).Select(static _ => new CountingOwner())];
        await Runtime.CallAsync(module.GetAttr("main"), [await Runtime.InvokeAsync(() => ToList(owners))]);

        await Task.WhenAll(owners.Select(static owner => owner.Disposed)).WaitAsync(Soon);
        owners.ShouldAllBe(static owner => owner.Disposals == 1 && owner.IsWritten);

        static PyObject ToList(CountingOwner[] owners)
        {
            PyObject list = PyObject.From(new List<int>());
            foreach (CountingOwner owner in owners)
            {
                using PyObject view = PyObject.FromMemory<byte>(owner);
                list.CallMethod("append", [view]).Dispose();
            }

            return list;
        }
    }

    [ConformanceFact]
    public virtual async Task An_owner_whose_disposal_fails_is_reported()
    {
        ExpectedReports.Add("the pool is closed");
        var owner = new CountingOwner { Failure = new InvalidOperationException("the pool is closed") };
        await Runtime.InvokeAsync(() =>
        {
            PyObject.FromMemory<byte>(owner).Dispose();
            return true;
        });

        owner.Disposals.ShouldBe(1);
    }

    [ConformanceFact]
    public virtual async Task Buffers_and_views_leave_nothing_behind()
    {
        using PyObject module = Python("""
            import gc

            data = bytearray(100)

            def is_of_size(o, sizes):
                try:
                    return o.nbytes in sizes
                except ValueError:
                    return False  # It was released.

            async def count(*sizes):
                # Not the views of other code, which may come meanwhile.
                gc.collect()
                return sum(1 for o in gc.get_objects() if type(o) is memoryview and is_of_size(o, sizes))

            async def use(view):
                return len(memoryview(view)[10:])
            """);
        PyObject use = Own(module.GetAttr("use"));
        PyObject data = Own(module.GetAttr("data"));
        PyObject count = Own(module.GetAttr("count"));
        Task<int> Count() => Runtime.CallAsync<int>(count, [100, CountingOwner.Length, CountingOwner.Length - 10]);
        int before = await Count();
        int created = 0, disposed = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Runtime.Spawn(async _ =>
        {
            for (int i = 0; i < Repetitions.Of(2_500); i++)
            {
                using PyBuffer<byte> buffer = await Runtime.InvokeAsync(data.GetBuffer<byte>);
                var owner = new CountingOwner { OnDispose = () => Interlocked.Increment(ref disposed) };
                Interlocked.Increment(ref created);
                using PyObject view = await Runtime.InvokeAsync(() => PyObject.FromMemory<byte>(owner));
                (await Runtime.CallAsync<int>(use, [view])).ShouldBe(CountingOwner.Length - 10);
                using MemoryHandle pin = buffer.Pin();
            }
        })));

        await EventuallyAsync(async () => await Count() <= before);
        disposed.ShouldBe(created);
        data.CallMethod("append", [1]).Dispose();
    }

    [ConformanceFact]
    public virtual async Task A_buffer_that_is_not_disposed_is_released_when_it_is_collected()
    {
        using PyObject module = Python("""
            async def extend(data):
                try:
                    data.append(1)
                except BufferError:
                    return False
                return True
            """);
        using PyObject data = await Runtime.InvokeAsync(() => PyObject.Import("builtins").CallMethod("bytearray", [3]));
        await Runtime.InvokeAsync(() =>
        {
            _ = data.GetBuffer<byte>();
            return true;
        });

        await EventuallyAsync(async () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return await Runtime.CallAsync<bool>(module.GetAttr("extend"), [data]);
        });
    }

    /// <summary>An owner as a pool's, which counts.</summary>
    private sealed class CountingOwner : IMemoryOwner<byte>
    {
        public const int Length = 64;

        private readonly byte[] _bytes = new byte[Length];
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _disposals;

        public Memory<byte> Memory => _bytes;

        public int Disposals => Volatile.Read(ref _disposals);

        public Task Disposed => _disposed.Task;

        public bool IsWritten => _bytes[0] == 1;

        public Exception? Failure { get; init; }

        public Action? OnDispose { get; init; }

        public void Dispose()
        {
            Interlocked.Increment(ref _disposals);
            OnDispose?.Invoke();
            _disposed.TrySetResult();
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
