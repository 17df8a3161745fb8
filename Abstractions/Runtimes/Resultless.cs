namespace PyAsync.Runtimes;

/// <summary>Converts work without a result to work whose result is <c>None</c> in Python.</summary>
/// <remarks>
/// An <c>await</c> would throw the work's exception again: .NET appends to the stack trace of an exception at each throw, so that code that returns the
/// same exception at each call would have a longer trace each time. It would also keep only one exception of several.
/// </remarks>
internal static class Resultless
{
    private static readonly Task<object?> s_completed = Task.FromResult<object?>(null);

    public static Task<object?> Of(Task work) => work.IsCompleted ? Ended(work) : new Pending(work).Task;

    private static Task<object?> Ended(Task work)
    {
        if (work.Exception is { InnerExceptions: var failures })
        {
            TaskCompletionSource<object?> failed = new();
            failed.SetException(failures);
            return failed.Task;
        }

        return work.IsCanceled ? Canceled(work) : s_completed;
    }

    /// <summary>Creates a cancelled Task with the work's OperationCanceledException, which may be one of a time-out.</summary>
    private static async Task<object?> Canceled(Task work)
    {
        await work.ConfigureAwait(false);
        return null;
    }

    private sealed class Pending : TaskCompletionSource<object?>
    {
        private readonly Task _work;

        public Pending(Task work)
        {
            _work = work;
            work.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Complete);
        }

        private void Complete() => SetFromTask(Ended(_work));
    }
}
