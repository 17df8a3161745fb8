using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>C# cancels Python work: before it starts, while it is queued, while it runs, when it is done.</summary>
internal sealed class CancelsByDotNet : Actor
{
    public override string Kind => "cancels-by-dotnet";

    protected override string Source => """
        import asyncio

        entered = left = 0

        async def work(mode, seconds):
            global entered, left
            entered += 1
            try:
                await asyncio.sleep(seconds)
                return "done"
            except asyncio.CancelledError:
                if mode == "swallow":
                    return "swallowed"
                if mode == "clean":
                    await asyncio.sleep(0.0005)
                raise
            finally:
                left += 1

        def inside():
            return entered - left
        """;

    private static readonly string[] s_modes = ["plain", "clean", "swallow"];

    public override async Task Act(Scene scene)
    {
        using PyObject work = Module.GetAttr("work");
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 40)).Select(_ => Cancel(scene, work, scene.Ledger.Begin(Kind), scene.Fork())));
        }

        // The end of each task was awaited, and with it the coroutine's.
        using PyObject inside = Module.GetAttr("inside");
        int left = await scene.Runtime.InvokeAsync(() => inside.Call<int>());
        if (left != 0)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{left} coroutines have begun and not ended");
        }
    }

    private static async Task Cancel(Scene scene, PyObject work, Piece piece, Random random)
    {
        string mode = s_modes[random.Next(s_modes.Length)];

        // Either it never ends without a cancellation, or it ends at about the time of the cancellation.
        bool endless = random.Next(2) == 0;
        using var cts = new CancellationTokenSource();
        Moment when = Moment.Choose(random);
        if (when.IsBefore)
        {
            await cts.CancelAsync();
        }

        Task<string> task = scene.Runtime.CallAsync<string>(work, [mode, endless ? 3_600.0 : random.Next(4) * 0.0005], cts.Token);
        await when.Wait();
        Task cancel = random.Next(2) == 0 ? cts.CancelAsync() : Task.Run(cts.Cancel);
        try
        {
            string result = await task;
            bool expected = result == "swallowed" ? mode == "swallow" : !endless;
            if (expected)
            {
                piece.End(Outcome.Result);
            }
            else
            {
                piece.EndWrong($"{mode} work gave \"{result}\"");
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
