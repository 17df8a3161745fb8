using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PyAsync.Http;

// The server's side: it alone uses the HttpContext.
internal sealed partial class HttpExchange
{
    /// <summary>The number of bytes that are written without a flush, which waits for a slow client.</summary>
    private const int MaxUnflushed = 64 * 1024;

    private static readonly Assembly s_kestrel = typeof(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServer).Assembly;

    private ManualResetValueTaskSourceCore<bool> _source;
    private CancellationTokenRegistration _abort;
    private bool _isWatching;
    private volatile bool _isClientGone;
    private List<HeldBytes> _writing = new(4);
    private long _sentBytes;

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Handles a request, until its response is complete.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Thrown at the end.")]
    public async Task RunAsync(HttpContext context)
    {
        bool hasBegun;
        try
        {
            hasBegun = TryBegin(context);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            Refuse(context, refused);
            return;
        }

        if (!hasBegun)
        {
            // The exchange is given up: only the loop's thread could reset it.
            await EndBody(context).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        Exception? problem = null;
        bool isComplete = false;
        try
        {
            bool isHeadApplied = false;
            bool isCut = false;

            // The server writes a complete response at once. It does not flush the rest of one that was flushed before, and a body that a middleware has replaced
            // is never flushed.
            bool needsFlush = context.Features.Get<IHttpResponseBodyFeature>()?.GetType().Assembly != s_kestrel;
            if (needsFlush)
            {
                WatchClient(context); // Such a body's flushes may not tell that the client has left: that of response compression does not.
            }

            for (Work work = Work.None; (work & (Work.Complete | Work.Ended)) == 0;)
            {
                await new ValueTask(this, _source.Version).ConfigureAwait(false);
                work = TakeWork(out string? file);
                if ((work & Work.ReadBody) != 0)
                {
                    ReadOn(context.Request.BodyReader);
                }

                if ((work & Work.WatchClient) != 0)
                {
                    WatchClient(context);
                }

                if ((work & (Work.Start | Work.Complete)) != 0 && !_isClientGone)
                {
                    if (!isHeadApplied)
                    {
                        isHeadApplied = true; // From now on a failure cuts the response off.
                        _head.Apply(context.Response);
                    }

                    for (int i = 0; i < _writing.Count; i++)
                    {
                        for (int start = 0; start < _writing[i].Length; start += MaxUnflushed)
                        {
                            if (start > 0)
                            {
                                needsFlush = true;
                                Check(await context.Response.BodyWriter.FlushAsync().ConfigureAwait(false));
                            }

                            Write(context.Response.BodyWriter, i, start);
                        }
                    }

                    if (file is not null)
                    {
                        await context.Response.SendFileAsync(file).ConfigureAwait(false);
                    }

                    if ((work & Work.Complete) == 0 || needsFlush)
                    {
                        needsFlush = true;
                        Check(await context.Response.BodyWriter.FlushAsync().ConfigureAwait(false));
                    }
                }

                // After the client has left, or its body could not be read, nothing is sent: the client must not take the response for a complete one.
                isCut |= (work & (Work.Start | Work.Complete)) != 0 && _isClientGone;
                isComplete = (work & Work.Complete) != 0 && !isCut;
                if (isComplete)
                {
                    _trailers?.ApplyAsTrailers(context.Response);
                }
                else
                {
                    NoteSent();
                }
            }
        }
        catch (ObjectDisposedException) when (context.RequestAborted.IsCancellationRequested)
        {
            ClientLeft(); // The server has stopped, and closed the connection: its buffers have ended with it.
        }
        catch (Exception e)
        {
            problem = e;
            Signal(Signals.ClientLeft);
        }

        await EndServer(context, problem, isComplete).ConfigureAwait(false);
    }

    /// <summary>Posts the request to the loop.</summary>
    /// <returns>False if the loop has ended.</returns>
    private bool TryBegin(HttpContext context)
    {
        try
        {
            Request.Read(context, pool.Source, isWebSocket: false);
            BeginBody(context);
            CaptureExecutionContext();
            _isRouteWanted = IsRouteWanted(context);
        }
        catch
        {
            // A body that the server refuses: nothing has started.
            pool.ReturnFromServer(this, 0);
            throw;
        }

        return Loop.TryPost(this);
    }

    private Work TakeWork(out string? file)
    {
        lock (_gate)
        {
            _source.Reset();
            _isNotified = false;
            Work work = _work;
            _work = Work.None;
            file = _file;
            _file = null;
            (_queued, _writing) = (_writing, _queued);
            return work;
        }
    }

    private void Write(PipeWriter writer, int index, int start)
    {
        ReadOnlySpan<byte> part = _writing[index].Span[start..];
        writer.Write(part.Length > MaxUnflushed ? part[..MaxUnflushed] : part);
    }

    private void Check(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            ClientLeft();
        }
    }

    private void WatchClient(HttpContext context)
    {
        if (!_isWatching)
        {
            _isWatching = true;
            _abort = context.RequestAborted.UnsafeRegister(static exchange => ((HttpExchange)exchange!).ClientLeft(), this);
        }
    }

    private void ClientLeft()
    {
        _isClientGone = true;
        Signal(Signals.ClientLeft);
    }

    /// <summary>Ends this side. The exchange may serve another request afterwards, so nothing of it is used then.</summary>
    private async ValueTask EndServer(HttpContext context, Exception? problem, bool isComplete)
    {
        await _abort.DisposeAsync().ConfigureAwait(false);
        await EndBody(context).ConfigureAwait(false);
        if (_isRouteWanted && _route is { } route)
        {
            pool.Routes.Report(context, route);
        }

        AsgiApplication application = Application;
        bool isGone = _isClientGone;
        Exception? bodyFailure = _bodyFailure;
        Exception? failure;
        bool isApplicationDone;
        bool isNotified;
        long held = _unsent;
        lock (_gate)
        {
            failure = _failure;
            isApplicationDone = _isApplicationDone;
            _isServerDone = true;
            isNotified = _isNotified;
        }

        if (isApplicationDone)
        {
            if (isNotified)
            {
                // Only after a failure of this side. The exchange is among the completions, whose link the pool uses too.
                await new ValueTask(this, _source.Version).ConfigureAwait(false);
                TakeWork(out _);
            }

            pool.ReturnFromServer(this, held);
        }

        problem ??= isComplete ? null : bodyFailure as BadHttpRequestException;
        if (problem is null && !isComplete && !isGone)
        {
            problem = failure ?? new InvalidOperationException(
                $"The ASGI application {application.Name} returned without completing its response: it has to send 'http.response.start' and 'http.response.body'.");
        }
        else if (failure is not null)
        {
            LogFailure(application, failure, context.Request.Method, (context.Request.PathBase + context.Request.Path).Value, isGone);
        }

        if (problem is BadHttpRequestException refused && !context.Response.HasStarted)
        {
            Refuse(context, refused);
        }
        else if (problem is not null)
        {
            ExceptionDispatchInfo.Throw(problem);
        }
    }

    /// <summary>Answers a request whose body the server has refused: exception handlers would make an error of this server (500) of it.</summary>
    private void Refuse(HttpContext context, BadHttpRequestException refused)
    {
        Application.Logger.LogDebug(refused, "The server has refused a request for the ASGI application {Application}.", Application.Name);
        context.Response.Clear();
        context.Response.StatusCode = refused.StatusCode;
        if (context.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    private void ResetServer()
    {
        _abort = default;
        _isWatching = _isClientGone = false;
        _sentBytes = 0;
        _bodyFailure = null;
        _bodyState = BodyState.None;
    }
}
