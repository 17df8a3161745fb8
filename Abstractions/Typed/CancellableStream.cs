namespace PyAsync.Typed;

/// <summary>A stream whose readings end with a token, or with that of the reading.</summary>
internal sealed class CancellableStream<T>(IAsyncEnumerable<T> stream, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled && cancellationToken != Given
            ? new Linked(stream, Given, cancellationToken)
            : stream.GetAsyncEnumerator(Given);

    private CancellationToken Given { get; } = cancellationToken;

    private sealed class Linked : IAsyncEnumerator<T>
    {
        private readonly CancellationToken _given;
        private readonly CancellationToken _ofReading;
        private readonly CancellationTokenSource _both;
        private readonly IAsyncEnumerator<T> _reading;

        public Linked(IAsyncEnumerable<T> stream, CancellationToken given, CancellationToken ofReading)
        {
            _given = given;
            _ofReading = ofReading;
            _both = CancellationTokenSource.CreateLinkedTokenSource(given, ofReading);
            try
            {
                _reading = stream.GetAsyncEnumerator(_both.Token);
            }
            catch
            {
                _both.Dispose(); // No reading will do it, and the caller's tokens would keep the source.
                throw;
            }
        }

        public T Current => _reading.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await _reading.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == _both.Token)
            {
                // The caller knows its own two tokens only.
                throw new OperationCanceledException(e.Message, e, _given.IsCancellationRequested ? _given : _ofReading);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _reading.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                _both.Dispose();
            }
        }
    }
}
