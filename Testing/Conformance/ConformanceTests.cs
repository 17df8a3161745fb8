using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;
using Xunit;

[assembly: SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "Test names are sentences.")]
[assembly: SuppressMessage("Reliability", "CA2007:Consider calling ConfigureAwait on the awaited task", Justification = "Tests.")]

namespace PyAsync.Testing;

/// <summary>The base of the classes of the conformance suite. No test may leave a warning or an unobserved failure.</summary>
/// <param name="fixture">Creates the backend under test.</param>
public abstract class ConformanceTests<TFixture>(TFixture fixture) : IClassFixture<TFixture>, IAsyncLifetime
    where TFixture : RuntimeFixture
{
    private readonly List<PyObject> _owned = [];

    /// <summary>Gets the time limit for anything that is expected to happen.</summary>
    protected static TimeSpan Soon { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the fixture, which creates the backend under test.</summary>
    protected TFixture Fixture { get; } = fixture;

    /// <summary>Gets the runtime under test.</summary>
    protected IRuntime Runtime => Fixture.Runtime;

    /// <summary>Gets the expected reports to the exception handler and the log: parts of the messages.</summary>
    protected IList<string> ExpectedReports { get; } = [];

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => default;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        PyObject[] owned;
        lock (_owned)
        {
            // Objects that a callback of the test owns from now on are left to the garbage collector.
            owned = [.. _owned];
            _owned.Clear();
        }

        foreach (PyObject o in owned)
        {
            o.Dispose();
        }

        await Fixture.AssertNothingUnobserved([.. ExpectedReports]);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a module of Python code. Disposed with the test.</summary>
    protected PyObject Python(string source, [CallerMemberName] string name = "") =>
        Own(PyObject.ImportSource("import asyncio\n" + source, name));

    /// <summary>Makes a Python function of an asynchronous C# one. Disposed with the test.</summary>
    protected PyObject Function<T, TResult>(Func<T, CancellationToken, Task<TResult>> body, [CallerArgumentExpression(nameof(body))] string name = "") =>
        Own(Runtime.FunctionIntoPy(Shorten(name), body));

    /// <summary>Makes a Python function of an asynchronous C# one without arguments. Disposed with the test.</summary>
    protected PyObject Function<TResult>(Func<CancellationToken, Task<TResult>> body, [CallerArgumentExpression(nameof(body))] string name = "") =>
        Own(Runtime.FunctionIntoPy(Shorten(name), body));

    /// <summary>Makes a Python function of an asynchronous C# one without arguments and result. Disposed with the test.</summary>
    protected PyObject Function(Func<CancellationToken, Task> body, [CallerArgumentExpression(nameof(body))] string name = "") =>
        Own(Runtime.FunctionIntoPy(Shorten(name), body));

    /// <summary>Disposes an object with the test.</summary>
    protected PyObject Own(PyObject o)
    {
        lock (_owned)
        {
            _owned.Add(o);
        }

        return o;
    }

    /// <summary>Awaits a task that has to fail, and returns the exception that awaiting it throws.</summary>
    protected static async Task<TException> ThrowsAsync<TException>(Task task)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            await task;
        }
        catch (TException e)
        {
            return e;
        }

        throw new ShouldAssertException($"The task should have failed with {typeof(TException).Name}, and succeeded.");
    }

    /// <inheritdoc cref="ThrowsAsync{TException}(Task)"/>
    protected static Task<TException> ThrowsAsync<TException>(Func<Task> code)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(code);
        return ThrowsAsync<TException>(code());
    }

    /// <summary>Waits until a condition is true. Between two polls the thread is free and the loop idle; the time between polls grows.</summary>
    /// <exception cref="ShouldAssertException">The condition is still false after <see cref="Soon"/>.</exception>
    protected static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var cts = new CancellationTokenSource(Soon);
        var interval = new PollInterval();
        while (!await condition())
        {
            cts.IsCancellationRequested.ShouldBeFalse("the condition did not become true");
            await interval.Wait();
        }
    }

    /// <summary>Skips the test on a Python without the tested feature.</summary>
    protected static void RequirePython(int minor, string why) =>
        Assert.SkipUnless(
            PythonInterpreter.Current.Installation.Version.Minor >= minor,
            $"{why} is new in Python 3.{minor}; this is {PythonInterpreter.Current.Installation.Version}.");

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40];
}
