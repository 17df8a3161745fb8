namespace PyAsync;

/// <summary>A request with a token. It is never used again: a token that fires late must not meet another request.</summary>
internal sealed class CancellableAwaitableToTask<T> : AwaitableToTask<T>
{
    private CancellationTokenRegistration _registration;

    // The registration knows its token, also when it is undone; a field for it would be another 8 bytes.
    protected override CancellationToken Token => _registration.Token;

    protected override bool Register(CancellationToken ct)
    {
        _registration = ct.UnsafeRegister(static request => CancelItem.Post((IAwaiter)request!), this);

        // No registration, no cancellation: the token's source is disposed.
        return _registration != default || !ct.IsCancellationRequested;
    }

    protected override void Unregister() => _registration.Unregister();

    protected override void Recycle()
    {
    }
}
