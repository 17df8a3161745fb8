using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>A Kestrel on a free port of the loopback, with the ASGI application of a Python source text.</summary>
internal sealed class AsgiServer : IAsyncDisposable
{
    private readonly X509Certificate2? _certificate;

    private AsgiServer(WebApplication application, PyObject module, LogRecorder log, X509Certificate2? certificate)
    {
        _certificate = certificate;
        Application = application;
        Module = module;
        Log = log;
        Address = new Uri(application.Urls.First());
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = IsCertificate;
        Client = new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public WebApplication Application { get; }

    public PyObject Module { get; }

    public LogRecorder Log { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IRuntime Runtime => Application.Services.GetRequiredService<IRuntime>();

    /// <summary>Starts a server.</summary>
    /// <param name="source">A module whose <c>app</c> is the application.</param>
    /// <param name="path">The path of the application.</param>
    /// <param name="options">Changes the application's settings.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="use">Adds middlewares and endpoints, before the application's.</param>
    /// <param name="protocols">The protocols of the server.</param>
    /// <param name="certificate">The certificate for TLS; null for none.</param>
    public static async Task<AsgiServer> Start(
        string source,
        string path = "/",
        Action<AsgiOptions>? options = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        X509Certificate2? certificate = null)
    {
        PyObject? module = null;
        var log = new LogRecorder(LogLevel.Warning);
        WebApplicationBuilder builder = CreateBuilder(log, protocols, certificate);
        build?.Invoke(builder);
        WebApplication application = builder.Build();
        use?.Invoke(application);
        application.MapAsgi(path, () => (module = PyObject.ImportSource(source, "asgi_test")).GetAttr("app"), options);
        await application.StartAsync();
        return new AsgiServer(application, module!, log, certificate);
    }

    /// <summary>Makes a builder with a runtime on the loop under test.</summary>
    public static WebApplicationBuilder CreateBuilder(LogRecorder log, HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddPyAsync(python =>
        {
            python.EventLoop = Environment.GetEnvironmentVariable("PYASYNC_TEST_LOOP") is { Length: > 0 } loop ? loop : "asyncio";
            python.Debug = Environment.GetEnvironmentVariable("PYASYNC_TEST_DEBUG") == "1";
            python.ShutdownTimeout = TimeSpan.FromSeconds(5);
        });
        return builder;
    }

    /// <summary>True for the server's own certificate, which no authority has signed.</summary>
    public bool IsCertificate(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        _certificate is not null && shown is not null && shown.GetCertHashString() == _certificate.GetCertHashString();

    /// <summary>Opens a connection, to send and receive bytes as they are.</summary>
    public async Task<NetworkStream> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return new NetworkStream(socket, ownsSocket: true) { ReadTimeout = 60_000 };
    }

    /// <summary>Sends bytes on a new connection, and returns all that comes until the server closes it.</summary>
    public async Task<string> Exchange(string request)
    {
        await using NetworkStream stream = await Connect();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await stream.ReadUntilClosed();
    }

    /// <summary>Evaluates an expression in the module, on the loop's thread.</summary>
    public Task<string> Evaluate(string expression) =>
        Runtime.InvokeAsync(
            () =>
            {
                using PyObject builtins = PyObject.Import("builtins");
                using PyObject value = builtins.CallMethod("eval", [PyObject.From(expression, PyConvert.String), Module.GetAttr("__dict__")]);
                return value.ToString()!;
            },
            CancellationToken.None);

    /// <summary>Makes a C# function a function of the module.</summary>
    public Task Define(string name, Func<PyObject> function) =>
        Runtime.InvokeAsync(() => Module.SetAttr(name, PyFunction.Create(name, _ => function())), CancellationToken.None);

    /// <summary>Waits until a number stays the same for 200 round trips to the loop, and returns it.</summary>
    /// <param name="read">Reads the number; null for the module's <c>count</c>.</param>
    public async Task<int> UntilStill(Func<int>? read = null)
    {
        int seen = -1;
        for (int same = 0; same < 200; same++)
        {
            int count = int.Parse(await Evaluate("count"));
            count = read?.Invoke() ?? count;
            if (count != seen)
            {
                (seen, same) = (count, 0);
            }
        }

        return seen;
    }

    /// <summary>Waits until an expression in the module is true. Polls, because no event reports it.</summary>
    public async Task Until(string expression)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await Evaluate($"bool({expression})") != "True")
        {
            await Task.Delay(5, late.Token);
        }
    }

    /// <summary>Waits until the log has an entry with a text.</summary>
    public async Task UntilLogged(string text)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!Log.Entries.Any(entry => entry.Contains(text)))
        {
            await Task.Delay(5, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Application.StopAsync();
        await Application.DisposeAsync();
        Module.Dispose();
    }
}
