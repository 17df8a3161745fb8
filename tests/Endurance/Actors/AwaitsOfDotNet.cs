using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Python awaits C#: one by one, gathered, in separate tasks; work that is done, yields, delays, blocks, or awaits Python again.</summary>
internal sealed class AwaitsOfDotNet : Actor
{
    public override string Kind => "awaits-of-dotnet";

    protected override string Source => """
        import asyncio

        async def now(x):
            return x

        async def one_by_one(f, ids):
            return [await f(i) for i in ids]

        async def gathered(f, ids):
            return list(await asyncio.gather(*map(f, ids)))

        async def in_tasks(f, ids):
            async def call(i):
                return await f(i)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(call(i)) for i in ids]
            return [task.result() for task in tasks]

        async def waited_for(f, ids):
            futures = [f(i) for i in ids]
            if futures:
                await asyncio.wait(futures)
            return [future.result() for future in futures]

        async def with_callbacks(f, ids):
            loop = asyncio.get_running_loop()
            ends = []
            for i in ids:
                end = loop.create_future()
                f(i).add_done_callback(lambda done, end=end: end.set_result(done.result()))
                ends.append(end)
            return list(await asyncio.gather(*ends))
        """;

    private static readonly string[] s_drivers = ["one_by_one", "gathered", "in_tasks", "waited_for", "with_callbacks"];

    public override async Task Act(Scene scene)
    {
        IRuntime runtime = scene.Runtime;
        PyObject now = scene.Own(Module.GetAttr("now"));
        PyObject[] functions =
        [
            Function(scene, static _ => Task.CompletedTask),
            Function(scene, static async _ => await Task.Yield()),
            Function(scene, static async id => await Task.Delay((int)(id % 3))),
            Function(scene, id => runtime.SpawnBlocking(_ => Thread.Yield())),
            Function(scene, id => runtime.CallAsync<long>(now, [id])),
            Function(scene, id => runtime.Spawn(async _ => await runtime.CallAsync<long>(now, [id]))),
            scene.Own(runtime.InlineFunctionIntoPy(
                "inline",
                arguments => new ValueTask<long>(Run(scene, arguments.Get<long>(0), static async id =>
                {
                    if (id % 2 == 0)
                    {
                        await Task.Yield();
                    }
                })),
                PyConvert.For<long>())),
        ];
        await Task.WhenAll(Enumerable.Range(0, 1 + scene.Random.Next(3)).Select(_ => Work(scene, functions, scene.Fork())));
    }

    private async Task Work(Scene scene, PyObject[] functions, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            using PyObject driver = Module.GetAttr(s_drivers[random.Next(s_drivers.Length)]);
            Piece[] pieces = scene.Ledger.Begin(Kind, random.Next(1, random.Next(8) == 0 ? 400 : 25));
            long[] ids = [.. pieces.Select(static piece => piece.Id)];
            long[] results = await scene.Runtime.CallAsync<long[]>(driver, [functions[random.Next(functions.Length)], PyObject.From(ids)]);
            foreach ((Piece piece, long result) in pieces.Zip(results))
            {
                piece.EndWith(result, -piece.Id);
            }
        }
    }

    private PyObject Function(Scene scene, Func<long, Task> body) =>
        scene.Own(scene.Runtime.FunctionIntoPy<long, long>("work", (id, _) => Run(scene, id, body)));

    private async Task<long> Run(Scene scene, long id, Func<long, Task> body)
    {
        scene.Ledger.Find(id, Kind).Enter();
        await body(id);
        return -id;
    }
}
