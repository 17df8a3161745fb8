using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PyAsync.Http;
using PyAsync.Interop;
using PyAsync.Requests;
using PyAsync.WebSockets;

namespace PyAsync.Mapping;

/// <summary>An ASGI application at a path: loads and starts it with the host, and passes it the requests.</summary>
/// <param name="name">The application's name in messages.</param>
/// <param name="find">Finds the Python application, on the loop's thread. The caller disposes the object.</param>
/// <param name="rootSegments">The number of segments of the path.</param>
/// <param name="options">The settings.</param>
/// <param name="services">The host's services.</param>
internal sealed class AsgiEndpoint(string name, Func<AsgiEndpoint, PyObject> find, int rootSegments, AsgiOptions options, IServiceProvider services) : IHostParticipant
{
    private static readonly TimeSpan s_timeLeft = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_timeToAnswer = TimeSpan.FromMilliseconds(500);
    private static readonly KestrelServerOptions s_defaults = new();

    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("PyAsync.AspNetCore");
    private readonly IOptions<WebSocketOptions> _webSocketOptions = services.GetRequiredService<IOptions<WebSocketOptions>>();
    private readonly IHostApplicationLifetime _lifetime = services.GetRequiredService<IHostApplicationLifetime>();
    private readonly RequestSource _source = new(rootSegments, FindEncoding(services));
    private IRuntime? _runtime;
    private PyObject? _lifespan;
    private HttpExchangePool? _exchanges;

    /// <summary>Gets the settings.</summary>
    public AsgiOptions Options => options;

    /// <summary>Gets the folder that Python searches first.</summary>
    public string ApplicationDirectory =>
        Path.GetFullPath(options.ApplicationDirectory ?? ".", services.GetRequiredService<IHostEnvironment>().ContentRootPath);

    /// <summary>Handles a request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (Volatile.Read(ref _exchanges) is not { } exchanges)
        {
            throw new InvalidOperationException($"The ASGI application {name} is not running: it starts and stops with the host, if it was mapped before the host's start.");
        }

        return IsWebSocket(context) ? HandleWebSocket(exchanges, context) : exchanges.Take().RunAsync(context);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _runtime = options.RuntimeKey is { } key
            ? services.GetKeyedService<IRuntime>(key) ?? throw new InvalidOperationException(
                $"There is no runtime with the key \"{key}\" for the ASGI application {name}: call builder.Services.AddKeyedPyAsync(\"{key}\"), or remove AsgiOptions.RuntimeKey.")
            : services.GetRequiredService<IRuntime>();
        if (_runtime.GetCurrentLoop() is not PythonEventLoop loop)
        {
            throw new InvalidOperationException($"The runtime {_runtime.Name} of the ASGI application {name} has no event loop of this library.");
        }

