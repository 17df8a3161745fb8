using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;
using Xunit;

[assembly: SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "Test names are sentences.")]
[assembly: SuppressMessage("Reliability", "CA2007:Consider calling ConfigureAwait on the awaited task", Justification = "Tests.")]

namespace PyAsync.Testing;

/// <summary>What the classes of the conformance suite share. Each test leaves no warning and no unobserved failure behind.</summary>
/// <param name="fixture">Makes the backend under test.</param>
public abstract class ConformanceTests<TFixture>(TFixture fixture) : IClassFixture<TFixture>, IAsyncLifetime
    where TFixture : RuntimeFixture
{
    private readonly List<PyObject> _owned = [];

    /// <summary>How long anything may take that is expected to happen.</summary>
    protected static TimeSpan Soon { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Makes the backend under test.</summary>
    protected TFixture Fixture { get; } = fixture;

    /// <summary>The runtime under test.</summary>
    protected IRuntime Runtime => Fixture.Runtime;

    /// <summary>What a test expects to be told to the exception handler and the log: parts of the messages.</summary>
    protected IList<string> ExpectedReports { get; } = [];

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => default;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        PyObject[] owned;
        lock (_owned)
        {
            // What a callback of the test's owns from now on is left to the collector.
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

    /// <summary>A module of Python code. Disposed with the test.</summary>
    protected PyObject Python(string source, [CallerMemberName] string name = "") =>
        Own(PyObject.ImportSource("import asyncio\n" + source, name));

    /// <summary>An asynchronous C# function for Python. Disposed with the test.</summary>
    protected PyObject Function<T, TResult>(Func<T, CancellationToken, Task<TResult>> body, [CallerArgumentExpression(nameof(body))] string name = "") =>
        Own(Runtime.FunctionIntoPy(Shorten(name), body));

    /// <summary>An asynchronous C# function without arguments for Python. Disposed with the test.</summary>
    protected PyObject Function<TResult>(Func<CancellationToken, Task<TResult>> body, [CallerArgumentExpression(nameof(body))] string name = "") =>
        Own(Runtime.FunctionIntoPy(Shorten(name), body));

    /// <summary>An asynchronous C# function without arguments and result for Python. Disposed with the test.</summary>
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

    /// <summary>Awaits a task that has to fail, and gives the very exception that awaiting it throws.</summary>
    protected static async Task<TException> Throws<TException>(Task task)
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

    /// <inheritdoc cref="Throws{TException}(Task)"/>
    protected static Task<TException> Throws<TException>(Func<Task> code)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(code);
        return Throws<TException>(code());
    }

    /// <summary>Waits for something that happens on its own time.</summary>
    protected static async Task Eventually(Func<Task<bool>> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var cts = new CancellationTokenSource(Soon);
        while (!await condition())
        {
            cts.IsCancellationRequested.ShouldBeFalse("the condition did not come true");
            await Task.Yield();
        }
    }

    /// <summary>Skips the test on a Python that has not what it tests.</summary>
    protected static void RequirePython(int minor, string why) =>
        Assert.SkipUnless(
            PythonInterpreter.Current.Installation.Version.Minor >= minor,
            $"{why} is new in Python 3.{minor}; this is {PythonInterpreter.Current.Installation.Version}.");

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40];
}
