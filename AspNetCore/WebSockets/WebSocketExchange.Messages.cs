using System.Text;
using PyAsync.Http;
using PyAsync.Interop;

namespace PyAsync.WebSockets;

// The loop's side: the messages to the application, and its own.
internal sealed partial class WebSocketExchange
{
    private const int MaxReasonBytes = 123;

    private enum State
    {
        /// <summary>The application has not received the first message.</summary>
        New,

        /// <summary>The application decides about the connection.</summary>
        Connecting,

        /// <summary>The application has accepted the connection.</summary>
        Accepted,

        /// <summary>The application sends a response that rejects the connection.</summary>
        Rejecting,

        /// <summary>The application has closed or rejected the connection.</summary>
        Closed,

        /// <summary>The connection has ended.</summary>
        Disconnected,
    }

    private readonly Waiters _receives = new();
    private readonly Waiters _sends = new();
    private readonly ResponseHead _head = new();
    private State _state;
    private bool _isClosing;
    private int _closeCode;
    private string _closeReason = "";

    private NewReference Receive()
    {
        if (_state == State.New)
        {
            _state = State.Connecting;
            return AsgiMessage.Finished(Application, Application.Message("websocket.connect"));
        }

        if (_receives.HasWaiting())
        {
            return _receives.Add(Loop);
        }

        NewReference message = TakeMessage();
        return message.IsNull ? _receives.Add(Loop) : AsgiMessage.Finished(Application, message);
    }

    private NewReference Send(BorrowedReference message)
    {
        if (!message.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            using NewReference copy = WellKnownObjects.Current.DictType.Call(message).OrThrow();
            return Send(copy.Borrow());
        }

        ReadOnlySpan<byte> type = AsgiMessage.TypeOf(message);
        switch (_state)
        {
            case State.Disconnected:
            case State.Accepted when _isClosing && type.SequenceEqual("websocket.send"u8): // Messages that came before the close can still be received.
                return AsgiMessage.Disconnected();
            case State.New or State.Connecting when type.SequenceEqual("websocket.accept"u8):
                return Accept(message);
            case State.New or State.Connecting when type.SequenceEqual("websocket.http.response.start"u8):
                return Reject(message);
            case State.New or State.Connecting or State.Accepted when type.SequenceEqual("websocket.close"u8):
                return Close(message);
            case State.Accepted when type.SequenceEqual("websocket.send"u8):
                return SendMessage(message);
            case State.Rejecting when type.SequenceEqual("websocket.http.response.body"u8):
                return RejectBody(message);
            case State.Closed:
                return AsgiMessage.Refuse($"Unexpected ASGI message {AsgiMessage.Describe(message)}, after sending 'websocket.close' or response already completed.");
            default:
                string expected = _state switch
                {
                    State.Accepted => "'websocket.send' or 'websocket.close'",
                    State.Rejecting => "'websocket.http.response.body'",
                    _ => "'websocket.accept', 'websocket.close' or 'websocket.http.response.start'",
                };
                return AsgiMessage.Refuse($"Expected ASGI message {expected}, but got {AsgiMessage.Describe(message)}.");
        }
    }

    private NewReference Accept(BorrowedReference message)
    {
        BorrowedReference subprotocol = AsgiMessage.Get(message, WellKnownNames.Current["subprotocol"]);
        string? name = subprotocol.IsNull || subprotocol.IsNone ? null : PyConvert.String.FromReference(subprotocol);
        if (name is not null && (name.Length == 0 || !name.All(static c => c > ' ' && c < 0x7F && !"()<>@,;:\\\"/[]?={}".Contains(c, StringComparison.Ordinal))))
        {
            return AsgiMessage.Refuse($"invalid subprotocol '{name}'");
        }

        if (_head.ReadHeaders(AsgiMessage.Get(message, Application.Names.Headers), pool.MaySendLatin1) is { } error)
        {
            _head.Clear();
            return AsgiMessage.Refuse(error);
        }

        _state = State.Accepted;
        return Post(new Command.Accept(name, _head));
    }

    private NewReference SendMessage(BorrowedReference message)
    {
        BorrowedReference text = AsgiMessage.Get(message, WellKnownNames.Current["text"]);
        BorrowedReference bytes = AsgiMessage.Get(message, WellKnownNames.Current["bytes"]);
        bool isText = !text.IsNull && !text.IsNone;
        if (isText == (!bytes.IsNull && !bytes.IsNone))
        {
            return AsgiMessage.Refuse("a 'websocket.send' message has either 'text' or 'bytes'");
        }

        byte[] content = isText ? Encoding.UTF8.GetBytes(PyConvert.String.FromReference(text)) : PyConvert.Bytes.FromReference(bytes);
        bool waits = Interlocked.Add(ref _unsent, content.Length) > Application.Options.SendBufferSize;
        if (waits)
        {
            // Must be set before the command: the server's side looks for it after it has sent the message.
            Volatile.Write(ref _senderWaits, true);
        }

        NewReference done = Post(new Command.Send(content, isText));
        if (!waits)
        {
            return done;
        }

        done.Dispose();
        return _sends.Add(Loop);
    }

