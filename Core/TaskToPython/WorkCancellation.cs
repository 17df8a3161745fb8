using System.Diagnostics.CodeAnalysis;

namespace PyAsync.TaskToPython;

/// <summary>
/// The source of the token of a piece of work. It fires on the work's own lane: never within Python's call of <c>cancel()</c>, which must not
/// run user code.
/// </summary>
/// <remarks>Never disposed: without a timer there is nothing to dispose, and a late request may still arrive.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "See the remarks.")]
internal sealed class WorkCancellation(PythonEventLoop loop, WorkLane lane) : CancellationTokenSource
{
    private int _requested;

    /// <summary>Fires the token. A backend that cannot schedule work neither fails Python's <c>cancel()</c> nor the end of a runtime.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The exception is the backend's, and the work's own schedulings report it.")]
    public void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
        {
            try
            {
                lane.Schedule(static self => ((WorkCancellation)self!).Fire(), this);
            }
            catch (Exception)
            {
                // The backend has ended or fails, and with it every listener on its threads.
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.Fire(), this, preferLocal: false);
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A callback on the token failed: it is logged.")]
    private void Fire()
    {
        try
        {
            Cancel();
        }
        catch (Exception e)
        {
            loop.ReportUnobserved("A callback on the cancellation token of work failed.", e);
        }
    }
}
