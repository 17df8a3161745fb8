using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>C# code inside Python's context managers, which is cancelled from both sides, fails, and whose managers fail; each entered manager is exited once.</summary>
internal sealed class Scopes : Actor
{
    public override string Kind => "scopes";

    protected override string Source => """
        import asyncio

        entered = exited = 0

        class Manager:
            def __init__(self, way, turns):
                self.way = way
                self.turns = turns

            async def __aenter__(self):
                global entered
                self.task = asyncio.current_task()
                if self.way == "enter fails":
                    raise ValueError("enter")
                await asyncio.sleep(0)
                entered += 1
                if self.way == "cancels":
                    asyncio.create_task(self.cancel())
                return self.turns

            async def cancel(self):
                for _ in range(self.turns):
                    await asyncio.sleep(0)
                self.task.cancel()

            async def __aexit__(self, type, error, traceback):
                global exited
                exited += 1
                assert asyncio.current_task() is self.task
                try:
                    await asyncio.sleep(0)
                finally:
                    if self.way == "exit fails":
                        raise ValueError("exit")
                return self.way == "swallows"

        async def turns(n):
            for _ in range(n):
                await asyncio.sleep(0)
            return n

        def inside():
            return entered - exited
        """;

    private static readonly string[] s_ways = ["plain", "plain", "enter fails", "exit fails", "swallows", "cancels"];

    public override async Task Act(Scene scene)
    {
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 8)).Select(_ => Use(scene, scene.Fork())));
        }

        using PyObject inside = Module.GetAttr("inside");
        int open = await scene.Runtime.InvokeAsync(() => inside.Call<int>());
        if (open != 0)
        {
            scene.Ledger.AddFault(Kind, FaultKind.Lost, $"{open} managers are entered");
        }
    }

    private async Task Use(Scene scene, Random random)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        string way = s_ways[random.Next(s_ways.Length)];
        int turns = random.Next(6);
        bool fails = random.Next(4) == 0, cancels = random.Next(3) == 0, enters = random.Next(3) == 0;
        var moment = Moment.Choose(random);
        using var cts = new CancellationTokenSource();
        Task cancelling = cancels ? Cancel(cts, moment) : Task.CompletedTask;
        try
        {
            int result = enters ? await Enter(scene.Runtime, way, turns, fails, cts.Token) : await Run(scene.Runtime, way, turns, fails, cts.Token);
            Judge(piece, result == turns || (result == 0 && way == "swallows"), Outcome.Result, $"{way}: {result} of {turns} turns");
        }
        catch (InvalidOperationException e)
        {
            Judge(piece, fails && e.Message == "the code fails", Outcome.Failure, $"{way}: {e}");
        }
        catch (PythonException e)
        {
            Judge(piece, e.TypeName == "builtins.ValueError" && way is "enter fails" or "exit fails", Outcome.Failure, $"{way}: {e}");
        }
        catch (OperationCanceledException e)
        {
            Judge(piece, cts.IsCancellationRequested || way == "cancels", Outcome.Cancellation, $"{way}: {e}");
        }

        await cancelling;
    }

    private static async Task Cancel(CancellationTokenSource cts, Moment moment)
    {
        await moment.Wait();
        await cts.CancelAsync();
    }

    private Task<int> Run(IRuntime runtime, string way, int turns, bool fails, CancellationToken cancellationToken) =>
        runtime.UsingAsync<int, int>(() => Module.CallMethod("Manager", [way, turns]), (value, token) => Work(runtime, value, fails, token), cancellationToken);

    private async Task<int> Enter(IRuntime runtime, string way, int turns, bool fails, CancellationToken cancellationToken)
    {
        await using PyScope<int> scope = await runtime.EnterAsync<int>(() => Module.CallMethod("Manager", [way, turns]), cancellationToken);
        int result = await Work(runtime.In(scope.Context), scope.Value, fails, scope.Token);
        scope.Complete();
        return result;
    }

    private async Task<int> Work(IRuntime runtime, int turns, bool fails, CancellationToken cancellationToken)
    {
        int result = await runtime.CallMethodAsync<int>(Module, "turns", [turns], cancellationToken);
        return fails ? throw new InvalidOperationException("the code fails") : result;
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
