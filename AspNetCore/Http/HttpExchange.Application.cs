using PyAsync.Interop;

namespace PyAsync.Http;

// The loop's side: the life of the application's task, and its callables.
internal sealed partial class HttpExchange
{
    private OwnedReference _receive;
    private OwnedReference _send;
    private ReceiveFunction? _receiveFunction;
    private SendFunction? _sendFunction;

    protected override bool HasClientLeft => _isDisconnected;

    /// <summary>Starts the application.</summary>
    public override bool Run(PythonEventLoop loop)
    {
        pool.ResetEnded();
        return base.Run(loop);
    }

    protected override NewReference Call(BorrowedReference scope)
    {
        if (_isRouteWanted)
        {
            _scope.Set(NewReference.From(scope));
        }

        MakeCallables();
        return Application.Callable.Call(scope, _receive.Borrow(), _send.Borrow());
    }

    protected override void OnEnded(Exception? failure)
    {
        NoteRoute();
        _scope.Clear();
        bool isServerDone;
        lock (_gate)
        {
            _isApplicationDone = true;
            isServerDone = _isServerDone;
            _failure = isServerDone ? null : failure;
        }

        EndWaits();
        ForgetHead();
        if (isServerDone)
        {
            if (failure is not null)
            {
                LogFailure(Application, failure, Request.Method, Request.FullPath, _isDisconnected);
            }

            pool.ReturnFromLoop(this);
        }
        else if (_response != ResponseState.Complete)
        {
            Notify(Work.Ended);
        }
        else if (_isHeld)
        {
            Notify(failure is null ? Work.Complete : Work.Ended);
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
        ResetCall();
        ForgetHead();
        ForgetRoute();
        _response = ResponseState.None;
        _isBodyDiscarded = _hasTrailers = _isHeld = _isDisconnected = _isRequestComplete = false;
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
            BorrowedReference message = AsgiMessage.Argument(arguments);
            return Exchange is { } exchange ? exchange.Send(message) : AlreadyComplete(message);
        }
    }
}
