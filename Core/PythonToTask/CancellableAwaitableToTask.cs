namespace PyAsync.PythonToTask;

/// <summary>A request with a token. It is never recycled: a token that fires late must not cancel another request.</summary>
internal sealed class CancellableAwaitableToTask<T> : AwaitableToTask<T>
{
    private CancellationTokenRegistration _registration;

    // The registration knows its token, even after it is disposed; a field for the token would cost another 8 bytes.
    public override CancellationToken Token => _registration.Token;

    protected override bool Register(CancellationToken cancellationToken)
    {
        _registration = cancellationToken.UnsafeRegister(static request => CancelItem.Post((ICancellableRequest)request!), this);

        // A default registration of a token that is not cancelled: the token's source is disposed, and never fires.
        return _registration != default || !cancellationToken.IsCancellationRequested;
    }

    protected override void Unregister() => _registration.Unregister();

    protected override void Recycle()
    {
    }
}
