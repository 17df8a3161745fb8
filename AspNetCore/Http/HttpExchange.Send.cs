using Microsoft.AspNetCore.Http;

namespace PyAsync.Http;

// The loop's side: the messages of the application.
internal sealed partial class HttpExchange
{
    private enum ResponseState
    {
        /// <summary>The application has sent nothing.</summary>
        None,

        /// <summary>The head has been sent.</summary>
        Started,

        /// <summary>The body has been sent, and trailers are to follow.</summary>
        Trailers,

        /// <summary>The response is complete.</summary>
        Complete,
    }

    private ResponseState _response;
    private bool _isBodyDiscarded;
    private bool _hasTrailers;

    /// <summary>True while a response with status 500 waits for the end of the application, which may fail: see <see cref="AsgiOptions.UseExceptionHandlers"/>.</summary>
    private bool _isHeld;

    private long _written;

    /// <summary>The application's call of <c>send</c>.</summary>
    private NewReference Send(BorrowedReference message)
    {
        if (!message.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            using NewReference copy = WellKnownObjects.Current.DictType.Call(message).OrThrow();
            return Send(copy.Borrow());
        }

        if (HasEnded)
        {
            return AlreadyComplete(message);
        }

        // Each message, until the application has noticed.
        if (_isDisconnected && _response != ResponseState.Complete)
        {
            return AsgiMessage.Disconnected();
        }

        ReadOnlySpan<byte> text = AsgiMessage.TypeOf(message);
        return text.SequenceEqual("http.response.body"u8) ? SendBody(message)
            : text.SequenceEqual("http.response.start"u8) ? SendStart(message)
            : text.SequenceEqual("http.response.trailers"u8) ? SendTrailers(message)
            : text.SequenceEqual("http.response.pathsend"u8) ? SendFile(message)
            : Unexpected(message);
    }

    private NewReference SendStart(BorrowedReference message)
    {
        if (_response != ResponseState.None)
        {
            return Unexpected(message);
        }

        AsgiNames names = Application.Names;
        if ((_head.ReadStatus(AsgiMessage.Get(message, names.Status)) ?? _head.ReadHeaders(AsgiMessage.Get(message, names.Headers), pool.MaySendLatin1)) is { } error)
        {
            _head.Clear();
            return AsgiMessage.Refuse(error);
        }

        _isBodyDiscarded = Request.IsHead || _head.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified;
        _hasTrailers = AsgiMessage.IsTrue(AsgiMessage.Get(message, names.Trailers));
        _response = ResponseState.Started;
        NoteRoute();
        _isHeld = _head.Status == StatusCodes.Status500InternalServerError && !_hasTrailers && Application.Options.UseExceptionHandlers;
        if (!_isHeld)
        {
            _isHeadUnsent = true;
            pool.Heads.Add(this);
        }

        return Application.Done();
    }

    private NewReference SendBody(BorrowedReference message)
    {
        if (_response != ResponseState.Started)
        {
            return Unexpected(message);
        }

        AsgiNames names = Application.Names;
        bool hasMore = AsgiMessage.IsTrue(AsgiMessage.Get(message, names.MoreBody));
        using NewReference body = BodyOf(message);
        if (body.IsNull && !CPython.PyErr_Occurred().IsNull)
        {
            return default;
        }

        HeldBytes part = body.IsNull ? default : new HeldBytes(body.Borrow());
        long written = _written + part.Length;
        if (!_isBodyDiscarded && _head.ContentLength is { } length && (written > length || (!hasMore && written < length)))
        {
            part.Release();
            return AsgiMessage.Refuse(written > length ? "Response content longer than Content-Length" : "Response content shorter than Content-Length");
        }

        _written = written;
        if (!hasMore)
        {
            _response = _hasTrailers ? ResponseState.Trailers : ResponseState.Complete;
        }

        return Queue(part, hasMore);
    }

