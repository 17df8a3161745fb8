using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The page docs/exceptions.md describes the conversions of exceptions correctly: each row of its tables is tested.</summary>
public sealed class ExceptionPageTests
{
    private const string Source = """
        import asyncio

        def describe(f):
            try:
                f()
            except BaseException as e:
                t = type(e)
                return (t.__module__ + "." if t.__module__ not in ("builtins", "asyncio.exceptions") else "") + t.__qualname__
        """;

    private static readonly string s_page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "exceptions.md"));

    // The exception of a row whose first cell is more than the name of a type.
    private static readonly Dictionary<string, Func<Exception>> s_samples = new()
    {
        ["`OperationCanceledException` around a `TimeoutException`, as of `HttpClient.Timeout`"] = () => new TaskCanceledException("time is up", new TimeoutException()),
        ["`HttpRequestException` without a connection: name resolution, connection, TLS, proxy, an answer that ends early"] = () => new HttpRequestException(HttpRequestError.NameResolutionError),
        ["`SocketException`: connection refused"] = () => new SocketException((int)SocketError.ConnectionRefused),
        ["`SocketException`: connection reset"] = () => new SocketException((int)SocketError.ConnectionReset),
        ["`SocketException`: connection aborted"] = () => new SocketException((int)SocketError.ConnectionAborted),
        ["`SocketException`: shut down"] = () => new SocketException((int)SocketError.Shutdown),
        ["`SocketException`: timed out"] = () => new SocketException((int)SocketError.TimedOut),
        ["`SocketException`: access denied"] = () => new SocketException((int)SocketError.AccessDenied),
        ["`SocketException`: host or network unreachable, not connected"] = () => new SocketException((int)SocketError.HostUnreachable),
        ["`AggregateException` of one"] = () => new AggregateException(new KeyNotFoundException("one")),
        ["`AggregateException` of several"] = () => new AggregateException(new KeyNotFoundException("one"), new ArgumentException("two")),
        ["any other"] = () => new InvalidOperationException("other"),
    };

    [Fact]
    public void ToPython_EachRow_IsWhatTheConversionDoes()
    {
        using PyObject module = PyObject.ImportSource(Source, "exception_page");
        List<string> seen = [];
        foreach (string[] row in Rows("to-python"))
        {
            Exception exception = s_samples.TryGetValue(row[0], out Func<Exception>? sample) ? sample() : Create(Name(row[0]));
            using PyObject f = PyFunction.Create("f", _ => throw exception);

            module.CallMethod<string>("describe", [f]).ShouldBe(row[0] == "`AggregateException` of one" ? "KeyError" : Python(row[1]), row[0]);
            seen.Add(row[0]);
        }

        seen.Where(s_samples.ContainsKey).ShouldBe(s_samples.Keys, ignoreOrder: true);
        seen.Where(cell => !s_samples.ContainsKey(cell)).Select(Name).ShouldBe(ExceptionTypes.Names.Keys, ignoreOrder: true);
        foreach (string[] row in Rows("to-python").Where(row => !s_samples.ContainsKey(row[0])))
        {
            Python(row[1]).ShouldBe(ExceptionTypes.Names[Name(row[0])].Replace("asyncio.", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void FromPython_EachRow_IsWhatTheConversionDoes()
    {
        using PyObject module = PyObject.ImportSource("import asyncio\ndef fail(text): raise eval(text)", "exception_page");
        int rows = 0;
        foreach (string[] row in Rows("from-python"))
        {
            rows++;
            foreach (Match sample in Regex.Matches(row[0], "`([^`]+)`"))
            {
                Exception e = Should.Throw<Exception>(() => module.CallMethod("fail", [sample.Groups[1].Value]));

                e.GetType().Name.ShouldBe(row[1].Trim('`'), sample.Value);
                e.ShouldBeAssignableTo(typeof(Exception).Assembly.GetType("System." + row[2].Trim('`'), throwOnError: true)!);
                ((IPythonError)e).Error.IsInstanceOf("BaseException").ShouldBeTrue();
            }
        }

        rows.ShouldBe(3);
    }

    private static Exception Create(string type) => type switch
    {
        "System.Text.Json.JsonException" => new System.Text.Json.JsonException(),
        "System.IO.DriveNotFoundException" => new DriveNotFoundException(),
        "System.Net.Http.HttpRequestException" => new HttpRequestException(),
        "System.Net.Sockets.SocketException" => new SocketException((int)SocketError.MessageSize),
        _ => (Exception)Activator.CreateInstance(Type.GetType(type, throwOnError: true)!)!,
    };

    private static string Name(string cell) => ExceptionTypes.Names.Keys.Single(name => name.EndsWith("." + cell.Trim('`'), StringComparison.Ordinal));

    private static string Python(string cell) => cell.Trim('`').Replace("asyncio.", "", StringComparison.Ordinal);

    private static IEnumerable<string[]> Rows(string table)
    {
        string text = s_page[s_page.IndexOf($"<!-- table: {table} -->", StringComparison.Ordinal)..];
        return text.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|', '\r').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray());
    }
}
