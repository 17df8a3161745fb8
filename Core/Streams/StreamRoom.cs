using PyAsync.Interop;

namespace PyAsync.Streams;

/// <summary>The wait of a pump for room in the buffer of its stream: a future of the loop, and the item that completes it.</summary>
/// <remarks>No work that the end of a runtime waits for: the pump is a Python task, which is cancelled.</remarks>
internal sealed class StreamRoom : IInboxItem, IDisposable
{
    private readonly PyObject _future;

    /// <param name="loop">The pump's loop, which runs here.</param>
    public StreamRoom(PythonEventLoop loop) =>
        _future = loop.Reference.CallMethod(WellKnownNames.Current["create_future"]).ToPyObject();

    public IInboxItem? Next { get; set; }

    public bool IsAwaited => false;

    /// <summary>Gets or sets the size of the next chunk, which is the future's result.</summary>
    public int Size { get; set; }

    /// <summary>Creates a second owner of the future, for the pump.</summary>
    public PyObject CloneFuture() => _future.Clone();

    public bool Run(PythonEventLoop loop)
    {
        using (_future)
        {
            using NewReference done = _future.Reference.CallMethod(WellKnownNames.Current.Done);
            if (done.IsNull)
            {
                return loop.TryKeepInterrupt();
            }

            if (done.Borrow() == InterpreterState.Current.True)
            {
                return true; // A pump that was cancelled has cancelled the future.
            }

            using NewReference size = PyConvert.Int32.ToReference(Size);
            using NewReference set = _future.Reference.CallMethod(WellKnownNames.Current["set_result"], size.Borrow());
            return !set.IsNull || loop.TryKeepInterrupt();
        }
    }

    public void Abandon(Exception reason) => Dispose();

    public void Dispose() => _future.Dispose();
}
