using PyAsync.Interop;

namespace PyAsync;

/// <summary>.NET items of one type that Python iterates over.</summary>
internal sealed class DotNetStream<T>(IStreamRuntime runtime, IAsyncEnumerable<T> source, PyConverter<T> converter) : DotNetStream(runtime)
{
    private IAsyncEnumerator<T>? _enumerator;

    protected override PyObject BeginNext(CallbackArguments arguments, EventLoopContext? context) => Begin(arguments, context, MoveNextAsync, converter);

    protected override ValueTask DisposeEnumeratorAsync() => _enumerator?.DisposeAsync() ?? default;

    private async Task<T> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (!IsEnding)
        {
            try
            {
                // An enumerator has one token for its whole life: cancelling one step ends the iteration.
                using CancellationTokenRegistration cancel = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), Stop);
                _enumerator ??= source.GetAsyncEnumerator(Stop.Token);
                if (await _enumerator.MoveNextAsync().ConfigureAwait(false))
                {
                    return _enumerator.Current;
                }
            }
            catch (OperationCanceledException e) when (Stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The iterator was dropped. This is no time-out in the enumerator, hence the exception has no token.
                await EndAsync().ConfigureAwait(false);
                throw new OperationCanceledException(e.Message, e);
            }
            catch (Exception)
            {
                await EndAsync().ConfigureAwait(false);
                throw;
            }

            await EndAsync().ConfigureAwait(false);
        }

        throw new StopAsyncIterationException();
    }
}
