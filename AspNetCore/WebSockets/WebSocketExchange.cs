using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Http;
using PyAsync.Interop;

namespace PyAsync.WebSockets;

/// <summary>
/// One WebSocket. The loop's side runs on the loop's thread with the GIL: the application's calls of <c>receive</c> and <c>send</c> arrive there, and become
/// commands. The server's side runs on threads of the pool without the GIL: it alone uses the HttpContext and the socket.
/// </summary>
internal sealed partial class WebSocketExchange(HttpExchangePool pool) : IInboxItem, IAwaiter
{
    private readonly AsgiApplication _application = pool.Application;
    private readonly RequestHead _request = new();
    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>(new UnboundedChannelOptions { SingleReader = true });
    private ExecutionContext? _execution;
    private OwnedReference _task;
    private bool _isApplicationDone;

    public IInboxItem? Next { get; set; }

    BorrowedReference IAwaiter.Awaited => _task.Borrow();

    CancellationToken IAwaiter.Token => CancellationToken.None;

    bool IAwaiter.HasToken => false;

    private PythonEventLoop Loop => _application.Loop;

    /// <summary>Starts the application.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the server's to report.")]
    bool IInboxItem.Run(PythonEventLoop loop)
    {
        if (loop.EndReason is { } reason)
        {
            End(reason);
            return true;
        }

        RequestScope scope = default;
        try
        {
            scope = RequestScope.Enter(_execution, _application.RunsCodeWhenCalled);
            using NewReference head = _request.MakeScope(_application);
            using NewReference receive = DirectFunctionType.New(new ReceiveFunction(this));
            using NewReference send = DirectFunctionType.New(new SendFunction(this));
            using NewReference awaitable = _application.Callable.Call(head.Borrow(), receive.Borrow(), send.Borrow()).OrThrow();
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
        else if ((_isClosing || _state == State.Disconnected) && CPython.PyErr_GivenExceptionMatches(CPython.PyErr_Occurred(), AsgiModule.Current.ClientDisconnected.Reference) != 0)
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
        if (_isApplicationDone)
        {
            return;
        }

        _isApplicationDone = true;
        _task.Clear();
        Disconnect(1000, "");
        _commands.Writer.TryWrite(new Command.Ended(failure));
    }

    private sealed class ReceiveFunction(WebSocketExchange exchange) : PyCallable("receive")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            arguments.ThrowIfNotOf(0);
            return exchange.Receive();
        }
    }

    private sealed class SendFunction(WebSocketExchange exchange) : PyCallable("send")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            arguments.ThrowIfNotOf(1);
            return exchange.Send(arguments.Borrow(0));
        }
    }
}
