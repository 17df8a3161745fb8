using System.Collections.Concurrent;

namespace PyAsync.Endurance;

/// <summary>Accounts for every piece of work of a run.</summary>
internal sealed class Ledger
{
    /// <summary>The number of faults of one kind that are described; the others are only counted.</summary>
    private const int Described = 20;

    private readonly ConcurrentDictionary<long, Piece> _open = [];
    private readonly ConcurrentDictionary<string, Tally> _tallies = [];
    private readonly ConcurrentQueue<(string Kind, string Text)> _faults = [];
    private long _lastId;
    private long _ended;

    public IEnumerable<KeyValuePair<string, Tally>> Tallies => _tallies.OrderBy(static tally => tally.Key, StringComparer.Ordinal);

    public IReadOnlyCollection<(string Kind, string Text)> Faults => _faults;

    public bool HasFaults => !_faults.IsEmpty;

    /// <summary>Gets the number of pieces that have ended: while it grows, nothing hangs.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>Gets the number of pieces that have begun and not ended.</summary>
    public int Open => _open.Count;

    /// <summary>Adds a line to the table for a kind of work, even without any piece.</summary>
    public Tally TallyOf(string kind) => _tallies.GetOrAdd(kind, static _ => new Tally());

    public Piece Begin(string kind)
    {
        var piece = new Piece(this, kind, Interlocked.Increment(ref _lastId));
        TallyOf(kind).Begin();
        _open[piece.Id] = piece;
        return piece;
    }

    public Piece[] Begin(string kind, int count) => [.. Enumerable.Range(0, count).Select(_ => Begin(kind))];

    /// <summary>Gets a piece by its number, which has travelled through Python.</summary>
    public Piece Find(long id, string kind)
    {
        if (_open.TryGetValue(id, out Piece? piece))
        {
            return piece;
        }

        AddFault(kind, FaultKind.Duplicate, $"piece {id} runs after its end");
        return Begin(kind);
    }

    public void Close(Piece piece, Outcome outcome)
    {
        _open.TryRemove(piece.Id, out _);
        TallyOf(piece.Kind).Add(outcome);
        Interlocked.Increment(ref _ended);
    }

    public void AddFault(string kind, FaultKind fault, string text)
    {
        Tally tally = TallyOf(kind);
        tally.Add(fault);
        if (tally.Faults <= Described)
        {
            _faults.Enqueue((kind, $"{fault}: {text}"));
        }
    }

    /// <summary>Records the pieces that have not ended as lost.</summary>
    public void CloseLost(string when)
    {
        foreach (Piece piece in _open.Values)
        {
            _open.TryRemove(piece.Id, out _);
            AddFault(piece.Kind, FaultKind.Lost, $"piece {piece.Id} has not ended {when}");
        }
    }
}
