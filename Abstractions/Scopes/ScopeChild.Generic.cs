namespace PyAsync;

/// <summary>A child of a <see cref="TaskScope"/> with a result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public sealed class ScopeChild<T> : ScopeChild
{
    internal ScopeChild(Task<T> task)
        : base(task) => Task = task;

    /// <summary>Gets the child's Task, for its result. The scope reports its failure, whether other code awaits the Task or not.</summary>
    public new Task<T> Task { get; }
}
