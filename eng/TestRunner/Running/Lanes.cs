using PyAsync.TestRunner.Matrix;

namespace PyAsync.TestRunner.Running;

/// <summary>Runs cells concurrently, in the order of the table. Of the cells that build, one runs at a time.</summary>
/// <param name="cells">The cells.</param>
/// <param name="run">Runs one of them.</param>
internal sealed class Lanes(IEnumerable<Cell> cells, Func<Cell, Task> run)
{
    private readonly Lock _lock = new();
    private readonly List<Cell> _pending = [.. cells];
    private bool _isBuilding;

    /// <summary>Runs all cells.</summary>
    /// <param name="count">The number of cells that run at a time.</param>
    public Task Run(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunLane()));

    private async Task RunLane()
    {
        while (Take() is { } cell)
        {
            try
            {
                await run(cell);
            }
            finally
            {
                Release(cell);
            }
        }
    }

    /// <summary>Takes the next cell. If only cells that build are left, the lane that builds runs them all.</summary>
    private Cell? Take()
    {
        lock (_lock)
        {
            Cell? next = _pending.Find(cell => !(_isBuilding && cell.Row.Program.Builds));
            if (next is not null)
            {
                _pending.Remove(next);
                _isBuilding |= next.Row.Program.Builds;
            }

            return next;
        }
    }

    private void Release(Cell cell)
    {
        lock (_lock)
        {
            _isBuilding &= !cell.Row.Program.Builds;
        }
    }
}
