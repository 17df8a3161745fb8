namespace PyAsync.Endurance;

/// <summary>One piece of work. It begins once and ends once, and the ledger counts everything else as a fault.</summary>
internal sealed class Piece(Ledger ledger, string kind, long id)
{
    private int _entered;
    private int _ended;

    public string Kind { get; } = kind;

    /// <summary>Gets a number that no other piece of the run has, from which the piece's result is computed.</summary>
    public long Id { get; } = id;

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Records that the body of the work runs. Work that runs twice is a fault.</summary>
    public void Enter()
    {
        if (Interlocked.Increment(ref _entered) != 1)
        {
            ledger.AddFault(Kind, FaultKind.Duplicate, $"piece {Id} has run more than once");
        }
    }

    /// <summary>Records the end. A second one is a fault.</summary>
    public void End(Outcome outcome)
    {
        if (Interlocked.Increment(ref _ended) == 1)
        {
            ledger.Close(this, outcome);
        }
        else
        {
            ledger.AddFault(Kind, FaultKind.Duplicate, $"piece {Id} has ended more than once, the last time with a {outcome}");
        }
    }

    /// <summary>Records an end that the actor did not expect.</summary>
    public void EndWrong(string what)
    {
        ledger.AddFault(Kind, FaultKind.Wrong, $"piece {Id}: {what}");
        End(Outcome.Failure);
    }

    /// <summary>Records the end with a result, which has to be the expected one.</summary>
    public void EndWith<T>(T result, T expected)
    {
        if (EqualityComparer<T>.Default.Equals(result, expected))
        {
            End(Outcome.Result);
        }
        else
        {
            EndWrong($"{expected} was expected, and the result is {result}");
        }
    }

    /// <summary>Waits for work that has to give this result.</summary>
    public async Task Expect<T>(Task<T> work, T expected)
    {
        try
        {
            EndWith(await work, expected);
        }
        catch (Exception e)
        {
            EndWrong(e.ToString());
        }
    }
}
