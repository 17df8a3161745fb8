using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace PyAsync.Exceptions;

/// <summary>Maps .NET exceptions to Python types. <c>docs/exceptions.md</c> has the same table, and a test compares the two.</summary>
internal static class ExceptionTypes
{
    /// <summary>Keyed by the name of the .NET type, or of its nearest base: the comparison loads no assembly.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["System.ArgumentException"] = "ValueError",
        ["System.FormatException"] = "ValueError",
        ["System.IO.InvalidDataException"] = "ValueError",
        ["System.Text.Json.JsonException"] = "ValueError",
        ["System.InvalidCastException"] = "TypeError",
        ["System.IndexOutOfRangeException"] = "IndexError",
        ["System.Collections.Generic.KeyNotFoundException"] = "KeyError",
        ["System.MissingMemberException"] = "AttributeError",
        ["System.NotImplementedException"] = "NotImplementedError",
        ["System.NotSupportedException"] = "NotImplementedError",
        ["System.ArithmeticException"] = "ArithmeticError",
        ["System.DivideByZeroException"] = "ZeroDivisionError",
        ["System.OverflowException"] = "OverflowError",
        ["System.OutOfMemoryException"] = "MemoryError",
        ["System.InsufficientExecutionStackException"] = "RecursionError",
        ["System.TimeoutException"] = "TimeoutError",
        ["System.OperationCanceledException"] = "asyncio.CancelledError",
        ["System.UnauthorizedAccessException"] = "PermissionError",
        ["System.IO.IOException"] = "OSError",
        ["System.IO.FileNotFoundException"] = "FileNotFoundError",
        ["System.IO.DirectoryNotFoundException"] = "FileNotFoundError",
        ["System.IO.DriveNotFoundException"] = "FileNotFoundError",
        [HttpRequestExceptionName] = "OSError",
        [SocketExceptionName] = "OSError",
    };

    private const string HttpRequestExceptionName = "System.Net.Http.HttpRequestException";
    private const string SocketExceptionName = "System.Net.Sockets.SocketException";

    internal static IReadOnlyDictionary<string, string> Names => s_names;

    /// <summary>Gets the Python type for an exception; <c>pyasync.DotNetException</c> if it has no counterpart.</summary>
    public static BorrowedReference For(Exception exception)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        return exception switch
        {
            IPythonExceptionName named => objects.Exception(named.PythonName),
            OperationCanceledException canceled => ExceptionToPython.IsTimeout(canceled) ? objects.Exception("TimeoutError") : objects.CancelledError,
            _ => NameFor(exception) is { } name ? objects.Exception(name) : PyAsyncModule.DotNetException,
        };
    }

    private static string? NameFor(Exception exception)
    {
        for (Type? type = exception.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName is { } fullName && s_names.TryGetValue(fullName, out string? name))
            {
                return fullName switch
                {
                    HttpRequestExceptionName => ForHttp(exception),
                    SocketExceptionName => ForSocket(exception),
                    _ => name,
                };
            }
        }

        return null;
    }

    // Not inlined: a method that names the type loads its assembly.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ForHttp(Exception exception) => ((HttpRequestException)exception).HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.ResponseEnded => "ConnectionError",
        _ => exception.InnerException is SocketException ? "ConnectionError" : "OSError",
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ForSocket(Exception exception) => ((SocketException)exception).SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "ConnectionRefusedError",
        SocketError.ConnectionReset => "ConnectionResetError",
        SocketError.ConnectionAborted => "ConnectionAbortedError",
        SocketError.Shutdown => "BrokenPipeError",
        SocketError.TimedOut => "TimeoutError",
        SocketError.AccessDenied => "PermissionError",
        SocketError.NotConnected or SocketError.HostDown or SocketError.HostUnreachable or SocketError.NetworkDown
            or SocketError.NetworkUnreachable or SocketError.NetworkReset or SocketError.Disconnecting => "ConnectionError",
        _ => "OSError",
    };
}