    /// <summary>Queues a part of the body.</summary>
    private NewReference Queue(HeldBytes part, bool hasMore)
    {
        bool waits;
        _isHeld &= !hasMore;
        ForgetHead();
        ReleaseSent();
        lock (_gate)
        {
            if (part.Length == 0 || _isBodyDiscarded)
            {
                part.Release();
            }
            else
            {
                _queued.Add(part);
                _unsent += part.Length;
            }

            waits = hasMore && _unsent > Application.Options.SendBufferSize;
            _senderWaits |= waits;
        }

        if (!_isHeld)
        {
            Notify(_response == ResponseState.Complete ? Work.Complete : Work.Start);
        }

        if (_response == ResponseState.Complete)
        {
            EndWaits();
        }

        return waits ? _sends.Add(Loop) : Application.Done();
    }

    private NewReference SendTrailers(BorrowedReference message)
    {
        if (_response != ResponseState.Trailers)
        {
            return Unexpected(message);
        }

        var trailers = _trailers ?? new ResponseHead();
        if (trailers.ReadHeaders(AsgiMessage.Get(message, Application.Names.Headers), pool.MaySendLatin1) is { } error)
        {
            return AsgiMessage.Refuse(error);
        }

        lock (_gate)
        {
            _trailers = trailers;
        }

        if (!AsgiMessage.IsTrue(AsgiMessage.Get(message, Application.Names.MoreTrailers)))
        {
            _response = ResponseState.Complete;
            Notify(Work.Complete);
            EndWaits();
        }

        return Application.Done();
    }

    private NewReference SendFile(BorrowedReference message)
    {
        if (_response != ResponseState.Started || _written > 0)
        {
            return Unexpected(message);
        }

        BorrowedReference path = AsgiMessage.Get(message, Application.Names.Path);
        if (!PyText.IsString(path) || PyText.ToString(path) is not { } file || !Path.IsPathFullyQualified(file) || !File.Exists(file))
        {
            return AsgiMessage.Refuse("the 'path' of an 'http.response.pathsend' message is the absolute path of a file that exists");
        }

        lock (_gate)
        {
            _file = _isBodyDiscarded ? null : file;
        }

        _response = _hasTrailers ? ResponseState.Trailers : ResponseState.Complete;
        _isHeld = false;
        ForgetHead();
        Notify(_hasTrailers ? Work.Start : Work.Complete);
        if (_response == ResponseState.Complete)
        {
            EndWaits();
        }

        return Application.Done();
    }

    /// <summary>Gets the body of a message; NULL if it is empty, or with the error set if it is not bytes.</summary>
    private NewReference BodyOf(BorrowedReference message)
    {
        BorrowedReference body = AsgiMessage.Get(message, Application.Names.Body);
        if (body.IsNull || body.IsNone)
        {
            return default;
        }

        if (PyBytes.IsBytes(body))
        {
            return NewReference.From(body);
        }

        // The content of a bytearray or a memoryview may change after the call.
        return CPython.PyObject_CheckBuffer(body) != 0
            ? CPython.PyBytes_FromObject(body)
            : AsgiMessage.Refuse($"the body of a response is bytes, not a {PyText.TypeName(CPython.Py_TYPE(body))}", "TypeError");
    }

    private NewReference Unexpected(BorrowedReference message) => _response switch
    {
        ResponseState.Complete => AlreadyComplete(message),
        ResponseState.None => AsgiMessage.Refuse($"Expected ASGI message 'http.response.start', but got {AsgiMessage.Describe(message)}."),
        ResponseState.Trailers => AsgiMessage.Refuse($"Expected ASGI message 'http.response.trailers', but got {AsgiMessage.Describe(message)}."),
        _ => AsgiMessage.Refuse($"Expected ASGI message 'http.response.body', but got {AsgiMessage.Describe(message)}."),
    };

    private static NewReference AlreadyComplete(BorrowedReference message) =>
        AsgiMessage.Refuse($"Unexpected ASGI message {AsgiMessage.Describe(message)} sent, after response already completed.");
}
