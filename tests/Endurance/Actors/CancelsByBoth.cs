using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>C# awaits a Python task that awaits C# work, and both sides cancel at about the same time.</summary>
internal sealed class CancelsByBoth : Actor
{
    public override string Kind => "cancels-by-both";

    protected override string Source => """
        import asyncio

        entered = left = 0

        async def work(f, i, turns):
            global entered, left
            entered += 1
            task = f(i)
            try:
                for _ in range(turns):
                    await asyncio.sleep(0)
                accepted = task.cancel()
                try:
                    return await task
                except asyncio.CancelledError:
                    if not asyncio.current_task().cancelling():
                        return 0 if accepted else -1
                    raise
            finally:
                # C#'s cancellation may have come before Python's.
                task.cancel()
                left += 1

        def inside():
            return entered - left
        """;

    public override async Task Act(Scene scene)
    {
        PyObject work = scene.Own(Module.GetAttr("work"));
        PyObject function = scene.Own(scene.Runtime.FunctionIntoPy<long, long>("inner", async (id, ct) =>
        {
            Piece body = scene.Ledger.Begin(Kind + "-bodies");
            try
            {
                await Task.Delay(id % 4 == 0 ? 3_600_000 : (int)(id % 4), ct);
                body.End(Outcome.Result);
            }
            catch (OperationCanceledException)
            {
                body.End(Outcome.Cancellation);
                throw;
            }

            return id;
        }));
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 40)).Select(_ => Cancel(scene, work, function, scene.Fork())));
        }

        using PyObject inside = Module.GetAttr("inside");
        int left = await scene.Runtime.InvokeAsync(() => inside.Call<int>());
        if (left != 0)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{left} coroutines have begun and not ended");
        }
    }

    private async Task Cancel(Scene scene, PyObject work, PyObject function, Random random)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        using var cts = new CancellationTokenSource();
        Moment when = Moment.Choose(random);
        Task<long> task = scene.Runtime.CallAsync<long>(work, [function, piece.Id, random.Next(6)], cts.Token);
        await when.Wait();
        Task cancel = cts.CancelAsync();
        try
        {
            // 0: Python's own cancellation has arrived, and C#'s has not.
            long result = await task;
            if (result == piece.Id || result == 0)
            {
                piece.End(result == 0 ? Outcome.Cancellation : Outcome.Result);
            }
            else
            {
                piece.EndWrong($"the result is {result}");
            }
        }
        catch (OperationCanceledException e) when (e.CancellationToken == cts.Token)
        {
            piece.End(Outcome.Cancellation);
        }
        catch (Exception e)
        {
            piece.EndWrong(e.ToString());
        }

        await cancel;
    }
}
