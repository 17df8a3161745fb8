namespace PyAsync.Interop;

/// <summary>Who is told how a coroutine ends that runs behind a <see cref="CoroutineProxy"/>.</summary>
internal interface ICoroutineOwner
{
    /// <summary>The coroutine has returned. On the loop's thread, within a step of the task that drives it, which is not done yet.</summary>
    /// <param name="id">What the owner gave when it handed the coroutine over.</param>
    /// <param name="value">What it returned.</param>
    void OnReturned(int id, BorrowedReference value);

    /// <summary>The coroutine has raised. As above; the error is not the current one while this runs.</summary>
    void OnRaised(int id);
}
