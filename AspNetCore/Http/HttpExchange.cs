using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.Logging;

namespace PyAsync.Http;

/// <summary>
/// One HTTP request and its response: the inbox item that starts the application, the awaiter of its task, the completion that resumes the web server's side, and the
/// source of the ValueTask that this side awaits. Exchanges are pooled.
/// </summary>
/// <remarks>
/// <para>The loop's side runs on the loop's thread with the GIL: it makes the scope, and the application's calls of <c>receive</c> and <c>send</c> arrive there. The
/// server's side runs on threads of the pool without the GIL, one at a time except for the reading of the request's body: it alone uses the HttpContext.</para>
/// <para>The loop's side notifies the server's side by a completion (<see cref="Notify"/>), the server's side the loop's by a signal (<see cref="Signal"/>). Each side
/// has at most one notification under way. <see cref="_gate"/> guards what both sides use.</para>
/// <para>The exchange is reused when both sides have ended, no notification is under way, and Python refers to neither of its callables.</para>
/// </remarks>
internal sealed partial class HttpExchange(HttpExchangePool pool) : ApplicationCall(pool.Application), ICompletion, IValueTaskSource
{
    /// <summary>The requests of the loop's side to the server's side.</summary>
    [Flags]
    private enum Work
    {
        None = 0,

        /// <summary>The head of the response is sent, whatever the application does next, and with it the parts of the body that are there.</summary>
        Start = 1,

        /// <summary>The response is complete.</summary>
        Complete = 2,

        /// <summary>The application waits for a part of the body, or has taken one.</summary>
        ReadBody = 4,

        /// <summary>The application waits for the client to leave.</summary>
        WatchClient = 8,

        /// <summary>The application has ended.</summary>
        Ended = 16,
    }

    private readonly Lock _gate = new();
    private readonly ResponseHead _head = new();

    // Guarded by the gate.
    private Work _work;
    private bool _isNotified;
    private bool _isServerDone;
    private bool _isApplicationDone;
    private Exception? _failure;
    private List<HeldBytes> _queued = new(4);
    private List<HeldBytes> _sent = new(4);
    private long _unsent;
    private bool _senderWaits;
    private ResponseHead? _trailers;
    private string? _file;

    /// <summary>Asks the server's side to do something. On the loop's thread.</summary>
    private void Notify(Work work)
    {
        lock (_gate)
        {
            _work |= work;
            if (_isNotified || _isServerDone)
            {
                return;
            }

            _isNotified = true;
        }

        // The completion is passed on at the next turn: what the application sends in this one, usually the start and the body, is written at once.
        Loop.ScheduleDrain();
        Loop.Completions.Add(this, null);
    }

    /// <summary>Resumes the server's side, on a thread of the pool.</summary>
    void ICompletion.Complete() => _source.SetResult(true);

    void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

    /// <summary>Gets a Task for the end of the runtime, which waits only for continuations that have begun.</summary>
    Task ICompletion.Task => Task.CompletedTask;

    /// <summary>Called by the side that ends last, with the GIL. Reuses the exchange, or gives it up if a notification or Python still refers to it.</summary>
    /// <returns>True if the exchange can be used again.</returns>
    public bool TryReset()
    {
        bool isReusable = !_isNotified && !LoopSignals.IsUnderWay && _receives.IsEmpty && _sends.IsEmpty;
        ReleaseAll(_sent);
        ReleaseAll(_writing);
        ReleaseAll(_queued);
        _head.Clear();
        _trailers?.Clear();
        _trailers = null;
        _file = null;
        _failure = null;
        _work = Work.None;
        _isServerDone = _isApplicationDone = _senderWaits = false;
        _unsent = 0;
        ResetServer();
        ResetApplication();
        if (!isReusable)
        {
            ReleaseCallables();
            return false;
        }

        KeepUnsharedCallables();
        return true;
    }

    /// <summary>Releases the exchange for good. With the GIL.</summary>
    public void Release() => ReleaseCallables();

    private static void ReleaseAll(List<HeldBytes> parts)
    {
        foreach (ref HeldBytes part in CollectionsMarshal.AsSpan(parts))
        {
            part.Release();
        }

        parts.Clear();
    }

    /// <summary>Logs an exception that the web server does not see.</summary>
    private static void LogFailure(AsgiApplication application, Exception failure, string method, string? path, bool isClientGone) =>
        application.Logger.LogError(
            failure,
            "The ASGI application {Application} raised an exception for {Method} {Path}, {When}.{Traceback}",
            application.Name,
            method,
            path,
            isClientGone ? "whose client has left" : "after its response",
            Traceback(failure));

    /// <summary>Gets the Python traceback of an exception of C# code that came through the application: others have it in their text.</summary>
    private static string Traceback(Exception failure) =>
        failure.Data["Python.Traceback"] is string traceback && !failure.ToString().Contains(traceback.Trim(), StringComparison.Ordinal) ? Environment.NewLine + traceback.TrimEnd() : "";
}
