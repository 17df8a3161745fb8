using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.PythonToTask;

// The outcome of the await.
internal partial class AwaitableToTask<T>
{
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    private void OnReturned(BorrowedReference value)
    {
        if (_converter is not { } converter)
        {
            return;
        }

        try
        {
            _result = converter.FromReference(value);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        End();
    }

    private void Fail(Exception exception)
    {
        if (_converter is not null)
        {
            _source = AwaitableSource.Failed(Settle.ForAwaiter(exception, Token));
            End();
        }
    }

    /// <summary>Called when the outcome is available: passes the Task to the place that completes it.</summary>
    private void End()
    {
        _converter = null;
        _awaited.Clear();
        Unregister();
        if (Loop.StartingNow == this)
        {
            return; // StartNow checks the outcome itself.
        }

        Loop.Completions.Add(this, Context.CompletionRoute);
    }

    private void Discard()
    {
        AwaitableSource source = _source;
        if (source.Failure is null)
        {
            _source = default;
            source.Discard();
        }
    }
}
