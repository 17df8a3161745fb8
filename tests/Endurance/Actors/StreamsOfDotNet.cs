using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Python reads C#'s async streams: to the end, or leaves early, drops the iterator, or is cancelled; each enumerator is disposed once.</summary>
internal sealed class StreamsOfDotNet : Actor
{
    public override string Kind => "streams-of-dotnet";

    protected override string Source => """
        import asyncio

        async def read(make, n, leaves, fails):
            expected = 0
            items = make()
            try:
                async for item in items:
                    if item != expected:
                        return f"item {expected} is {item}"
                    if item == leaves:
                        await items.aclose()
                        return "left"
                    expected += 1
            except ValueError as e:
                return "failed" if fails and expected == n and "the end" in str(e) else f"{expected} of {n} items, {e!r}"
            return "whole" if expected == n and not fails else f"{expected} of {n} items"

        async def drop(make, n, leaves, fails):
            async for item in make():
                if item == leaves:
                    return "left"
            return "left"

        async def cancel(make, n, leaves, fails):
            task = asyncio.create_task(read(make, n, -1, fails))
            for _ in range(leaves % 10):
                await asyncio.sleep(0)
            accepted = task.cancel()
            try:
                return await task
            except asyncio.CancelledError:
                return "left" if accepted else "cancelled without a request"
        """;

    private static readonly string[] s_readers = ["read", "read", "drop", "cancel"];

    public override async Task Act(Scene scene)
    {
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 8)).Select(_ => Read(scene, scene.Fork())));
        }
    }

    private async Task Read(Scene scene, Random random)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        int n = random.Next(60), leaves = random.Next(60);
        string reader = s_readers[random.Next(s_readers.Length)];

        // No code sees an exception that a failing stream raises into an iterator that was dropped.
        bool fails = reader == "read" && random.Next(3) == 0;
        using PyObject read = Module.GetAttr(reader);
        using PyObject make = PyFunction.Create("make", _ => scene.Runtime.AsyncEnumerableIntoPy(Count(scene.Ledger, n, fails)));
        string what = await scene.Runtime.CallAsync<string>(read, [make, n, leaves, fails]);
        switch (what)
        {
            case "whole":
                piece.End(Outcome.Result);
                break;
            case "left":
                piece.End(Outcome.Cancellation);
                break;
            case "failed":
                piece.End(Outcome.Failure);
                break;
            default:
                piece.EndWrong($"{reader}: {what}");
                break;
        }
    }

    private async IAsyncEnumerable<int> Count(Ledger ledger, int n, bool fails, [EnumeratorCancellation] CancellationToken ct = default)
    {
        Piece body = ledger.Begin(Kind + "-enumerators");
        try
        {
            for (int i = 0; i < n; i++)
            {
                if (i % 3 == 0)
                {
                    await Task.Yield();
                }

                ct.ThrowIfCancellationRequested();
                yield return i;
            }

            if (fails)
            {
                throw new ArgumentException("the end");
            }
        }
        finally
        {
            body.End(Outcome.Result);
        }
    }
}
