using PyAsync.Interop;

namespace PyAsync;

/// <summary>What .NET awaits on one loop: by a number where the bridge can choose what to find it by, else by the Python object. The GIL guards it.</summary>
internal sealed class PendingAwaits
{
    private readonly Dictionary<nint, IAwaiter> _byObject = [];
    private readonly NumberedItems<IAwaiter> _byNumber = new();

    /// <summary>How many there are.</summary>
    public int Count => _byObject.Count + _byNumber.Count;

    public IEnumerable<IAwaiter> All => [.. _byObject.Values, .. _byNumber.All];

    /// <summary>Those that are found by the Python object: a task that was made for them.</summary>
    public IReadOnlyCollection<IAwaiter> ByObject => [.. _byObject.Values];

    /// <summary>Those that are found by a number: a shell's task, or a future that somebody else has made.</summary>
    public IReadOnlyCollection<IAwaiter> ByNumber => [.. _byNumber.All];

    /// <summary>Adds one that is found by the Python object, which nobody else awaits here.</summary>
    public void Add(BorrowedReference awaited, IAwaiter awaiter) => _byObject.Add(awaited.Pointer, awaiter);

    /// <summary>Adds one that is found by the number that this gives.</summary>
    public int Add(IAwaiter awaiter) => _byNumber.Add(awaiter);

    /// <summary>Takes one out; null if it was given up in the meantime.</summary>
    public IAwaiter? Take(BorrowedReference awaited) =>
        _byObject.Remove(awaited.Pointer, out IAwaiter? awaiter) ? awaiter : null;

    /// <inheritdoc cref="Take(BorrowedReference)"/>
    public IAwaiter? Take(int number) => _byNumber.Take(number);

    /// <summary>Takes all out. No other is added after this.</summary>
    public IAwaiter[] TakeAll()
    {
        IAwaiter[] all = [.. _byObject.Values, .. _byNumber.TakeAll()];
        _byObject.Clear();
        return all;
    }
}
