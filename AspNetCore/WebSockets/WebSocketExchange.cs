using System.Threading.Channels;
using PyAsync.Http;
using PyAsync.Interop;

namespace PyAsync.WebSockets;

/// <summary>
/// One WebSocket. The loop's side runs on the loop's thread with the GIL: the application's calls of <c>receive</c> and <c>send</c> arrive there, and become
/// commands. The server's side runs on threads of the pool without the GIL: it alone uses the HttpContext and the socket.
/// </summary>
internal sealed partial class WebSocketExchange(HttpExchangePool pool) : ApplicationCall(pool.Application)
{
    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>(new UnboundedChannelOptions { SingleReader = true });

    protected override bool HasClientLeft => _isClosing || _state == State.Disconnected;

    protected override NewReference Call(BorrowedReference scope)
    {
        using NewReference receive = DirectFunctionType.New(new ReceiveFunction(this));
        using NewReference send = DirectFunctionType.New(new SendFunction(this));
        return Application.Callable.Call(scope, receive.Borrow(), send.Borrow());
    }

    protected override void OnEnded(Exception? failure)
    {
        Disconnect(1000, "");
        LimitTime();
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
        public override NewReference Invoke(CallbackArguments arguments) => exchange.Send(AsgiMessage.Argument(arguments));
    }
}
