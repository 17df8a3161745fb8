using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Exceptions with unusual behaviour: their awaiter gets them nevertheless.
public abstract partial class ErrorTests<TFixture>
{
    private const string Describes = """
        def describe(f):
            try:
                f()
            except BaseException as e:
                return repr(e)

        async def describe_later(f):
            try:
                await f()
            except BaseException as e:
                return repr(e)
        """;

    [ConformanceFact]
    public virtual async Task A_dotnet_exception_without_a_message_arrives()
    {
        using PyObject module = Python(Describes);
        using PyObject describeLater = module.GetAttr("describe_later");
        foreach (Exception awkward in (Exception[])[new AwkwardException(throws: false), new AwkwardException(throws: true)])
        {
            using PyObject now = PyFunction.Create("now", _ => throw awkward);

            module.CallMethod<string>("describe", [now]).ShouldContain("DotNetException");
            (await Runtime.CallAsync<string>(describeLater, [Function(async cancellationToken =>
            {
                await Task.Yield();
                throw awkward;
            })])).ShouldContain("DotNetException");
        }
    }

    [ConformanceFact]
    public virtual async Task A_Python_exception_whose_object_was_disposed_goes_back_as_another_a_thousand_times()
    {
        using PyObject module = Python("""
            async def fail():
                raise ValueError("x" * 100)

            async def catch(f, n):
                caught = 0
                for _ in range(n):
                    try:
                        await f()
                    except Exception as e:
                        caught += "x" * 100 in str(e)
                return caught
            """);
        using PyObject fail = module.GetAttr("fail");
        using PyObject disposing = Function(async cancellationToken =>
        {
            try
            {
                await Runtime.CallAsync(fail, cancellationToken: cancellationToken);
            }
            catch (PythonException e)
            {
                e.Value.Dispose();
                throw;
            }
        });

        (await Runtime.CallAsync<int>(module.GetAttr("catch"), [disposing, 1_000])).ShouldBe(1_000);
    }

    [ConformanceFact]
    public virtual async Task An_exception_group_that_keeps_its_exceptions_otherwise_ends_the_task()
    {
        using PyObject module = Python("""
            class Group(ExceptionGroup):
                @property
                def exceptions(self):
                    return list(super().exceptions)

            async def fail():
                await asyncio.sleep(0)
                raise Group("as asked", [ValueError(1)])
            """);

        PythonException e = await ThrowsAsync<PythonException>(Runtime.CallAsync(module.GetAttr("fail")).WaitAsync(Soon));

        e.Message.ShouldContain("as asked");
    }

    [SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Created only here.")]
    [SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "As above.")]
    private sealed class AwkwardException(bool throws) : Exception
    {
        public override string Message => throws ? throw new NotSupportedException() : null!;
    }
}
