namespace PyAsync;

public partial interface IRuntime
{
    /// <summary>Runs asynchronous work on the backend. What the work awaits continues where the backend says.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="ct"/> does, and when the runtime ends.</param>
    /// <param name="ct">Cancels the work; before it has begun, it never begins.</param>
    /// <returns>The work's own outcome.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that the work's own calls could land on.</exception>
    Task Spawn(Func<CancellationToken, Task> work, CancellationToken ct = default);

    /// <inheritdoc cref="Spawn(Func{CancellationToken, Task}, CancellationToken)"/>
    Task<T> Spawn<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct = default);

    /// <summary>Runs work that blocks (a synchronous driver, a long computation) where it holds up nothing else.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="ct"/> does, and when the runtime ends.</param>
    /// <param name="ct">Cancels the work; before it has begun, it never begins.</param>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that the work's own calls could land on.</exception>
    Task SpawnBlocking(Action<CancellationToken> work, CancellationToken ct = default);

    /// <inheritdoc cref="SpawnBlocking(Action{CancellationToken}, CancellationToken)"/>
    Task<T> SpawnBlocking<T>(Func<CancellationToken, T> work, CancellationToken ct = default);

    /// <summary>Runs asynchronous work that stays on one thread, before and after each of its awaits.</summary>
    /// <param name="work">The work. Its token fires when <paramref name="ct"/> does, and when the runtime ends.</param>
    /// <param name="ct">Cancels the work; before it has begun, it never begins.</param>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop that the work's own calls could land on.</exception>
    Task SpawnPinned(Func<CancellationToken, Task> work, CancellationToken ct = default);

    /// <inheritdoc cref="SpawnPinned(Func{CancellationToken, Task}, CancellationToken)"/>
    Task<T> SpawnPinned<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct = default);
}
