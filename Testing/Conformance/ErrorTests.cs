using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Exceptions, from both sides.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class ErrorTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    /// <summary>Python code that describes how the awaited function ended.</summary>
    private const string CatchingEnds = """
        async def catch(f):
            try:
                await f()
            except asyncio.TimeoutError as e:
                return "timeout " + e.dotnet_type
            except asyncio.CancelledError:
                return "cancelled"
        """;

    [ConformanceFact]
    public virtual async Task A_Python_exception_brings_type_message_and_traceback()
    {
        using PyObject module = Python(
            """
            class Custom(KeyError):
                pass

            async def inner():
                await asyncio.sleep(0)
                raise Custom("details")

            async def outer():
                await inner()
            """,
            "failing_module");

        PythonException e = await ThrowsAsync<PythonException>(Runtime.CallAsync(module.GetAttr("outer")));

        e.TypeName.ShouldBe("failing_module.Custom");
        e.IsInstanceOf("LookupError").ShouldBeTrue();
        e.IsInstanceOf("ValueError").ShouldBeFalse();
        e.Message.ShouldContain("details");
        e.Traceback.ShouldContain("failing_module");
        e.Traceback.ShouldContain("line 7, in inner");
        e.Traceback.ShouldContain("in outer");
        e.ToString().ShouldContain("in inner");
    }

    [ConformanceFact]
    public virtual async Task A_Python_exception_that_goes_through_dotnet_is_the_same_object_with_both_traces()
    {
        using PyObject module = Python("""
            original = ValueError("mine")

            async def fail():
                await asyncio.sleep(0)
                raise original

            async def run(through):
                try:
                    await through(fail)
                except ValueError as e:
                    import traceback
                    return e is original, "".join(traceback.format_exception(type(e), e, e.__traceback__))
            """);
        PyObject through = Function(async (PyObject f, CancellationToken cancellationToken) => await Runtime.CallAsync<int>(f, cancellationToken: cancellationToken));

        (bool same, string text) = await Runtime.CallAsync<(bool, string)>(module.GetAttr("run"), [through]);

        same.ShouldBeTrue();
        text.ShouldContain("in fail");
        text.ShouldContain(nameof(ErrorTests<>)); // .NET's frames, as a note.
    }

    [ConformanceFact]
    public virtual async Task A_dotnet_exception_that_goes_through_Python_is_the_same_object_with_both_traces()
    {
        using PyObject module = Python("""
            async def through(f):
                await f()
            """);
        var original = new InvalidOperationException("mine");
        PyObject fail = Function(async cancellationToken =>
        {
            await Task.Yield();
            throw original;
        });

        InvalidOperationException e = await ThrowsAsync<InvalidOperationException>(Runtime.CallAsync(module.GetAttr("through"), [fail]));

        e.ShouldBeSameAs(original);
        e.StackTrace.ShouldNotBeNull().ShouldContain(nameof(A_dotnet_exception_that_goes_through_Python_is_the_same_object_with_both_traces));
        e.Data["Python.Traceback"].ShouldBeOfType<string>().ShouldContain("in through");
    }

    [ConformanceFact]
    public virtual async Task Cancellation_and_timeout_map_onto_each_other()
    {
        using PyObject module = Python(CatchingEnds + """


            async def timeout():
                await asyncio.wait_for(asyncio.sleep(60), 0.001)
            """);
        PyObject timeout = Function(cancellationToken => Task.FromException(new TimeoutException("slow")));
        PyObject cancelled = Function(cancellationToken => Task.FromCanceled(new CancellationToken(canceled: true)));

        (await ThrowsAsync<TimeoutException>(Runtime.CallAsync(module.GetAttr("timeout"))))
            .ShouldBeOfType<PythonTimeoutException>().Error.Traceback.ShouldContain("in timeout");
        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [timeout])).ShouldBe("timeout System.TimeoutException");
        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [cancelled])).ShouldBe("cancelled");
    }

    /// <summary>HttpClient ends its Task as cancelled after a time-out: to Python that is a time-out, because no code has cancelled anything.</summary>
    [ConformanceFact]
    public virtual async Task A_cancellation_by_a_time_out_is_a_TimeoutError()
    {
        using PyObject module = Python(CatchingEnds);
        PyObject catchIt = Own(module.GetAttr("catch"));
        PyObject atOnce = Function(cancellationToken => throw TimedOut());
        PyObject soon = Function(async cancellationToken => throw TimedOut());
        PyObject later = Function(async cancellationToken =>
        {
            await Task.Yield();
            throw TimedOut();
        });
        using PyObject given = await Runtime.InvokeAsync(() => Runtime.FutureIntoPy(Later()));

        foreach (PyObject function in new[] { atOnce, soon, later })
        {
            (await Runtime.CallAsync<string>(catchIt, [function])).ShouldBe("timeout System.Threading.Tasks.TaskCanceledException");
        }

        (await ThrowsAsync<TaskCanceledException>(Runtime.IntoFuture(given))).Message.ShouldBe("time-out of a client", ".NET gets the original exception back");

        static Exception TimedOut() => new TaskCanceledException("time-out of a client", new TimeoutException());

        static async Task<int> Later()
        {
            await Task.Yield();
            throw TimedOut();
        }
    }

    [ConformanceFact]
    public virtual async Task An_ExceptionGroup_keeps_its_children()
    {
        using PyObject module = Python("""
            async def fail():
                raise ExceptionGroup("several", [ValueError("a"), ExceptionGroup("nested", [KeyError("b")])])
            """);

        PythonException e = await ThrowsAsync<PythonException>(Runtime.CallAsync(module.GetAttr("fail")));

        e.IsInstanceOf("ExceptionGroup").ShouldBeTrue();
        e.InnerExceptions.Count.ShouldBe(2);
        e.InnerExceptions[0].ShouldBeOfType<PythonException>().TypeName.ShouldBe("builtins.ValueError");
        e.InnerExceptions[1].ShouldBeOfType<PythonException>().InnerExceptions[0].Message.ShouldContain("b");
    }

    [ConformanceFact]
    public virtual async Task An_AggregateException_becomes_an_ExceptionGroup_and_a_single_one_itself()
    {
        using PyObject module = Python("""
            async def catch(f):
                try:
                    await f()
                except BaseException as e:
                    return type(e).__name__ + ":" + ",".join(type(c).__name__ for c in getattr(e, "exceptions", ()))
            """);
        PyObject several = Function(cancellationToken => Task.FromException(new AggregateException(new ArgumentException("a"), new KeyNotFoundException("b"))));
        PyObject single = Function(cancellationToken => Task.FromException(new AggregateException(new ArgumentException("a"))));

        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [several])).ShouldBe("ExceptionGroup:ValueError,KeyError");
        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [single])).ShouldBe("ValueError:");
    }
}
