using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Testing.Platform.Builder;
using PyAsync.Interop;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PyAsync.Testing;

/// <summary>
/// Runs a test project with the process's main thread given to Python: tests run on other threads and reach the main one with
/// <see cref="OnMainThreadAsync{T}"/>. Works under <c>dotnet test</c> and by running the executable.
/// </summary>
/// <example>
/// The whole Program.cs of a test project: <c>return PyAsync.Testing.PyAsyncTestHost.Run(args);</c>
/// </example>
public static class PyAsyncTestHost
{
    private static readonly BlockingCollection<Action> s_onMainThread = [];
    private static int s_mainThread;

    /// <summary>True if <see cref="Run(string[])"/> holds the main thread for tests.</summary>
    public static bool IsRunning => Volatile.Read(ref s_mainThread) != 0;

    /// <summary>Runs the tests of the entry assembly, with the extensions that the build registers. To be called on the main thread, from Main.</summary>
    /// <param name="args">The command line: xunit's own options (<c>-method</c>, <c>-class</c>, <c>-trait</c>, …), or those of Microsoft.Testing.Platform.</param>
    /// <returns>The exit code: 0 when all passed.</returns>
    public static int Run(string[] args) => Run(args, SelfRegisteredExtensions());

    /// <summary>Runs the tests of the entry assembly. To be called on the main thread, from Main.</summary>
    /// <param name="args">The command line: xunit's own options (<c>-method</c>, <c>-class</c>, <c>-trait</c>, …), or those of Microsoft.Testing.Platform.</param>
    /// <param name="addExtensions">The extensions that the build registers: <c>SelfRegisteredExtensions.AddSelfRegisteredExtensions</c>.</param>
    /// <returns>The exit code: 0 when all passed.</returns>
    public static int Run(string[] args, Action<ITestApplicationBuilder, string[]> addExtensions)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(addExtensions);
        PythonInterpreter.Start(new PythonInterpreterOptions { UseCallingThread = true });
        ForkGuard.Install();
        Volatile.Write(ref s_mainThread, Environment.CurrentManagedThreadId);
        Task<int> tests = Task.Factory.StartNew(() => RunTests(args, addExtensions), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        tests.ContinueWith(static _ => s_onMainThread.CompleteAdding(), TaskScheduler.Default);
        foreach (Action action in s_onMainThread.GetConsumingEnumerable())
        {
            action();
        }

        return tests.GetAwaiter().GetResult();
    }

    /// <summary>Runs code on the process's main thread, which is Python's too, one call at a time; at once if it is called there.</summary>
    /// <exception cref="InvalidOperationException">The tests were not started by <see cref="Run(string[])"/>.</exception>
    public static Task<T> OnMainThreadAsync<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!IsRunning)
        {
            throw new InvalidOperationException("This test needs the main thread: the test project's Main has to call PyAsyncTestHost.Run.");
        }

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Environment.CurrentManagedThreadId == Volatile.Read(ref s_mainThread))
        {
            Run(); // Code that waits for it would wait for itself.
        }
        else
        {
            s_onMainThread.Add(Run);
        }

        return done.Task;

        void Run()
        {
            try
            {
                done.SetResult(code());
            }
#pragma warning disable CA1031 // Passed to the waiting test.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        }
    }

    /// <inheritdoc cref="OnMainThreadAsync{T}"/>
    public static Task OnMainThreadAsync(Action code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return OnMainThreadAsync(() =>
        {
            code();
            return true;
        });
    }

    /// <summary>Runs one test at a time unless the command line requests more: tests share the interpreter and measure time.</summary>
    private static Task<int> RunTests(string[] args, Action<ITestApplicationBuilder, string[]> addExtensions) =>
        args.Any(static arg => arg.StartsWith("--", StringComparison.Ordinal))
            ? TestPlatformTestFramework.RunAsync(WithOption(args, "--parallel"), addExtensions)
            : ConsoleRunner.Run(WithOption(args, "-parallelMode"));

    /// <summary>Finds the generated method in the namespace of the project: <c>SelfRegisteredExtensions.AddSelfRegisteredExtensions</c>.</summary>
    private static Action<ITestApplicationBuilder, string[]> SelfRegisteredExtensions() =>
        Assembly.GetEntryAssembly()?.GetTypes()
            .FirstOrDefault(static type => type.Name == nameof(SelfRegisteredExtensions))
            ?.GetMethod("AddSelfRegisteredExtensions", BindingFlags.Public | BindingFlags.Static)
            ?.CreateDelegate<Action<ITestApplicationBuilder, string[]>>()
        ?? (static (_, _) => { });

    private static string[] WithOption(string[] args, string option) =>
        args.Contains(option) || args.Contains("-parallel") ? args : [.. args, option, "none"];
}
