namespace PyAsync;

/// <summary>A child of a <see cref="TaskScope"/>. It is not awaitable, so that starting a child without awaiting it gives no compiler warning: the scope waits for it.</summary>
public class ScopeChild
{
    internal ScopeChild(Task task) => Task = task;

    /// <summary>Gets the child's Task. The scope reports its failure, whether other code awaits the Task or not.</summary>
    public Task Task { get; }
}
