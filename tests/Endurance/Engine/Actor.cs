using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Does one kind of work, round after round, and checks the outcome of each piece.</summary>
internal abstract class Actor : IDisposable
{
    private PyObject? _module;

    /// <summary>The name in the table.</summary>
    public abstract string Kind { get; }

    /// <summary>In how many of a hundred rounds the actor takes part.</summary>
    public virtual int Share => 100;

    /// <summary>The reason why the actor cannot work here; null if it can.</summary>
    public virtual string? SkipReason => null;

    /// <summary>The actor's Python code.</summary>
    protected virtual string Source => "";

    /// <summary>The module of <see cref="Source"/>: one for the whole run.</summary>
    protected PyObject Module => _module ?? throw new InvalidOperationException("The actor has not been prepared.");

    /// <summary>Imports the Python code, before the first round, so that its memory does not count as growth.</summary>
    public void Prepare() => _module ??= PyObject.ImportSource(Source, "endurance_" + GetType().Name);

    /// <summary>Does the work of a round. Ends when all of it has ended that the actor waits for; what else it has begun the ledger waits for.</summary>
    public abstract Task Act(Scene scene);

    public void Dispose() => _module?.Dispose();
}
