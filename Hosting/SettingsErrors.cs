using Microsoft.Extensions.Options;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>Errors of the user, not of the program: they end the program with a message and an exit code, without a stack trace and a core dump.</summary>
internal static class SettingsErrors
{
    private static int s_isSubscribed;

    /// <summary>True if an exception is such an error.</summary>
    public static bool Is(Exception exception) =>
        exception is ISettingsError or PythonNotFoundException or UvloopNotInstalledException or SignalsNeedMainThreadException
        || (exception is OptionsValidationException { OptionsType: var options } && options.Assembly.GetName().Name!.StartsWith("PyAsync", StringComparison.Ordinal));

    /// <summary>Gets the message for the user: a line for each error.</summary>
    public static string Message(Exception exception) =>
        exception is OptionsValidationException { Failures: var failures } ? string.Join(Environment.NewLine, failures) : exception.Message;

    /// <summary>Lets a program whose <c>Main</c> throws such an error, usually out of <c>host.Run()</c>, end with the message and the exit code.</summary>
    public static void EndWithAMessage()
    {
        if (Interlocked.Exchange(ref s_isSubscribed, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, e) => OnUnhandled(e.ExceptionObject as Exception);
        }
    }

    private static void OnUnhandled(Exception? exception)
    {
        while (exception is AggregateException { InnerExceptions: [var only] })
        {
            exception = only;
        }

        if (exception is not null && Is(exception))
        {
            Console.Error.WriteLine(Message(exception));
            Environment.Exit(PyAsyncApp.InvalidSettings);
        }
    }
}
