using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Starts a further runtime beside the round's, and stops it with work in flight on both sides: all of it has to end, and the stop in time.</summary>
internal sealed class Runtimes : Actor
{
    public override string Kind => "runtimes";

    public override int Share => 50;

    protected override string Source => """
        import asyncio

        async def work(seconds, x):
            try:
                await asyncio.sleep(seconds)
            finally:
                await asyncio.sleep(0)
            return x

        async def wait(f, i):
            return await f(i)
        """;

    public override async Task Act(Scene scene)
    {
        PyObject work = scene.Own(Module.GetAttr("work")), wait = scene.Own(Module.GetAttr("wait"));
        for (int i = 0; i < 2; i++)
        {
            await StartAndStop(scene, work, wait);
        }
    }

    private async Task StartAndStop(Scene scene, PyObject work, PyObject wait)
    {
        string[] loops = Combination.FindLoops();
        Combination combination = Combination.Choose(scene.Random, loops);
        IRuntime runtime = combination.CreateRuntime(scene.Reports.Log);
        await runtime.StartAsync();
        PyObject function = runtime.FunctionIntoPy<long, long>("delay", (id, ct) => Delay(scene, id, ct));
        Task[] all = [.. Enumerable.Range(0, scene.Random.Next(1, 100)).Select(_ => Begin(scene, runtime, work, wait, function, scene.Random.Next(4)))];
        await Task.Delay(scene.Random.Next(6));
        var watch = Stopwatch.StartNew();
        await runtime.DisposeAsync();
        if (watch.Elapsed > Combination.ShutdownTimeout)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{combination} took {watch.Elapsed} to stop");
        }

        // The stop has settled them; that they are seen here takes the pool's turn.
        await Task.WhenAll(all);
        function.Dispose();
    }

    private async Task Begin(Scene scene, IRuntime runtime, PyObject work, PyObject wait, PyObject function, int way)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        double seconds = piece.Id % 3 == 0 ? 3_600 : piece.Id % 3 * 0.001;
        try
        {
            long result = await (way switch
            {
                0 => runtime.CallAsync<long>(work, [seconds, piece.Id]),
                1 => runtime.CallAsync<long>(wait, [function, piece.Id]),
                2 => runtime.Spawn(ct => Delay(scene, piece.Id, ct)),
                _ => runtime.SpawnPinned(ct => Delay(scene, piece.Id, ct)),
            });
            piece.EndWith(result, piece.Id);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            piece.End(Outcome.Cancellation);
        }
        catch (Exception e)
        {
            piece.EndWrong(e.ToString());
        }
    }

    private async Task<long> Delay(Scene scene, long id, CancellationToken ct)
    {
        Piece body = scene.Ledger.Begin(Kind + "-bodies");
        try
        {
            await Task.Delay(id % 3 == 0 ? 3_600_000 : (int)(id % 3), ct);
            body.End(Outcome.Result);
            return id;
        }
        catch (OperationCanceledException)
        {
            body.End(Outcome.Cancellation);
            throw;
        }
    }
}
