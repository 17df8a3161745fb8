using System.Diagnostics;
using System.Globalization;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Contexts that flow: context variables, AsyncLocals, culture, Activity.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class ContextTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    private const string Counting = """
        import contextvars

        variable = contextvars.ContextVar("variable", default=0)

        async def count():
            variable.set(variable.get() + 1)
            await asyncio.sleep(0)
            return variable.get()

        def count_now():
            variable.set(variable.get() + 1)
            return variable.get()

        def read():
            return variable.get()

        async def ask(f):
            return await f()
        """;

    private static readonly AsyncLocal<string?> s_local = new();

    [ConformanceFact]
    public virtual async Task Each_request_has_its_own_context_variables()
    {
        using PyObject module = Python(Counting);

        int[] counts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Runtime.CallAsync<int>(module.GetAttr("count"))));
        counts.ShouldAllBe(count => count == 1);
        for (int i = 0; i < 3; i++)
        {
            (await Runtime.CallAsync<int>(module.GetAttr("count_now"))).ShouldBe(1);
        }

        (await Runtime.InvokeAsync(() => module.CallMethod<int>("count_now"))).ShouldBe(1);
        (await Runtime.InvokeAsync(() => module.CallMethod<int>("count_now"))).ShouldBe(1);
    }

    /// <summary>The bridge may use a Python context again for the next call with the same ExecutionContext, but none whose variables were set.</summary>
    [ConformanceFact]
    public virtual async Task Calls_of_one_flow_share_no_context_variables()
    {
        using PyObject module = Python(Counting);
        using PyObject count = module.GetAttr("count"), countNow = module.GetAttr("count_now"), read = module.GetAttr("read"), ask = module.GetAttr("ask");
        using PyObject local = Runtime.FunctionIntoPy("local", static _ => Task.FromResult(s_local.Value));
        s_local.Value = "flow";
        for (int i = 0; i < 20; i++)
        {
            (await Runtime.CallAsync<int>(countNow)).ShouldBe(1);
            (await Runtime.CallAsync<int>(read)).ShouldBe(0);
            (await Runtime.CallAsync<int>(count)).ShouldBe(1);
            (await Runtime.CallAsync<string>(ask, [local])).ShouldBe("flow");
            Task<int>? nested = null;
            (await Runtime.InvokeAsync(() =>
            {
                nested = Runtime.CallAsync<int>(countNow);
                return countNow.Call<int>([]) + countNow.Call<int>([]);
            })).ShouldBe(3);
            (await nested.ShouldNotBeNull()).ShouldBe(1);
            if (i % 5 == 0)
            {
                s_local.Value = "other";
                (await Runtime.CallAsync<string>(ask, [local])).ShouldBe("other");
                s_local.Value = "flow";
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Context_variables_flow_through_dotnet_and_changes_stay_inside()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def read_and_change():
                seen = variable.get()
                variable.set("changed")
                return seen

            async def main(f):
                variable.set("outer")
                seen = await f(read_and_change)
                return seen, variable.get()
            """);
        PyObject nested = Function(async (PyObject f, CancellationToken cancellationToken) =>
            await Task.Run(() => Runtime.Spawn(async cancellationToken =>
            {
                await Task.Delay(1, cancellationToken);
                return await Runtime.CallAsync<string>(f, cancellationToken: cancellationToken);
            })));

        (await Runtime.CallAsync<(string, string)>(module.GetAttr("main"), [nested])).ShouldBe(("outer", "outer"));
    }

    [ConformanceFact]
    public virtual async Task A_captured_context_brings_its_variables_along()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def main(capture):
                variable.set("captured")
                capture()

            async def read():
                return variable.get()
            """);
        EventLoopContext? captured = null;
        PyObject capture = Own(PyFunction.Create("capture", () => captured = Runtime.CaptureContext()));

        await Runtime.CallAsync(module.GetAttr("main"), [capture]);

        captured.ShouldNotBeNull();
        (await Runtime.In(captured).CallAsync<string>(module.GetAttr("read"))).ShouldBe("captured");
        (await captured.Run(() => Runtime.CallAsync<string>(module.GetAttr("read")))).ShouldBe("captured");
        (await Runtime.In(captured.WithContextVariables(null)).CallAsync<string>(module.GetAttr("read"))).ShouldBe("unset");
        (await Runtime.CallAsync<string>(module.GetAttr("read"))).ShouldBe("unset");
    }

    [ConformanceFact]
    public virtual async Task AsyncLocals_come_back_in_functions_that_Python_calls()
    {
        using PyObject module = Python("""
            async def direct(f):
                return f()

            async def later(f):
                await asyncio.sleep(0.001)
                return f()

            async def in_a_child_task(f):
                return await asyncio.create_task(later(f))

            async def in_a_timer(f):
                loop = asyncio.get_running_loop()
                future = loop.create_future()
                loop.call_later(0.001, lambda: future.set_result(f()))
                return await future
            """);
        PyObject read = Own(PyFunction.Create("read", _ => PyObject.From(s_local.Value)));
        foreach (string name in new[] { "direct", "later", "in_a_child_task", "in_a_timer" })
        {
            s_local.Value = "mine: " + name;
            (await Runtime.CallAsync<string>(module.GetAttr(name), [read])).ShouldBe("mine: " + name);
        }

        s_local.Value = null;
        (await Runtime.CallAsync<string?>(module.GetAttr("later"), [read])).ShouldBeNull();
    }

    [ConformanceFact]
    public virtual async Task AsyncLocals_reach_asynchronous_functions_that_Python_awaits()
    {
        using PyObject module = Python("""
            async def run(f):
                await asyncio.sleep(0)
                return await f()
            """);
        PyObject read = Function(async cancellationToken =>
        {
            await Task.Yield();
            return s_local.Value ?? "nothing";
        });
        s_local.Value = "flows";

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [read])).ShouldBe("flows");
    }

    [ConformanceFact]
    public virtual async Task What_a_function_changes_stays_inside_it()
    {
        using PyObject module = Python("""
            async def run(change, read):
                change()
                await asyncio.sleep(0)
                change()
                return read()
            """);
        PyObject change = Own(PyFunction.Create("change", () => s_local.Value = "changed"));
        PyObject read = Own(PyFunction.Create("read", _ => PyObject.From(s_local.Value)));
        s_local.Value = "original";

        (await Runtime.CallAsync<string>(module.GetAttr("run"), [change, read])).ShouldBe("original");
        (await Runtime.InvokeAsync(() => s_local.Value)).ShouldBe("original");
        s_local.Value = null;
        (await Runtime.InvokeAsync(() => s_local.Value)).ShouldBeNull();
    }

    [ConformanceFact]
    public virtual async Task Changes_are_seen_by_calls_further_up_the_same_stack()
    {
        using PyObject module = Python("""
            def call(f):
                return f()
            """);
        PyObject read = Own(PyFunction.Create("read", _ => PyObject.From(s_local.Value)));
        s_local.Value = "outer";

        string inner = await Runtime.InvokeAsync(() =>
        {
            s_local.Value = "inner";
            return module.GetAttr("call").Call<string>([read]);
        });

        inner.ShouldBe("inner");
        s_local.Value.ShouldBe("outer");
    }

    [ConformanceFact]
    public virtual async Task Culture_and_Activity_are_not_lost()
    {
        using PyObject module = Python("""
            async def run(f):
                await asyncio.sleep(0)
                return await f()
            """);
        PyObject read = Function(async cancellationToken =>
        {
            await Task.Yield();
            return CultureInfo.CurrentCulture.Name + "/" + Activity.Current?.OperationName;
        });
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
        using Activity activity = new Activity("conformance").Start();
        try
        {
            (await Runtime.CallAsync<string>(module.GetAttr("run"), [read])).ShouldBe("fr-FR/conformance");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
