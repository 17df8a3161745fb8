using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Async iteration, in both directions.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class StreamTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task Python_iterates_over_dotnet_items()
    {
        using PyObject module = Python("""
            async def collect(items):
                return [item async for item in items]
            """);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Count(100));
        using PyObject empty = Runtime.AsyncEnumerableIntoPy(Count(0));

        (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBe(Enumerable.Range(0, 100));
        (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [empty])).ShouldBeEmpty();
        (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBeEmpty("it is read once");
    }

    [ConformanceFact]
    public virtual async Task An_error_in_the_middle_arrives_after_the_items_before_it()
    {
        using PyObject module = Python("""
            async def failing():
                yield 1
                yield 2
                raise ValueError("middle")

            async def collect(items, seen):
                try:
                    async for item in items:
                        seen.append(item)
                except ValueError as e:
                    return str(e)
            """);
        var seen = new List<int>();
        PythonException e = await ThrowsAsync<PythonException>(async () =>
        {
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("failing")))
            {
                seen.Add(item);
            }
        });
        e.Message.ShouldContain("middle");
        seen.ShouldBe([1, 2]);

        using PyObject list = PyObject.From(new List<int>());
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Failing());
        (await Runtime.CallAsync<string>(module.GetAttr("collect"), [items, list])).ShouldBe("middle");
        list.As<int[]>().ShouldBe([1, 2]);
    }

    [ConformanceFact]
    public virtual async Task The_producer_is_never_more_than_the_buffer_ahead()
    {
        const int Buffer = 3;
        using PyObject module = Python("""
            produced = 0

            async def gen():
                global produced
                while produced < 50:
                    produced += 1
                    yield produced
            """);
        int taken = 0;
        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen"), Buffer))
        {
            taken++;
            for (int i = 0; i < 3; i++)
            {
                (await Runtime.InvokeAsync(() => module.GetAttr("produced").As<int>())).ShouldBeLessThanOrEqualTo(taken + Buffer);
            }
        }

        taken.ShouldBe(50);
    }

    [ConformanceFact]
    public virtual async Task Context_variables_are_those_of_the_reader()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def gen():
                yield variable.get()
                await asyncio.sleep(0)
                yield variable.get()

            async def main(read):
                variable.set("reader")
                return await read(gen)
            """);
        PyObject read = Function(async (PyObject gen, CancellationToken cancellationToken) =>
        {
            var items = new List<string>();
            await foreach (string item in Runtime.IntoAsyncEnumerable<string>(() => gen.Call()))
            {
                items.Add(item);
            }

            return items;
        });

        (await Runtime.CallAsync<string[]>(module.GetAttr("main"), [read])).ShouldBe(["reader", "reader"]);
    }

    [ConformanceFact]
    public virtual async Task Empty_and_wrong_sources_are_distinguished()
    {
        using PyObject module = Python("""
            async def empty():
                return
                yield
            """);
        int count = 0;
        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("empty")))
        {
            count++;
        }

        count.ShouldBe(0);
        PythonException e = await ThrowsAsync<PythonException>(async () =>
        {
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => PyObject.From(5)))
            {
                count++;
            }
        });
        e.TypeName.ShouldBe("builtins.TypeError");
        Should.Throw<ArgumentOutOfRangeException>(() => Runtime.IntoAsyncEnumerable<int>(() => PyObject.None, buffer: 0));
    }

    [ConformanceFact]
    public virtual async Task An_item_of_the_wrong_type_is_reported_by_its_number()
    {
        using PyObject module = Python("""
            async def items():
                yield 1
                yield "two"
            """);
        IAsyncEnumerable<int> stream = Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("items"));

        InvalidCastException e = await Should.ThrowAsync<InvalidCastException>(async () =>
        {
            await foreach (int item in stream)
            {
                item.ShouldBe(1);
            }
        });

        e.Message.ShouldBe("Item 1 of the stream: a Python 'str' cannot be converted to System.Int32.");
    }

    [ConformanceFact]
    public virtual async Task Two_steps_at_a_time_are_refused_as_Python_refuses_them()
    {
        using PyObject module = Python("""
            async def twice(items):
                first = items.__anext__()
                try:
                    await items.__anext__()
                except RuntimeError as e:
                    return str(e)
                finally:
                    first.cancel()
                    try:
                        await first
                    except asyncio.CancelledError:
                        pass
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Stuck(ended));

        (await Runtime.CallAsync<string>(module.GetAttr("twice"), [items])).ShouldContain("already running");
    }

    [ConformanceFact]
    public virtual async Task A_step_that_could_not_be_started_leaves_the_iterator_as_it_was()
    {
        using PyObject module = Python("""
            def outside(items):
                try:
                    items.__anext__()
                except RuntimeError as e:
                    return str(e)

            async def collect(items):
                return [item async for item in items]
            """);
        using PyObject items = Runtime.AsyncEnumerableIntoPy(Count(3));

        module.CallMethod<string>("outside", [items]).ShouldBe("no running event loop");
        (await Runtime.CallAsync<int[]>(module.GetAttr("collect"), [items])).ShouldBe([0, 1, 2]);
    }

    [ConformanceFact]
    public virtual async Task An_item_that_does_not_convert_to_Python_arrives_as_its_failure_among_the_others()
    {
        using PyObject module = Python("""
            async def collect(items):
                seen = []
                while True:
                    try:
                        async for item in items:
                            seen.append(item)
                        return seen
                    except ValueError as e:
                        seen.append(str(e))
            """);
        for (int count = 1; count < 40; count++)
        {
            using PyObject items = Runtime.AsyncEnumerableIntoPy(Available(count), new NoFivesConverter());

            (await Runtime.CallAsync<object[]>(module.GetAttr("collect"), [items])).Select(static item => $"{item}")
                .ShouldBe(Enumerable.Range(0, count).Select(static i => i % 5 == 0 ? "a five" : $"{i}"));
        }
    }

    [ConformanceFact]
    public virtual async Task Items_that_Python_has_not_read_are_dropped_with_the_stream()
    {
        using PyObject module = Python("""
            async def close(items):
                first = [await anext(items) for _ in range(5)]
                await items.aclose()
                return first + [item async for item in items]

            async def throw(items):
                first = [await anext(items) for _ in range(5)]
                try:
                    await items.athrow(ValueError("here"))
                except ValueError as e:
                    first.append(str(e))
                return first + [item async for item in items]
            """);
        using PyObject closed = Runtime.AsyncEnumerableIntoPy(Available(100)), thrown = Runtime.AsyncEnumerableIntoPy(Available(100));

        (await Runtime.CallAsync<int[]>(module.GetAttr("close"), [closed])).ShouldBe([0, 1, 2, 3, 4]);
        (await Runtime.CallAsync<object[]>(module.GetAttr("throw"), [thrown])).Select(static item => $"{item}").ShouldBe(["0", "1", "2", "3", "4", "here"]);
    }

    private static async IAsyncEnumerable<int> Available(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<int> Count(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static async IAsyncEnumerable<int> Failing()
    {
        yield return 1;
        await Task.Yield();
        yield return 2;
        throw new ArgumentException("middle");
    }

    private sealed class NoFivesConverter : PyConverter<int>
    {
        public override PyObject ToPython(int value) => value % 5 == 0 ? throw new ArgumentException("a five") : PyConvert.Int32.ToPython(value);

        public override int FromPython(PyObject value) => PyConvert.Int32.FromPython(value);
    }
}
