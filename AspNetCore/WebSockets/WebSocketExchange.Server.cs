using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PyAsync.WebSockets;

// The server's side: it alone uses the HttpContext and the socket.
internal sealed partial class WebSocketExchange
{
    private const int MaxIncoming = 32;

    [Flags]
    private enum Signals
    {
        None = 0,

        /// <summary>A message has come.</summary>
        Message = 1,

        /// <summary>The connection has ended.</summary>
        Closed = 2,

        /// <summary>So much has been sent that <c>send</c> need not wait any more.</summary>
        Flushed = 4,

        /// <summary>The server's side has ended.</summary>
        ServerDone = 8,
    }

    private readonly Channel<IncomingMessage> _incoming = Channel.CreateBounded<IncomingMessage>(MaxIncoming);
    private readonly CancellationTokenSource _draining = new();
    private readonly Lock _closeGate = new();
    private readonly CancellationTokenSource _timeLimit = new();
    private (int Code, string Reason) _closed;
    private bool _isTimeLimited;
    private int _answerCode;
    private long _unsent;
    private bool _senderWaits;

    /// <summary>Handles a request for a WebSocket, until the connection and the application have ended.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Fires when the host stops.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Thrown at the end.")]
    public async Task RunAsync(HttpContext context, CancellationToken stopping)
    {
        Request.Read(context, pool.Source, isWebSocket: true);
        CaptureExecutionContext();
        if (!Loop.TryPost(this))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        CancellationTokenRegistration abort = context.RequestAborted.UnsafeRegister(static exchange => ((WebSocketExchange)exchange!).NoteClosed(1006, ""), this);
        CancellationTokenRegistration stop = stopping.UnsafeRegister(static exchange => ((WebSocketExchange)exchange!)._commands.Writer.TryWrite(new Command.Stop()), this);
        var connection = new Connection(context);
        Exception? failure = null;
        try
        {
            failure = await RunCommands(connection).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            NoteClosed(1006, "");
        }

        await stop.DisposeAsync().ConfigureAwait(false);
        await EndConnection(connection, failure).ConfigureAwait(false);
        await abort.DisposeAsync().ConfigureAwait(false);
        EndTimeLimit();
        Signal(Signals.ServerDone);
        Report(connection, failure, context.RequestAborted.IsCancellationRequested);
    }

