using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PyAsync.Http;

// The body of the request: the server's side reads a part, the loop's side copies it into a message.
internal sealed partial class HttpExchange
{
    private enum BodyState
    {
        /// <summary>The request has no body.</summary>
        None,

        /// <summary>Nothing is being read.</summary>
        Idle,

        /// <summary>The server's side reads.</summary>
        Reading,

        /// <summary>A part was read, and the loop's side may take it.</summary>
        Ready,

        /// <summary>The loop's side has taken the part.</summary>
        Taken,

        /// <summary>The body cannot be read, or need not be read any more.</summary>
        Closed,
    }

    // Guarded by the gate.
    private BodyState _bodyState;
    private ReadResult _read;
    private Exception? _bodyFailure;

    private Task _reading = Task.CompletedTask;

    /// <summary>Looks for a body, and reads the part of it that is there. On the server's side, before the application starts.</summary>
    private void BeginBody(HttpContext context)
    {
        bool canHaveBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength is not (null or 0);
        _bodyState = canHaveBody ? BodyState.Idle : BodyState.None;

        // The client waits for the application's first call of receive, which sends `100 Continue`.
        if (canHaveBody && context.Request.Headers.Expect.Count == 0 && context.Request.BodyReader.TryRead(out ReadResult result))
        {
            if (result.Buffer.IsEmpty && !result.IsCompleted)
            {
                context.Request.BodyReader.AdvanceTo(result.Buffer.Start);
                return;
            }

            _read = result;
            _bodyState = BodyState.Ready;
        }
    }

    /// <summary>Makes the message of the part that was read; NULL if there is none. On the loop's thread.</summary>
    private NewReference TakeBody()
    {
        bool hasMore;
        NewReference body;
        lock (_gate)
        {
            if (_bodyState == BodyState.None)
            {
                _isRequestComplete = true;
                return Application.EmptyRequest();
            }

            if (_bodyState != BodyState.Ready)
            {
                return default;
            }

            // Copied within the gate: the memory is the server's, and its side may end meanwhile.
            hasMore = !_read.IsCompleted;
            body = PyBytes.From(_read.Buffer);
            _bodyState = BodyState.Taken;
        }

        _isRequestComplete = !hasMore;
        NewReference message = Application.Request(body.Borrow(), hasMore);
        body.Dispose();
        if (hasMore)
        {
            Notify(Work.ReadBody); // Reads ahead, while the application handles the part.
        }

        return message;
    }

    /// <summary>Reads the next part, unless one is there. On the server's side.</summary>
    private void ReadOn(PipeReader reader)
    {
        lock (_gate)
        {
            if (_bodyState == BodyState.Taken)
            {
                reader.AdvanceTo(_read.Buffer.End);
                _read = default;
                _bodyState = BodyState.Idle;
            }

            if (_bodyState != BodyState.Idle)
            {
                return;
            }

            _bodyState = BodyState.Reading;
        }

        _reading = ReadPart(reader);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The application is notified as of a client that has left; the server reports the failure.")]
    private async Task ReadPart(PipeReader reader)
    {
        try
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            lock (_gate)
            {
                _read = result;
                _bodyState = result.IsCanceled ? BodyState.Taken : BodyState.Ready;
            }

            Signal(Signals.BodyRead);
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _bodyFailure = e;
                _bodyState = BodyState.Closed;
            }

            _isClientGone = true;
            Signal(Signals.ClientLeft);
        }
    }

    /// <summary>Ends the reading. The server reads the remaining body. On the server's side.</summary>
    private async ValueTask EndBody(HttpContext context)
    {
        if (_bodyState is BodyState.None)
        {
            return;
        }

        if (!_reading.IsCompleted)
        {
            context.Request.BodyReader.CancelPendingRead();
            await _reading.ConfigureAwait(false);
        }

        _reading = Task.CompletedTask;
        lock (_gate)
        {
            if (_bodyState is BodyState.Taken or BodyState.Ready)
            {
                context.Request.BodyReader.AdvanceTo(_bodyState == BodyState.Taken && !_read.IsCanceled ? _read.Buffer.End : _read.Buffer.Start);
            }

            _read = default;
            _bodyState = BodyState.Closed;
        }
    }
}
