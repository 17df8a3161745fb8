using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The scope in which an asynchronous method runs on the thread that Python calls it on: up to its first real await.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct InlineCall
{
    private readonly InlineStart _start;

    internal InlineCall(InlineStart start) => _start = start;

    /// <summary>Gets a token that fires, on the backend, when Python cancels.</summary>
    public CancellationToken Token => _start.Token;

    /// <summary>Creates an awaitable of the method's Task.</summary>
    public PyResult Return(Task task) => new(_start.Await(task));

    /// <summary>Creates an awaitable of the method's Task.</summary>
    public PyResult Return<T>(Task<T> task, PyConverter<T> converter) => new(_start.Await(task, converter));

    /// <summary>Creates an awaitable of the method's ValueTask.</summary>
    public PyResult Return(ValueTask task) => Return(task.AsTask());

    /// <summary>Creates an awaitable of the method's ValueTask.</summary>
    public PyResult Return<T>(ValueTask<T> task, PyConverter<T> converter) => new(_start.Await(task, converter));
}