    private NewReference Close(BorrowedReference message)
    {
        BorrowedReference code = AsgiMessage.Get(message, WellKnownNames.Current.Code);
        BorrowedReference reason = AsgiMessage.Get(message, WellKnownNames.Current["reason"]);
        int number = code.IsNull || code.IsNone ? 1000 : PyConvert.Int32.FromReference(code);
        string text = reason.IsNull || reason.IsNone ? "" : PyConvert.String.FromReference(reason);
        if (number is < 1000 or > 4999 or 1004 or 1005 or 1006 or 1015)
        {
            return AsgiMessage.Refuse($"invalid close code {number} of a WebSocket: it is from 1000 to 4999, and not 1004, 1005, 1006 or 1015");
        }

        if (Encoding.UTF8.GetByteCount(text) > MaxReasonBytes)
        {
            return AsgiMessage.Refuse($"the reason for closing a WebSocket has at most {MaxReasonBytes} bytes");
        }

        _state = State.Closed;
        (_closeCode, _closeReason) = (number, text);
        EndReceives();
        LimitTime();
        return Post(new Command.Close(number, text));
    }

    private NewReference Reject(BorrowedReference message)
    {
        AsgiNames names = Application.Names;
        if ((_head.ReadStatus(AsgiMessage.Get(message, names.Status)) ?? _head.ReadHeaders(AsgiMessage.Get(message, names.Headers), pool.MaySendLatin1)) is { } error)
        {
            _head.Clear();
            return AsgiMessage.Refuse(error);
        }

        _state = State.Rejecting;
        return Post(new Command.Reject(_head));
    }

    private NewReference RejectBody(BorrowedReference message)
    {
        BorrowedReference body = AsgiMessage.Get(message, Application.Names.Body);
        byte[] content = body.IsNull || body.IsNone ? [] : PyConvert.Bytes.FromReference(body);
        NewReference done = Post(new Command.RejectBody(content));
        if (!AsgiMessage.IsTrue(AsgiMessage.Get(message, Application.Names.MoreBody)))
        {
            (_state, _closeCode) = (State.Closed, 1006);
            EndReceives();
            done.Dispose();
            done = Post(new Command.Close(1000, ""));
        }

        return done;
    }

    private NewReference Post(Command command)
    {
        _commands.Writer.TryWrite(command);
        return Application.Done();
    }

    /// <summary>Makes the next message; NULL if there is none.</summary>
    private NewReference TakeMessage()
    {
        if (_state == State.Disconnected || _state == State.Closed)
        {
            return NewDisconnect();
        }

        if (!_incoming.Reader.TryRead(out IncomingMessage incoming))
        {
            if (!_isClosing)
            {
                return default;
            }

            Disconnect(_closed.Code, _closed.Reason);
            return NewDisconnect();
        }

        NewReference message = Application.Message("websocket.receive");
        using NewReference content = incoming.IsText ? PyText.FromUtf8(incoming.Content.Span) : PyBytes.From(incoming.Content.Span);
        AsgiApplication.Set(message.Borrow(), WellKnownNames.Current[incoming.IsText ? "text" : "bytes"], content.Borrow());
        return message;
    }

    private NewReference NewDisconnect()
    {
        NewReference message = Application.Message("websocket.disconnect");
        using NewReference code = PyConvert.Int32.ToReference(_closeCode);
        using NewReference reason = PyText.FromString(_closeReason);
        AsgiApplication.Set(message.Borrow(), WellKnownNames.Current.Code, code.Borrow());
        AsgiApplication.Set(message.Borrow(), WellKnownNames.Current["reason"], reason.Borrow());
        return message;
    }

    public override void OnSignals(int flags)
    {
        var signals = (Signals)flags;
        while ((signals & Signals.Flushed) != 0 && _sends.HasWaiting())
        {
            _sends.Complete(Loop, NewReference.From(InterpreterState.Current.None));
        }

        // The messages that came before the close are received first.
        _isClosing |= (signals & Signals.Closed) != 0;
        while (_isClosing && _sends.HasWaiting())
        {
            _sends.Fail(Loop);
        }

        while (_state is not (State.Closed or State.Disconnected) && _incoming.Reader.TryPeek(out _) && _receives.HasWaiting())
        {
            _receives.Complete(Loop, TakeMessage());
        }

        if (_isClosing && !_incoming.Reader.TryPeek(out _))
        {
            Disconnect(_closed.Code, _closed.Reason);
        }

        if ((signals & Signals.ServerDone) != 0)
        {
            _head.Clear();
        }
    }

    private void Disconnect(int code, string reason)
    {
        if (_state == State.Disconnected)
        {
            return;
        }

        if (_state != State.Closed)
        {
            (_closeCode, _closeReason) = (code, reason);
        }

        _state = State.Disconnected;
        EndReceives();
        while (_sends.HasWaiting())
        {
            _sends.Fail(Loop);
        }
    }

    private void EndReceives()
    {
        while (_receives.HasWaiting())
        {
            _receives.Complete(Loop, NewDisconnect());
        }
    }
}
