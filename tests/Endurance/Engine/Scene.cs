using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>The objects that an actor works with in one round.</summary>
internal sealed class Scene(IRuntime runtime, Combination combination, Ledger ledger, Reports reports, int seed) : IDisposable
{
    private readonly List<PyObject> _owned = [];

    public IRuntime Runtime { get; } = runtime;

    public Combination Combination { get; } = combination;

    public Ledger Ledger { get; } = ledger;

    public Reports Reports { get; } = reports;

    /// <summary>For one thread at a time: parallel work first takes a separate generator, by <see cref="Fork"/>.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>A further sequence of numbers, for work that runs beside the actor's.</summary>
    public Random Fork() => new(Random.Next());

    /// <summary>Disposes an object at the end of the round.</summary>
    public PyObject Own(PyObject o)
    {
        lock (_owned)
        {
            _owned.Add(o);
        }

        return o;
    }

    public void Dispose()
    {
        foreach (PyObject o in _owned)
        {
            o.Dispose();
        }
    }
}
