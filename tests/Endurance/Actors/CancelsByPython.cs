using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Python cancels C# work: by <c>task.cancel()</c>, a time-out, <c>wait_for</c>, a TaskGroup that fails, <c>gather</c>.</summary>
internal sealed class CancelsByPython : Actor
{
    public override string Kind => "cancels-by-python";

    // Each returns "done", "cancelled" or a description of the fault. An accepted cancel() has to arrive, and no other cancellation may.
    protected override string Source => """
        import asyncio

        async def call(f, i, milliseconds):
            return await f(i, milliseconds)

        async def task(f, i, milliseconds, turns, seconds):
            task = asyncio.ensure_future(call(f, i, milliseconds))
            await pause(turns, seconds)
            accepted = task.cancel()
            try:
                result = await task
            except asyncio.CancelledError:
                return "cancelled" if accepted else "cancelled without a request"
            return "done" if not accepted and result == i else f"the request was lost: {accepted}, {result}"

        async def future(f, i, milliseconds, turns, seconds):
            future = f(i, milliseconds)
            await pause(turns, seconds)
            accepted = future.cancel()
            try:
                result = await future
            except asyncio.CancelledError:
                return "cancelled" if accepted else "cancelled without a request"
            # Work that answers the request with a result keeps it.
            return "done" if result == i else f"wrong result: {result}"

        async def timeout(f, i, milliseconds, turns, seconds):
            try:
                async with asyncio.timeout(seconds):
                    result = await f(i, milliseconds)
            except TimeoutError:
                return "cancelled"
            return "done" if result == i else f"wrong result: {result}"

        async def wait_for(f, i, milliseconds, turns, seconds):
            try:
                result = await asyncio.wait_for(f(i, milliseconds), seconds)
            except TimeoutError:
                return "cancelled"
            return "done" if result == i else f"wrong result: {result}"

        class Stop(Exception):
            pass

        async def group(f, i, milliseconds, turns, seconds):
            try:
                async with asyncio.TaskGroup() as group:
                    task = group.create_task(call(f, i, milliseconds))
                    await pause(turns, seconds)
                    raise Stop
            except* Stop as e:
                assert len(e.exceptions) == 1
            return "cancelled" if task.cancelled() else "done" if task.result() == i else f"wrong result: {task}"

        async def gather(f, i, milliseconds, turns, seconds):
            gathered = asyncio.gather(f(i, milliseconds), asyncio.sleep(0))
            await pause(turns, seconds)
            accepted = gathered.cancel()
            try:
                result = (await gathered)[0]
            except asyncio.CancelledError:
                return "cancelled" if accepted else "cancelled without a request"
            return "done" if result == i else f"wrong result: {result}"

        async def pause(turns, seconds):
            for _ in range(turns):
                await asyncio.sleep(0)
            if seconds:
                await asyncio.sleep(seconds)
        """;

    private static readonly string[] s_ways = ["task", "future", "timeout", "wait_for", "group", "gather"];

    public override async Task Act(Scene scene)
    {
        PyObject[] functions = [Function(scene, CancelBehavior.Wait), Function(scene, CancelBehavior.Abandon)];
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 40)).Select(_ => Cancel(scene, functions, scene.Fork())));
        }
    }

    private async Task Cancel(Scene scene, PyObject[] functions, Random random)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        using PyObject way = Module.GetAttr(s_ways[random.Next(s_ways.Length)]);
        PyObject function = functions[random.Next(functions.Length)];
        (int turns, double seconds) = random.Next(2) == 0 ? (random.Next(6), 0.0) : (0, random.Next(4) * 0.0005);
        int milliseconds = random.Next(3) == 0 ? 3_600_000 : random.Next(3);
        string what = await scene.Runtime.CallAsync<string>(way, [function, piece.Id, milliseconds, turns, seconds]);
        switch (what)
        {
            case "done":
                piece.End(Outcome.Result);
                break;
            case "cancelled":
                piece.End(Outcome.Cancellation);
                break;
            default:
                piece.EndWrong(what);
                break;
        }
    }

    /// <summary>A function whose body is a separate piece of work: it has to end, even if no code waits for it.</summary>
    private PyObject Function(Scene scene, CancelBehavior cancel) => scene.Own(PyFunction.Create("work", arguments =>
    {
        long id = arguments.Get<long>(0);
        int milliseconds = arguments.Get<int>(1);
        return scene.Runtime.FutureIntoPy(
            async ct =>
            {
                // Here, since work that is cancelled before it starts never starts.
                Piece body = scene.Ledger.Begin(Kind + "-bodies");
                try
                {
                    await Task.Delay(milliseconds, ct);
                    body.End(Outcome.Result);
                }
                catch (OperationCanceledException)
                {
                    body.End(Outcome.Cancellation);
                    throw;
                }

                return id;
            },
            PyConvert.For<long>(),
            cancel);
    }));
}
