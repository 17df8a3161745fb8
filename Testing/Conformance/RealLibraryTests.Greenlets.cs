using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Greenlets replace the stack of their thread. These tests leave no C# code waiting for Python; the guide's chapter about threads describes the limit.
public abstract partial class RealLibraryTests<TFixture>
{
    private const string GreenletSource = """
        import greenlet

        def generate(call, n):
            # Switches between greenlets, of which one calls C# functions that return before the next switch.
            parent = greenlet.getcurrent()

            def produce():
                for i in range(n):
                    parent.switch(call(i))

            producer = greenlet.greenlet(produce)
            result = [producer.switch() for _ in range(n)]
            producer.switch()
            return result

        def await_only(awaitable):
            # As SQLAlchemy's asyncio extension does it.
            return greenlet.getcurrent().parent.switch(awaitable)

        async def spawn(f, *args):
            worker = greenlet.greenlet(f)
            result = worker.switch(*args)
            while not worker.dead:
                result = worker.switch(await result)
            return result

        async def query(get, call, n):
            def synchronous():
                return [call(await_only(get(i))) for i in range(n)]

            return await spawn(synchronous)
        """;

    [ConformanceFact]
    public virtual async Task Greenlets_switch_between_calls_of_dotnet()
    {
        Require("greenlet");
        using PyObject module = Python(GreenletSource);
        PyObject call = Own(PyFunction.Create("call", static arguments =>
        {
            GC.Collect(0);
            return PyObject.From(arguments.Get<int>(0) + 1);
        }));
        for (int i = 0; i < Repetitions.Of(100); i++)
        {
            // C# calls and waits, but below all greenlets.
            (await Runtime.InvokeAsync(() => module.CallMethod("generate", [call, 20]).As<int[]>())).ShouldBe(Enumerable.Range(1, 20));
        }
    }

    [ConformanceFact]
    public virtual async Task Code_in_a_greenlet_awaits_dotnet_as_SQLAlchemy_awaits_a_driver()
    {
        Require("greenlet");
        using PyObject module = Python(GreenletSource);
        PyObject get = Function(async (int x, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            return x;
        });
        PyObject call = Own(PyFunction.Create("call", static arguments =>
        {
            GC.Collect(0);
            return PyObject.From(arguments.Get<int>(0) + 1);
        }));
        PyObject query = Own(module.GetAttr("query"));

        int[][] results = await Task.WhenAll(Enumerable.Range(0, Repetitions.Of(100)).Select(_ => Runtime.CallAsync<int[]>(query, [get, call, 10])));

        results.ShouldAllBe(result => result.SequenceEqual(Enumerable.Range(1, 10)));
    }
}
