using PyAsync.Interop;

namespace PyAsync;

// Task to awaitable: the .NET work that Python awaits on this loop.
internal sealed partial class PythonEventLoop
{
    private readonly NumberedItems<TaskToAwaitable> _work = new();

    internal int AddWork(TaskToAwaitable work) => _work.Add(work);

    internal void RemoveWork(int number) => _work.Take(number);

    /// <summary>Asks all work to end, and gives the futures of it as a Python list.</summary>
    internal NewReference CancelWork()
    {
        using NewReference futures = CPython.PyList_New(0).OrThrow();
        TaskToAwaitable[] all = _work.All;
        foreach (TaskToAwaitable work in all)
        {
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(futures.Borrow(), work.Future));
        }

        foreach (TaskToAwaitable work in all)
        {
            work.Cancel();
        }

        return NewReference.From(futures.Borrow());
    }

    /// <summary>The runtime gives up waiting: .NET's side ends as cancelled, and so do the futures that Python awaits. While the loop runs.</summary>
    internal void SettleWhatIsLeft()
    {
        AbandonAwaited(EndReason!);
        foreach (TaskToAwaitable work in _work.TakeAll())
        {
            work.GiveUp();
        }
    }
}
