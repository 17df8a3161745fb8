using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>C# awaits Python: one by one and in bursts, from the pool, from spawned and from pinned work.</summary>
internal sealed class AwaitsOfPython : Actor
{
    public override string Kind => "awaits-of-python";

    protected override string Source => """
        import asyncio, time

        async def now(x):
            return x

        async def turn(x):
            await asyncio.sleep(0)
            return x

        async def later(x):
            await asyncio.sleep(x % 7 * 0.0003)
            return x

        async def elsewhere(x):
            return await asyncio.get_running_loop().run_in_executor(None, lambda: x)

        async def nested(x):
            return sum(await asyncio.gather(now(x), turn(0), asyncio.create_task(later(0))))

        def future(x):
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            loop.call_soon(future.set_result, x)
            return future
        """;

    private static readonly string[] s_functions = ["now", "turn", "later", "elsewhere", "nested", "future"];

    public override Task Act(Scene scene) =>
        Task.WhenAll(Enumerable.Range(0, 1 + scene.Random.Next(3)).Select(_ => Work(scene, scene.Fork())));

    private async Task Work(Scene scene, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            using PyObject function = Module.GetAttr(s_functions[random.Next(s_functions.Length)]);
            int count = random.Next(1, random.Next(8) == 0 ? 400 : 25);
            bool oneByOne = random.Next(2) == 0;
            Func<CancellationToken, Task> work = _ => oneByOne ? OneByOne(scene, function, count) : AtOnce(scene, function, count);
            await (random.Next(4) switch
            {
                0 => scene.Runtime.Spawn(work),
                1 => scene.Runtime.SpawnPinned(work),
                _ => work(CancellationToken.None),
            });
        }
    }

    private async Task OneByOne(Scene scene, PyObject function, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Call(scene, function, scene.Ledger.Begin(Kind), i);
        }
    }

    private Task AtOnce(Scene scene, PyObject function, int count) =>
        Task.WhenAll(scene.Ledger.Begin(Kind, count).Select((piece, i) => Call(scene, function, piece, i)));

    /// <summary>Values of different kinds, each with the piece's number in it.</summary>
    private static Task Call(Scene scene, PyObject function, Piece piece, int form) => (form % 4) switch
    {
        1 when Takes(function, "now") => piece.Expect(scene.Runtime.CallAsync<string>(function, [$"piece {piece.Id}"]), $"piece {piece.Id}"),
        2 => piece.Expect(scene.Runtime.IntoFuture<long>(() => function.Call([piece.Id])), piece.Id),
        3 when Takes(function, "now") => piece.Expect(scene.Runtime.CallAsync<double>(function, [piece.Id + 0.5]), piece.Id + 0.5),
        _ => piece.Expect(scene.Runtime.CallAsync<long>(function, [piece.Id]), piece.Id),
    };

    /// <summary>True for a function that takes values of any type: the others calculate with the number.</summary>
    private static bool Takes(PyObject function, string name)
    {
        using PyObject actual = function.GetAttr("__name__");
        return actual.As<string>() == name;
    }
}