    /// <summary>Carries out the application's messages until it has ended.</summary>
    /// <returns>Its exception; null if it has returned.</returns>
    private async Task<Exception?> RunCommands(Connection connection)
    {
        await foreach (Command command in _commands.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            switch (command)
            {
                case Command.Accept accept:
                    accept.Head.ApplyHeaders(connection.Context.Response);
                    connection.Socket = await connection.Context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = accept.Subprotocol }).ConfigureAwait(false);
                    connection.IsAnswered = true;
                    connection.TimeLimit = _timeLimit.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), connection.Context);
                    connection.Reading = Pump(connection.Socket);
                    break;
                case Command.Send send:
                    await SendMessage(connection, send).ConfigureAwait(false);
                    break;
                case Command.Close close:
                    await CloseOutput(connection, close.Code, close.Reason).ConfigureAwait(false);
                    break;
                case Command.Answer answer:
                    await CloseOutput(connection, answer.Code, "").ConfigureAwait(false);
                    break;
                case Command.Reject reject:
                    reject.Head.Apply(connection.Context.Response);
                    connection.IsRejecting = true;
                    break;
                case Command.RejectBody body:
                    await connection.Context.Response.Body.WriteAsync(body.Content).ConfigureAwait(false);
                    break;
                case Command.Stop when !connection.IsRejecting:
                    NoteClosed(1012, "");
                    await CloseOutput(connection, 1012, "").ConfigureAwait(false);
                    break;
                case Command.Ended ended:
                    return ended.Failure;
            }
        }

        return null;
    }

    private async ValueTask SendMessage(Connection connection, Command.Send send)
    {
        try
        {
            if (connection.Socket is { State: WebSocketState.Open or WebSocketState.CloseReceived } socket)
            {
                await socket.SendAsync(send.Content, send.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsConnectionLost(e))
        {
            NoteClosed(1006, "");
        }

        long left = Interlocked.Add(ref _unsent, -send.Content.Length);
        if (left <= Application.Options.SendBufferSize / 4 && Volatile.Read(ref _senderWaits))
        {
            Volatile.Write(ref _senderWaits, false);
            Signal(Signals.Flushed);
        }
    }

    /// <summary>Closes the connection, or rejects it if it was not accepted.</summary>
    private async ValueTask CloseOutput(Connection connection, int code, string reason)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        if (connection.Socket is not { } socket)
        {
            if (!connection.IsAnswered)
            {
                connection.IsAnswered = true;
                if (!connection.IsRejecting)
                {
                    connection.Context.Response.StatusCode = StatusCodes.Status403Forbidden;
                }

                await connection.Context.Response.CompleteAsync().ConfigureAwait(false);
            }

            return;
        }

        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsConnectionLost(e))
        {
            NoteClosed(1006, "");
        }
    }

    /// <summary>Ends what the application has left open, and waits for the client's close frame.</summary>
    private async ValueTask EndConnection(Connection connection, Exception? failure)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        if (connection.Socket is not { } socket)
        {
            return;
        }

        LimitTime();
        int code = Volatile.Read(ref _answerCode) is not 0 and var answer ? answer : failure is null ? 1000 : 1011;
        await CloseOutput(connection, code, "").ConfigureAwait(false);
        await connection.Reading.ConfigureAwait(false);
        await connection.TimeLimit.DisposeAsync().ConfigureAwait(false);
        socket.Dispose();
    }

    /// <summary>
    /// Limits the time in which the client has to take what was sent, and to send its close frame: afterwards the connection is aborted, on which the sending and the
    /// reading end. From any thread.
    /// </summary>
    private void LimitTime()
    {
        lock (_closeGate)
        {
            if (!_isTimeLimited)
            {
                _isTimeLimited = true;
                _timeLimit.CancelAfter(Application.Options.WebSocketCloseTimeout);
            }
        }
    }

    /// <summary>Ends the limit: the application may end later than this side.</summary>
    private void EndTimeLimit()
    {
        lock (_closeGate)
        {
            _isTimeLimited = true;
        }

        _timeLimit.Dispose();
    }

    private void Report(Connection connection, Exception? failure, bool isAborted)
    {
        if (failure is not null && !connection.IsAnswered)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (failure is not null)
        {
            Application.Logger.LogError(failure, "The ASGI application {Application} failed in a WebSocket.", Application.Name);
        }
        else if (!connection.IsAnswered && !isAborted)
        {
            throw new InvalidOperationException(
                $"The ASGI application {Application.Name} returned without answering the request for a WebSocket: it has to send 'websocket.accept', 'websocket.close' or a complete response.");
        }
    }

    private void NoteClosed(int code, string reason)
    {
        lock (_closeGate)
        {
            if (_closed.Code == 0)
            {
                _closed = (code, reason);
            }
        }

        Signal(Signals.Closed);
    }

    private void Signal(Signals signals) => LoopSignals.Set((int)signals);

    /// <summary>The objects of a connection.</summary>
    private sealed class Connection(HttpContext context)
    {
        public HttpContext Context => context;

        /// <summary>Gets or sets the socket; null before the connection is accepted.</summary>
        public WebSocket? Socket { get; set; }

        /// <summary>Gets or sets a value that indicates whether the connection was accepted, or rejected by a complete response.</summary>
        public bool IsAnswered { get; set; }

        /// <summary>Gets or sets a value that indicates whether the application has begun a response that rejects the connection.</summary>
        public bool IsRejecting { get; set; }

        /// <summary>Gets or sets the reading of the client's messages.</summary>
        public Task Reading { get; set; } = Task.CompletedTask;

        /// <summary>Gets or sets the registration that aborts the connection when its time is up.</summary>
        public CancellationTokenRegistration TimeLimit { get; set; }
    }
}
