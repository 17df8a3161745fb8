using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>C# reads Python's async generators: to the end, or leaves early, or they fail, or a token fires.</summary>
internal sealed class StreamsOfPython : Actor
{
    public override string Kind => "streams-of-python";

    protected override string Source => """
        import asyncio

        entered = closed = 0

        async def count(n, fails, pause):
            global entered, closed
            entered += 1
            try:
                for i in range(n):
                    if i % pause == 0:
                        await asyncio.sleep(0)
                    yield i
                if fails:
                    raise ValueError("the end")
            finally:
                try:
                    # A cancellation may come here as well.
                    await asyncio.sleep(0)
                finally:
                    closed += 1

        def inside():
            return entered - closed
        """;

    public override async Task Act(Scene scene)
    {
        PyObject count = scene.Own(Module.GetAttr("count"));
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 8)).Select(_ => Read(scene, count, scene.Fork())));
        }

        using PyObject inside = Module.GetAttr("inside");
        int open = await scene.Runtime.InvokeAsync(() => inside.Call<int>());
        if (open != 0)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{open} generators are open");
        }
    }

    private async Task Read(Scene scene, PyObject count, Random random)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        int n = random.Next(60), leaves = random.Next(2) == 0 ? random.Next(60) : int.MaxValue;
        bool cancels = random.Next(2) == 0;

        // A failure ahead of a reader that leaves is reported, if the generator is that far ahead.
        bool fails = random.Next(3) == 0 && (cancels || leaves >= n);
        int pause = random.Next(1, 5), buffer = random.Next(1, 17), read = 0;
        using var cts = new CancellationTokenSource();
        try
        {
            await foreach (int item in scene.Runtime.IntoAsyncEnumerable<int>(() => count.Call([n, fails, pause]), buffer).WithCancellation(cts.Token))
            {
                if (item != read++)
                {
                    piece.EndWrong($"item {read - 1} is {item}");
                    return;
                }

                if (item == leaves)
                {
                    if (!cancels)
                    {
                        piece.End(Outcome.Cancellation);
                        return;
                    }

                    await cts.CancelAsync();
                }
            }

            Judge(piece, read == n && !fails, Outcome.Result, $"{read} of {n} items");
        }
        catch (PythonException e)
        {
            Judge(piece, read == n && fails && e.Message.Contains("the end", StringComparison.Ordinal), Outcome.Failure, $"{read} of {n} items, {e}");
        }
        catch (OperationCanceledException e)
        {
            Judge(piece, cts.IsCancellationRequested && e.CancellationToken == cts.Token, Outcome.Cancellation, e.ToString());
        }
    }

    private static void Judge(Piece piece, bool expected, Outcome outcome, string what)
    {
        if (expected)
        {
            piece.End(outcome);
        }
        else
        {
            piece.EndWrong(what);
        }
    }
}
