using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Http;

/// <summary>
/// The call of an application for one request or WebSocket: the inbox item that starts it, and the awaiter of its task. The members run on the loop's thread with
/// the GIL, unless they say otherwise.
/// </summary>
internal abstract class ApplicationCall : IInboxItem, IAwaiter
{
    private ExecutionContext? _execution;
    private OwnedReference _task;

    protected ApplicationCall(AsgiApplication application)
    {
        Application = application;
        LoopSignals = new LoopSignals(application.Loop, this);
    }

    /// <summary>Gets or sets the link of the inbox, of the completions, or of the pool. The call is in one of them at a time.</summary>
    public IInboxItem? Next { get; set; }

    /// <summary>
    /// True if the start runs code of the application, which must not overtake the loop's queue: a task of 3.12 and newer makes its first step at once. Else the start
    /// only creates a task, whose first step waits in that queue.
    /// </summary>
    bool IInboxItem.WaitsItsTurn => AsyncioObjects.HasEagerStart || Application.RunsCodeWhenCalled;

    BorrowedReference IAwaiter.Awaited => _task.Borrow();

    CancellationToken IAwaiter.Token => CancellationToken.None;

    bool IAwaiter.HasToken => false;

    protected AsgiApplication Application { get; }

    protected PythonEventLoop Loop => Application.Loop;

    /// <summary>Gets the head of the request.</summary>
    protected RequestHead Request { get; } = new();

    /// <summary>Gets the signals of the server's side.</summary>
    protected LoopSignals LoopSignals { get; }

    /// <summary>True if the application's task has ended, or will never end because its loop has.</summary>
    protected bool HasEnded { get; private set; }

    /// <summary>True if the client has left, so that <c>send</c> raises an exception, which the application may let pass.</summary>
    protected abstract bool HasClientLeft { get; }

    /// <summary>Starts the application.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the server's to report.")]
    public virtual bool Run(PythonEventLoop loop)
    {
        if (loop.EndReason is { } reason)
        {
            End(reason);
            return true;
        }

        RequestScope scope = default;
        try
        {
            scope = RequestScope.Enter(_execution, Application.RunsCodeWhenCalled);
            using NewReference head = Request.MakeScope(Application);
            using var start = AwaitStart.Of(loop, Call(head.Borrow()).OrThrow(), mayBeValue: false);
            switch (start.Kind)
            {
                case AwaitStartKind.DoneTask:
                    OnDone(start.Awaited);
                    break;
                case AwaitStartKind.Task:
                    _task.Set(NewReference.From(start.Awaited));
                    loop.Awaits.WatchTask(start.Awaited, this);
                    break;
                default:
                    _task.Set(NewReference.From(start.Awaited));
                    loop.Awaits.WatchFuture(start.Awaited, this);
                    break;
            }
        }
        catch (Exception e)
        {
            End(e);
        }
        finally
        {
            scope.Exit();
        }

        return true;
    }

    /// <summary>Called when the application's task has ended.</summary>
    public void OnDone(BorrowedReference awaited)
    {
        using PyObject? disconnects = HasClientLeft ? AsgiModule.Current.FindDisconnects() : null;
        using NewReference result = AsyncioObjects.Current.Task.ResultOf(awaited);
        if (!result.IsNull)
        {
            End(null);
        }
        else if (disconnects is not null && CPython.PyErr_GivenExceptionMatches(CPython.PyErr_Occurred(), disconnects.Reference) != 0)
        {
            PythonErrors.Forget(); // The application let the exception of send() pass, as ASGI allows.
            End(null);
        }
        else
        {
            End(ErrorTranslation.TakeForAwaiter(CancellationToken.None));
        }
    }

    /// <summary>Called when the loop has closed or its runtime has ended before the application.</summary>
    public void Abandon(Exception reason) => End(reason);

    /// <summary>Called when the runtime has ended while the application's code did not return. On another thread, which holds the GIL.</summary>
    public void AbandonRunning(Exception reason) => End(reason);

    /// <summary>Handles signals of the server's side, in a drain.</summary>
    /// <param name="flags">The flags that were set since the last call.</param>
    public abstract void OnSignals(int flags);

    /// <summary>Calls the application with a scope.</summary>
    /// <returns>Its awaitable; NULL with a Python error.</returns>
    protected abstract NewReference Call(BorrowedReference scope);

    /// <summary>Called once, when the application has ended.</summary>
    /// <param name="failure">Its exception; null for none.</param>
    protected abstract void OnEnded(Exception? failure);

    /// <summary>Keeps the ExecutionContext of the request for the application, if it carries something. On a thread of the web server.</summary>
    protected void CaptureExecutionContext()
    {
        ExecutionContext? execution = ExecutionContext.Capture();
        _execution = ExecutionContextCarrier.IsWorthCarrying(execution) ? execution : null;
    }

    /// <summary>Prepares the object for the next request.</summary>
    protected void ResetCall()
    {
        Request.Clear();
        _execution = null;
        _task.Clear();
        HasEnded = false;
    }

    private void End(Exception? failure)
    {
        if (HasEnded)
        {
            return; // Abandoned before.
        }

        HasEnded = true;
        _task.Clear();
        OnEnded(failure);
    }
}
