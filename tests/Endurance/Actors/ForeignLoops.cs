using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Loops that Python code makes itself, in separate threads, use the runtime and close while work is in flight: both sides of it have to end.</summary>
internal sealed class ForeignLoops : Actor
{
    public override string Kind => "foreign-loops";

    public override int Share => 50;

    protected override string Source => """
        import asyncio

        async def later(x):
            await asyncio.sleep(0.0005)
            return x

        async def main(f, ids, waits):
            futures = [f(i) for i in ids]
            tasks = [asyncio.create_task(later(i)) for i in ids]
            results = [await future for future in futures[:waits]]
            # The others are in flight when the loop closes: asyncio.run cancels the tasks, and leaves the futures.
            return results

        def run(factory, f, ids, waits):
            with asyncio.Runner(loop_factory=factory) as runner:
                return runner.run(main(f, ids, waits))
        """;

    public override async Task Act(Scene scene)
    {
        PyObject later = scene.Own(Module.GetAttr("later")), run = scene.Own(Module.GetAttr("run"));
        PyObject factory = scene.Own(scene.Combination.CreateLoop().CreatePythonFactory());
        PyObject function = scene.Own(scene.Runtime.FunctionIntoPy<long, long>("work", (id, ct) => Work(scene, later, id, ct)));
        await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 3)).Select(_ =>
        {
            Random random = scene.Fork();
            return Task.Factory.StartNew(
                () =>
                {
                    for (int i = 0; i < 5; i++)
                    {
                        RunLoop(scene, run, factory, function, random);
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }));
    }

    private void RunLoop(Scene scene, PyObject run, PyObject factory, PyObject function, Random random)
    {
        Piece[] pieces = scene.Ledger.Begin(Kind, random.Next(1, 30));
        int waits = random.Next(pieces.Length + 1);
        using PyObject ids = PyObject.From((long[])[.. pieces.Select(static piece => piece.Id)]);
        long[] results = run.Call<long[]>([factory, function, ids, waits]);
        if (results.Length != waits)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{results.Length} of {waits} results");
        }

        for (int i = 0; i < pieces.Length; i++)
        {
            if (i >= waits)
            {
                pieces[i].End(Outcome.Cancellation);
            }
            else
            {
                pieces[i].EndWith(results[i], pieces[i].Id);
            }
        }
    }

    private async Task<long> Work(Scene scene, PyObject later, long id, CancellationToken ct)
    {
        Piece body = scene.Ledger.Begin(Kind + "-bodies");
        try
        {
            await Task.Delay((int)(id % 4), ct);

            // On the calling loop, which may be closed by now.
            body.EndWith(await scene.Runtime.CallAsync<long>(later, [id], ct), id);
        }
        catch (EventLoopClosedException)
        {
            // Not rethrown: no code awaits it, and its report would be right.
            body.End(Outcome.Cancellation);
        }
        catch (OperationCanceledException)
        {
            body.End(Outcome.Cancellation);
            throw;
        }
        catch (Exception e)
        {
            body.EndWrong(e.ToString());
        }

        return id;
    }
}