        PyObject callable = await _runtime.InvokeAsync(() => Find(_runtime), cancellationToken).ConfigureAwait(false);
        PyObject? state = await StartLifespan(_runtime, callable, cancellationToken).ConfigureAwait(false);
        AsgiApplication application = await _runtime.InvokeAsync(() => new AsgiApplication(name, callable, state, loop, options, _logger), cancellationToken).ConfigureAwait(false);
        _source.PathIncludesRootPath = application.PathIncludesRootPath;
        Volatile.Write(ref _exchanges, new HttpExchangePool(application, _source, MaySendLatin1()));
    }

    public void Check()
    {
        if (services.GetService<EndpointDataSource>() is { } endpoints)
        {
            PathConflicts.Check(this, endpoints.Endpoints);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        HttpExchangePool? exchanges = Interlocked.Exchange(ref _exchanges, null);
        if (_runtime is null || exchanges is null)
        {
            return;
        }

        // Requests that have used up the host's time do not keep the application from its shutdown: it has a little time more, if nothing blocks the loop.
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                late.CancelAfter(s_timeToAnswer);
                exchanges.Application.Loop.TryPost(() => Extend(late));
            },
            state: null);
        try
        {
            await Stop(_runtime, exchanges, late.Token).WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            _logger.LogWarning("The runtime of the ASGI application {Application} has ended before its host: the application had no shutdown.", name);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // The application ignores the cancellation, or something blocks the loop, and the end of the runtime names it.
            _logger.LogWarning(
                "The ASGI application {Application} has not ended its shutdown in the host's time for it (HostOptions.ShutdownTimeout). If a request blocks the event loop, move its work to a thread (asyncio.to_thread).",
                name);
        }
    }

    /// <summary>Called on the loop's thread: nothing blocks it.</summary>
    private static void Extend(CancellationTokenSource late)
    {
        try
        {
            late.CancelAfter(s_timeLeft);
        }
        catch (ObjectDisposedException)
        {
            // The application has stopped.
        }
    }

    private PyObject Find(IRuntime runtime)
    {
        _ = AsgiModule.Current; // Registers pyasync.web, which the application may import.
        _source.Services = options.ExposedServices.Count > 0 ? new ServiceFinder(options.ExposedServices, runtime) : null;
        return find(this);
    }

    /// <summary>True for a request that asks for a WebSocket, by HTTP/1.1 or HTTP/2 (RFC 8441).</summary>
    private static bool IsWebSocket(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            return HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
        }

        return context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };
    }

    private Task HandleWebSocket(HttpExchangePool exchanges, HttpContext context)
    {
        RequestDelegate handle = request => request.WebSockets.IsWebSocketRequest
            ? new WebSocketExchange(exchanges).RunAsync(request, _lifetime.ApplicationStopping)
            : exchanges.Take().RunAsync(request);
        return context.Features.Get<IHttpWebSocketFeature>() is not null
            ? handle(context)
            : new WebSocketMiddleware(handle, _webSocketOptions, services.GetRequiredService<ILoggerFactory>()).Invoke(context);
    }

    /// <summary>Starts the lifespan.</summary>
    /// <returns>Its state; null if the application has no lifespan.</returns>
    private async Task<PyObject?> StartLifespan(IRuntime runtime, PyObject callable, CancellationToken cancellationToken)
    {
        if (options.Lifespan == AsgiLifespan.Off)
        {
            return null;
        }

        PyObject state = await runtime.InvokeAsync(() => CPython.PyDict_New().ToPyObject(), cancellationToken).ConfigureAwait(false);
        _lifespan = await runtime.InvokeAsync(
            () =>
            {
                using PyObject type = AsgiModule.Current.Get("Lifespan");
                return type.Call([callable, state]);
            },
            cancellationToken).ConfigureAwait(false);
        (string outcome, string message) = await CallLifespan(runtime, "start", cancellationToken).ConfigureAwait(false);
        switch (outcome)
        {
            case "failed" or "unsupported" when outcome == "failed" || options.Lifespan == AsgiLifespan.On:
                throw new AsgiApplicationException($"The ASGI application {name} failed in its startup: {message}");
            case "unsupported":
                _logger.LogInformation("The ASGI application {Application} has no lifespan: {Message}", name, message);
                _lifespan.Dispose();
                _lifespan = null;
                break;
        }

        return state;
    }

    /// <summary>Stops the lifespan, and releases the application.</summary>
    private async Task Stop(IRuntime runtime, HttpExchangePool exchanges, CancellationToken late)
    {
        try
        {
            await StopLifespan(runtime, late).ConfigureAwait(false);
        }
        finally
        {
            _lifespan?.Dispose();
            await runtime.InvokeAsync(
                () =>
                {
                    exchanges.Close();
                    exchanges.Application.Release();
                },
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task StopLifespan(IRuntime runtime, CancellationToken late)
    {
        if (_lifespan is null)
        {
            return;
        }

        (string outcome, string message) = await CallLifespan(runtime, "stop", late).ConfigureAwait(false);
        if (outcome != "complete")
        {
            _logger.LogError("The ASGI application {Application} failed in its shutdown: {Message}", name, message);
        }
    }

    private async Task<(string Outcome, string Message)> CallLifespan(IRuntime runtime, string method, CancellationToken cancellationToken)
    {
        using PyObject function = await runtime.InvokeAsync(() => _lifespan!.GetAttr(method), cancellationToken).ConfigureAwait(false);
        return await runtime.CallAsync(function, default, PyConvert.Tuple(PyConvert.String, PyConvert.String), cancellationToken).ConfigureAwait(false);
    }

    private bool MaySendLatin1() =>
        services.GetService<IOptions<KestrelServerOptions>>()?.Value.ResponseHeaderEncodingSelector is { } selector
        && selector != s_defaults.ResponseHeaderEncodingSelector;

    /// <summary>Gets the host's choice of encodings for the headers of requests; null for the default.</summary>
    private static Func<string, Encoding?>? FindEncoding(IServiceProvider services) =>
        services.GetService<IOptions<KestrelServerOptions>>()?.Value.RequestHeaderEncodingSelector is { } selector
        && selector != s_defaults.RequestHeaderEncodingSelector ? selector : null;
}
