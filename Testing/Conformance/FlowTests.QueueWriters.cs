using System.Threading.Channels;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Channels that write into Python's queues.
public abstract partial class FlowTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Items_written_into_a_queue_arrive_in_order_and_completing_shuts_it_down()
    {
        using PyObject module = Python(Queues);
        foreach (string kind in (string[])["plain", "with_end"])
        {
            using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod(kind, [2]));
            PythonQueueWriter<int> writer = Runtime.IntoChannelWriter<int>(queue, buffer: 4);
            Task<int[]> reading = Runtime.CallMethodAsync<int[]>(module, "drain", [queue]);
            for (int i = 0; i < 100; i++)
            {
                if (i % 3 == 0)
                {
                    await writer.WriteAsync(i);
                    continue;
                }

                while (!writer.TryWrite(i))
                {
                    (await writer.WaitToWriteAsync()).ShouldBeTrue();
                }
            }

            writer.Complete();
            await writer.Completion.WaitAsync(Soon);

            (await reading.WaitAsync(Soon)).ShouldBe(Enumerable.Range(0, 100), kind);
            writer.TryWrite(1).ShouldBeFalse();
            (await writer.WaitToWriteAsync()).ShouldBeFalse();
            writer.TryComplete().ShouldBeFalse();
            await ThrowsAsync<ChannelClosedException>(writer.WriteAsync(1).AsTask());
        }
    }

    [ConformanceFact]
    public virtual async Task A_full_queue_holds_up_its_writer()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain", [2]));
        PythonQueueWriter<int> writer = Runtime.IntoChannelWriter<int>(queue, buffer: 3);
        await writer.WriteAsync(0);
        await writer.WriteAsync(1);

        // One that Python's put() waits with, and the buffer.
        Task third = writer.WriteAsync(2).AsTask();
        await EventuallyAsync(() => Runtime.InvokeAsync(() => queue.CallMethod<string>("__repr__").Contains("_putters[1]", StringComparison.Ordinal)));
        writer.TryWrite(3).ShouldBeTrue();
        writer.TryWrite(4).ShouldBeTrue();
        writer.TryWrite(5).ShouldBeTrue();
        writer.TryWrite(6).ShouldBeFalse();
        third.IsCompleted.ShouldBeFalse();

        writer.Complete();
        (await Runtime.CallMethodAsync<int[]>(module, "drain", [queue])).ShouldBe([0, 1, 2, 3, 4, 5]);
        await third.WaitAsync(Soon);
        await writer.Completion.WaitAsync(Soon);
    }

    [ConformanceFact]
    public virtual async Task A_write_that_is_cancelled_at_any_time_happens_or_does_not()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("plain", [1]));
        PythonQueueWriter<int> writer = Runtime.IntoChannelWriter<int>(queue, buffer: 2);
        Task<int[]> reading = Runtime.CallMethodAsync<int[]>(module, "drain", [queue]);
        List<int> written = [];
        for (int i = 0; i < times; i++)
        {
            using var cts = new CancellationTokenSource();
            Task writing = writer.WriteAsync(2 * i, cts.Token).AsTask();
            Task other = writer.WriteAsync((2 * i) + 1).AsTask();
            Task cancelling = Task.Run(cts.Cancel);
            try
            {
                await writing.WaitAsync(Soon);
                written.Add(2 * i);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == cts.Token)
            {
                // Python does not get the item.
            }

            await Task.WhenAll(other, cancelling).WaitAsync(Soon);
            written.Add((2 * i) + 1);
        }

        writer.Complete();
        (await reading.WaitAsync(Soon)).ShouldBe(written);
    }

    [ConformanceFact]
    public virtual async Task Writing_into_a_queue_that_was_shut_down_fails()
    {
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("with_end", [1]));
        PythonQueueWriter<int> writer = Runtime.IntoChannelWriter<int>(queue);
        await writer.WriteAsync(0);
        Task second = writer.WriteAsync(1).AsTask();
        writer.TryWrite(2).ShouldBeTrue();

        await EventuallyAsync(() => Runtime.InvokeAsync(() => queue.CallMethod<string>("__repr__").Contains("_putters[1]", StringComparison.Ordinal)));
        await Runtime.InvokeAsync(() => queue.CallMethod("shutdown").Dispose());

        await ThrowsAsync<ChannelClosedException>(second.WaitAsync(Soon));
        (await ThrowsAsync<ChannelClosedException>(writer.Completion.WaitAsync(Soon))).Message.ShouldContain("shut down before the queue had 2 of its items");
        (await writer.WaitToWriteAsync()).ShouldBeFalse();
        await ThrowsAsync<ChannelClosedException>(writer.WriteAsync(3).AsTask());
    }

    [ConformanceFact]
    public virtual async Task The_error_that_a_channel_is_completed_with_is_reported()
    {
        ExpectedReports.Add("A channel into a Python queue was completed with an error");
        using PyObject module = Python(Queues);
        using PyObject queue = await Runtime.InvokeAsync(() => module.CallMethod("with_end"));
        PythonQueueWriter<int> writer = Runtime.IntoChannelWriter<int>(queue);
        writer.TryWrite(1).ShouldBeTrue();

        writer.Complete(new TimeoutException("late"));

        (await Runtime.CallMethodAsync<int[]>(module, "drain", [queue])).ShouldBe([1]);
        (await ThrowsAsync<ChannelClosedException>(writer.WriteAsync(2).AsTask())).InnerException.ShouldBeOfType<TimeoutException>();
    }
}
