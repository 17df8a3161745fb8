using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Http;

// The loop's side: the life of the application's task.
internal sealed partial class HttpExchange
{
    private ExecutionContext? _execution;
    private OwnedReference _task;
    private OwnedReference _receive;
    private OwnedReference _send;
    private ReceiveFunction? _receiveFunction;
    private SendFunction? _sendFunction;

    BorrowedReference IAwaiter.Awaited => _task.Borrow();

    CancellationToken IAwaiter.Token => CancellationToken.None;

    bool IAwaiter.HasToken => false;

    /// <summary>Starts the application.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the server's to report.")]
    bool IInboxItem.Run(PythonEventLoop loop)
    {
        pool.ResetEnded();
        if (loop.EndReason is { } reason)
        {
            End(reason);
            return true;
        }

        RequestScope scope = default;
        try
        {
            scope = RequestScope.Enter(_execution, Application.RunsCodeWhenCalled);
            using NewReference head = _request.MakeScope(Application);
            MakeCallables();
            using NewReference awaitable = Application.Callable.Call(head.Borrow(), _receive.Borrow(), _send.Borrow()).OrThrow();
            using var start = AwaitStart.Of(loop, awaitable.Borrow(), mayBeValue: false);
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
        using NewReference result = AsyncioObjects.Current.Task.ResultOf(awaited);
        if (!result.IsNull)
        {
            End(null);
        }
        else if (_isDisconnected && CPython.PyErr_GivenExceptionMatches(CPython.PyErr_Occurred(), AsgiModule.Current.ClientDisconnected.Reference) != 0)
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

    void IInboxItem.AbandonRunning(Exception reason) => End(reason);

    private void End(Exception? failure)
    {
        bool isServerDone;
        lock (_gate)
        {
            if (_isApplicationDone)
            {
                return; // Abandoned before.
            }

            _isApplicationDone = true;
            isServerDone = _isServerDone;
            _failure = isServerDone ? null : failure;
        }

        _task.Clear();
        EndWaits();
        if (isServerDone)
        {
            if (failure is not null)
            {
                LogFailure(failure);
            }

            pool.ReturnFromLoop(this);
        }
        else if (_response != ResponseState.Complete)
        {
            Notify(Work.Ended);
        }
    }

    private void MakeCallables()
    {
        if (_receiveFunction is not null)
        {
            return;
        }

        _receiveFunction = new ReceiveFunction(this);
        _sendFunction = new SendFunction(this);
        _receive.Set(DirectFunctionType.New(_receiveFunction));
        _send.Set(DirectFunctionType.New(_sendFunction));
    }

    /// <summary>Keeps the callables for the next request, unless Python still refers to one of them.</summary>
    private void KeepUnsharedCallables()
    {
        if (_receiveFunction is not null && (CPython.Py_REFCNT(_receive.Borrow()) != 1 || CPython.Py_REFCNT(_send.Borrow()) != 1))
        {
            ReleaseCallables();
        }
    }

    /// <summary>Separates the callables from the exchange: the application may call them after the request.</summary>
    private void ReleaseCallables()
    {
        if (_receiveFunction is not null)
        {
            _receiveFunction.Exchange = null;
            _sendFunction!.Exchange = null;
            _receiveFunction = null;
            _sendFunction = null;
            _receive.Clear();
            _send.Clear();
        }
    }

    private void ResetApplication()
    {
        _execution = null;
        _task.Clear();
        _response = ResponseState.None;
        _isBodyDiscarded = _hasTrailers = _isDisconnected = _isRequestComplete = false;
        _written = 0;
    }

    /// <summary>The <c>receive</c> of a request.</summary>
    private sealed class ReceiveFunction(HttpExchange exchange) : PyCallable("receive")
    {
        private readonly AsgiApplication _application = exchange.Application;

        /// <summary>Gets or sets the exchange; null after the request.</summary>
        public HttpExchange? Exchange { get; set; } = exchange;

        public override NewReference Invoke(CallbackArguments arguments)
        {
            arguments.ThrowIfNotOf(0);
            return Exchange is { } exchange ? exchange.Receive() : AsgiMessage.Finished(_application, _application.Message("http.disconnect"));
        }
    }

    /// <summary>The <c>send</c> of a request.</summary>
    private sealed class SendFunction(HttpExchange exchange) : PyCallable("send")
    {
        /// <summary>Gets or sets the exchange; null after the request.</summary>
        public HttpExchange? Exchange { get; set; } = exchange;

        public override NewReference Invoke(CallbackArguments arguments)
        {
            BorrowedReference message = arguments.Count == 1 && arguments.KeywordCount == 0 ? arguments.Borrow(0) : Named(arguments);
            return Exchange is { } exchange ? exchange.Send(message) : AlreadyComplete(message);
        }

        /// <summary>Gets the argument of a call by keyword: frameworks call <c>send(message=…)</c> too.</summary>
        private static BorrowedReference Named(CallbackArguments arguments)
        {
            if (arguments.Count == 0 && arguments.KeywordCount == 1)
            {
                return arguments.KeywordValue(0);
            }

            arguments.ThrowIfNotOf(1);
            return default;
        }
    }
}
