using PyAsync.Interop;

namespace PyAsync.Http;

/// <summary>The futures that the application's calls of <c>receive</c>, or of <c>send</c>, wait for. On the loop's thread.</summary>
internal sealed class Waiters
{
    private readonly Queue<PyObject> _futures = new();

    public bool IsEmpty => _futures.Count == 0;

    /// <summary>Adds a future.</summary>
    public NewReference Add(PythonEventLoop loop)
    {
        NewReference future = FutureObject.NewPending(loop.Reference, Source.Shared);
        _futures.Enqueue(PyObject.FromBorrowed(future.Borrow()));
        return future;
    }

    /// <summary>True if a future waits. Removes those that were cancelled meanwhile.</summary>
    public bool HasWaiting()
    {
        while (_futures.TryPeek(out PyObject? future))
        {
            if (!FutureObject.IsDone(future.Reference))
            {
                return true;
            }

            _futures.Dequeue().Dispose();
        }

        return false;
    }

    /// <summary>Completes the first future. Takes the value.</summary>
    public void Complete(PythonEventLoop loop, NewReference value)
    {
        using PyObject future = _futures.Dequeue();
        if (loop.IsClosed)
        {
            value.Dispose();
            FutureObject.Drop(future.Reference);
            return;
        }

        FutureObject.SetResult(future.Reference, value, loop.Ready);
        loop.ScheduleDrain(); // Runs the callbacks, if no drain is running.
    }

    /// <summary>Fails the first future with the exception of a client that has left.</summary>
    public void Fail(PythonEventLoop loop)
    {
        using PyObject future = _futures.Dequeue();
        if (loop.IsClosed)
        {
            FutureObject.Drop(future.Reference);
            return;
        }

        FutureObject.SetException(future.Reference, AsgiMessage.NewDisconnected(), loop.Ready);
        loop.ScheduleDrain();
    }

    /// <summary>The source of a future that waits: a cancellation cancels it at once, and the next call waits again.</summary>
    private sealed class Source : FutureSource
    {
        public static Source Shared { get; } = new();

        public override bool Cancel() => true;
    }
}
