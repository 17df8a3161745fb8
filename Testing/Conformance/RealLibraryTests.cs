using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>
/// Popular libraries, used from C#: asyncio's own streams and subprocesses here, web and databases in the other parts. A library that is not installed
/// is skipped, with the command that installs it.
/// </summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class RealLibraryTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task Asyncio_streams_serve_a_socket_of_dotnet()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        PyObject serve = Function<PyObject, PyObject, bool>(async (reader, writer, cancellationToken) =>
        {
            using PyObject from = reader;
            using PyObject to = writer;
            while (await Await<byte[]>(from, "readline", cancellationToken: cancellationToken) is { Length: > 0 } line)
            {
                await Invoke(to, "write", [Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line).ToUpperInvariant())], cancellationToken);
                await Await(to, "drain", cancellationToken: cancellationToken);
            }

            await Invoke(to, "close", cancellationToken: cancellationToken);
            await Await(to, "wait_closed", cancellationToken: cancellationToken);
            return true;
        });
        PyObject server = await Await(asyncio, "start_server", [serve, "127.0.0.1", 0]);
        int port = await Runtime.InvokeAsync(() => server.GetAttr("sockets")[0].CallMethod("getsockname")[1].As<int>());

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Talk(port, i)));

        answers.ShouldBe(Enumerable.Range(0, 20).Select(i => string.Concat(Enumerable.Range(0, 50).Select(j => $"MESSAGE {i}/{j}\n"))));
        await Invoke(server, "close");
        await Await(server, "wait_closed");

        static async Task<string> Talk(int port, int i)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await using NetworkStream stream = client.GetStream();
            for (int j = 0; j < 50; j++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"message {i}/{j}\n"));
            }

            client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync();
        }
    }

    [ConformanceFact]
    public virtual async Task Asyncio_streams_talk_to_a_socket_of_dotnet()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task served = Serve();

        (PyObject reader, PyObject writer) = await Await<(PyObject, PyObject)>(asyncio, "open_connection", ["127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port]);
        List<string> lines = await Runtime.IntoAsyncEnumerable<byte[]>(() => Own(reader).Clone()).Select(Encoding.UTF8.GetString).ToListAsync();

        lines.ShouldBe(Enumerable.Range(0, 1_000).Select(i => $"line {i}\n"));
        await Invoke(Own(writer), "close");
        await Await(writer, "wait_closed");
        await served;

        async Task Serve()
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await using NetworkStream stream = client.GetStream();
            for (int i = 0; i < 1_000; i++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"line {i}\n"));
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Asyncio_subprocesses_run_and_those_of_dotnet_beside_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It runs Unix programs.");
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject subprocess = PyObject.Import("asyncio.subprocess");
        using PyObject pipe = subprocess.GetAttr("PIPE");

        string[] echoed = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            PyObject cat = await Start("cat");
            (byte[] output, PyObject? _) = await Await<(byte[], PyObject?)>(cat, "communicate", [Encoding.UTF8.GetBytes($"process {i}")]);
            (await Await<int>(cat, "wait")).ShouldBe(0);
            return Encoding.UTF8.GetString(output);
        }));
        echoed.ShouldBe(Enumerable.Range(0, 20).Select(i => $"process {i}"));

        // Line by line, while .NET watches its own children.
        PyObject counting = await Start("sh", "-c", "for i in 1 2 3; do echo $i; done; exit 7");
        using var own = Process.Start("sh", ["-c", "exit 8"])!;
        using PyObject output = counting.GetAttr("stdout");
        List<string> lines = await Runtime.IntoAsyncEnumerable<byte[]>(output.Clone).Select(Encoding.UTF8.GetString).ToListAsync();
        lines.ShouldBe(["1\n", "2\n", "3\n"]);
        (await Await<int>(counting, "wait")).ShouldBe(7);
        await own.WaitForExitAsync().WaitAsync(Soon);
        own.ExitCode.ShouldBe(8);

        // One that is cancelled.
        PyObject sleeping = await Start("sleep", "60");
        using var cts = new CancellationTokenSource();
        Task<int> waiting = Await<int>(sleeping, "wait", cancellationToken: cts.Token);
        await cts.CancelAsync();
        await ThrowsAsync<OperationCanceledException>(waiting);
        await Invoke(sleeping, "kill");
        (await Await<int>(sleeping, "wait")).ShouldBe(-9);

        using var later = Process.Start("sh", ["-c", "exit 9"])!;
        await later.WaitForExitAsync().WaitAsync(Soon);
        later.ExitCode.ShouldBe(9);

        async Task<PyObject> Start(params string[] command) => await Await(
            asyncio, "create_subprocess_exec", [.. command, PyArgument.Named("stdin", pipe), PyArgument.Named("stdout", pipe)]);
    }

    /// <summary>Skips the test where a library is not installed.</summary>
    private static void Require(string module)
    {
        // Debian's Pythons share one folder of packages: a package may be there without its extension for this version, so an import is the test.
        using PyObject find = PyObject.ImportSource("""
            def imports(name):
                try:
                    __import__(name)
                except ImportError:
                    return False
                return True
            """);
        PythonInstallation python = PythonInterpreter.Current.Installation;
        Assert.SkipUnless(
            find.CallMethod<bool>("imports", [module]),
            $"{module} is not installed in Python {python.Version}. Type: {InstallHint.ForPackage(module, python.Executable)}");
    }

    /// <summary>An asynchronous C# function with two arguments for Python. Disposed with the test.</summary>
    private PyObject Function<T1, T2, TResult>(Func<T1, T2, CancellationToken, Task<TResult>> body) =>
        Own(Runtime.FunctionIntoPy("function_of_dotnet", body));

    /// <summary>Calls a method on the loop, and awaits its result.</summary>
    private async Task<T> Await<T>(PyObject target, string method, CallArguments arguments = default, CancellationToken cancellationToken = default) =>
        await Runtime.IntoFuture<T>(() => target.CallMethod(method, arguments), cancellationToken);

    private async Task<PyObject> Await(PyObject target, string method, CallArguments arguments = default, CancellationToken cancellationToken = default) =>
        Own(await Await<PyObject>(target, method, arguments, cancellationToken));

    /// <summary>Calls a method on the loop that is not asynchronous.</summary>
    private async Task<PyObject> Invoke(PyObject target, string method, CallArguments arguments = default, CancellationToken cancellationToken = default) =>
        Own(await Runtime.InvokeAsync(() => target.CallMethod(method, arguments), cancellationToken));
}
