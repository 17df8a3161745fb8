using System.Diagnostics.CodeAnalysis;

namespace PyAsync;

/// <summary>
/// A failure of C# code that pythonnet's users await: Python code sees the exception that a synchronous method would raise under pythonnet, one of the
/// .NET type. Only a cancellation becomes asyncio's exception.
/// </summary>
internal sealed class DotNetFailure(Exception exception) : Exception(exception.Message, exception)
{
    public static Task Mark(Task work) => work.IsCompletedSuccessfully ? work : Marked(work);

    public static Task<T> Mark<T>(Task<T> work) => work.IsCompletedSuccessfully ? work : Marked(work);

    public static IAsyncEnumerable<T> Mark<T>(IAsyncEnumerable<T> items) => new MarkedEnumerable<T>(items);

    private static async Task Marked(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw From(work, e);
        }
    }

    private static async Task<T> Marked<T>(Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw From(work, e);
        }
    }

    /// <summary>Awaiting throws the first of several failures only.</summary>
    private static DotNetFailure From(Task work, Exception first) =>
        new(work.Exception is { InnerExceptions.Count: > 1 } several ? several : first);

    private static bool IsFailure(Exception exception) =>
        exception is not (OperationCanceledException or Interop.IPythonError or Python.Runtime.PythonException);

    private sealed class MarkedEnumerable<T>(IAsyncEnumerable<T> items) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new MarkedEnumerator<T>(items.GetAsyncEnumerator(cancellationToken));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Rethrown, marked.")]
    private sealed class MarkedEnumerator<T>(IAsyncEnumerator<T> items) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await items.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (IsFailure(e))
            {
                throw new DotNetFailure(e);
            }
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();
    }
}
