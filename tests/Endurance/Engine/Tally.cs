namespace PyAsync.Endurance;

/// <summary>Counts the pieces of one kind.</summary>
internal sealed class Tally
{
    private readonly long[] _outcomes = new long[Enum.GetValues<Outcome>().Length];
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private long _begun;

    public long Begun => Volatile.Read(ref _begun);

    public long Faults => _faults.Sum();

    public void Begin() => Interlocked.Increment(ref _begun);

    public void Add(Outcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);

    public void Add(FaultKind fault) => Interlocked.Increment(ref _faults[(int)fault]);

    public long Of(Outcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    public long Of(FaultKind fault) => Volatile.Read(ref _faults[(int)fault]);
}
