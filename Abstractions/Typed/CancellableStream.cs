namespace PyAsync.Typed;

/// <summary>A stream whose readings end with a token, or with that of the reading.</summary>
internal sealed class CancellableStream<T>(IAsyncEnumerable<T> stream, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled && cancellationToken != Given
            ? new Linked(stream, CancellationTokenSource.CreateLinkedTokenSource(Given, cancellationToken))
            : stream.GetAsyncEnumerator(Given);

    private CancellationToken Given { get; } = cancellationToken;

    private sealed class Linked(IAsyncEnumerable<T> stream, CancellationTokenSource both) : IAsyncEnumerator<T>
    {
        private readonly IAsyncEnumerator<T> _reading = stream.GetAsyncEnumerator(both.Token);

        public T Current => _reading.Current;

        public ValueTask<bool> MoveNextAsync() => _reading.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await _reading.DisposeAsync().ConfigureAwait(false);
            both.Dispose();
        }
    }
}
