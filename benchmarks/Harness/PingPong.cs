using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>
/// The lower bound of an await across threads: an eventfd wakes the loop, whose callback, written in C#, completes a TaskCompletionSource with
/// asynchronous continuations. No Python code runs.
/// </summary>
internal sealed class PingPong : IAsyncDisposable
{
    private readonly Subject _subject;
    private readonly WakeUpDescriptor _ping = WakeUpDescriptor.TryCreate()
        ?? throw new PlatformNotSupportedException("The floor is measured with a descriptor that loops can watch, which Windows does not have.");

    private TaskCompletionSource _pong = new();
    private TaskCompletionSource? _last;
    private int _left;

    private PingPong(Subject subject) => _subject = subject;

    public static async Task<PingPong> Create(Subject subject)
    {
        var created = new PingPong(subject);
        using PyObject answer = PyFunction.Create("answer", created.Answer);
        await subject.Runtime.InvokeAsync(() =>
        {
            using PyObject loop = subject.Loop.GetPythonLoop();
            loop.CallMethod("add_reader", [created._ping.Descriptor, answer]).Dispose();
            return true;
        });
        return created;
    }

    /// <summary>Makes a number of round trips, one after another, from the backend. Microseconds each.</summary>
    public Task<double> OneByOne(int count) =>
        _subject.Runtime.Spawn(async _ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _pong = pong;
                _ping.Signal();
                await pong.Task;
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        });

    /// <summary>Makes the loop's thread wake its own loop, a number of times one after another. Microseconds each.</summary>
    public async Task<double> OnLoop(int count)
    {
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = last;
        _left = count;
        long start = Stopwatch.GetTimestamp();
        _ping.Signal();
        await last.Task;
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }

    public async ValueTask DisposeAsync()
    {
        await _subject.Runtime.InvokeAsync(() =>
        {
            using PyObject loop = _subject.Loop.GetPythonLoop();
            loop.CallMethod("remove_reader", [_ping.Descriptor]).Dispose();
            return true;
        });
        _ping.Dispose();
    }

    private void Answer()
    {
        _ping.Clear();
        if (_last is null)
        {
            _pong.SetResult();
        }
        else if (--_left > 0)
        {
            _ping.Signal();
        }
        else
        {
            Interlocked.Exchange(ref _last, null).SetResult();
        }
    }
}
