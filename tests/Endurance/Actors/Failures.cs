using System.Globalization;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Failures on both sides: each reaches its awaiter with its type, its text and its identity, and the reports of those that no code awaits are counted.</summary>
internal sealed class Failures : Actor
{
    public override string Kind => "failures";

    protected override string Source => """
        import asyncio

        class Own(Exception):
            pass

        types = [ValueError, KeyError, OSError, Own, TimeoutError, StopAsyncIteration, RecursionError]

        async def fail(i, kind, turns):
            for _ in range(turns):
                await asyncio.sleep(0)
            raise types[kind](f"piece {i}")

        async def fail_together(i):
            async def child(text):
                raise Own(text)
            async with asyncio.TaskGroup() as group:
                group.create_task(child(f"piece {i}"))
                group.create_task(child("another"))

        async def catch(f, i):
            try:
                await f(i)
            except Exception as e:
                return f"{type(e).__name__}: {e}"
            return "no exception"

        async def pass_on(f, i):
            await f(i)

        async def abandon(text):
            async def fail():
                raise Own(text)
            asyncio.create_task(fail())
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        async def abandon_future(f, i):
            f(i)
        """;

    private static readonly (Func<string, Exception> Make, string Name)[] s_exceptions =
    [
        (static text => new ArgumentException(text), "ValueError"),
        (static text => new TimeoutException(text), "TimeoutError"),
        (static text => new NotImplementedException(text), "NotImplementedError"),
        (static text => new IOException(text), "OSError"),
        (static text => new InvalidOperationException(text), "DotNetException"),
    ];

    private static readonly string[] s_types = ["ValueError", "KeyError", "OSError", "Own", "TimeoutError", "StopAsyncIteration", "RecursionError"];

    public override async Task Act(Scene scene)
    {
        PyObject function = scene.Own(scene.Runtime.FunctionIntoPy<long, long>("throw", static async (id, _) =>
        {
            if (id % 2 == 0)
            {
                await Task.Yield();
            }

            throw s_exceptions[id % s_exceptions.Length].Make(Text(id));
        }));
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, scene.Random.Next(1, 20)).Select(_ => Fail(scene, function, scene.Random.Next(5), scene.Random.Next())));
        }

        await Abandon(scene);
    }

    private Task Fail(Scene scene, PyObject function, int way, int number) => way switch
    {
        0 or 1 => ByPython(scene, number % s_types.Length, number % 3),
        2 => Together(scene),
        3 => ByDotNet(scene, function),
        _ => RoundTrip(scene),
    };

    private async Task ByPython(Scene scene, int kind, int turns)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        using PyObject fail = Module.GetAttr("fail");
        try
        {
            piece.EndWrong($"result {await scene.Runtime.CallAsync<long>(fail, [piece.Id, kind, turns])}");
        }
        catch (Exception e)
        {
            string name = (e as PythonException)?.TypeName ?? (e is TimeoutException ? "TimeoutError" : e.GetType().Name);
            Judge(piece, name.EndsWith(s_types[kind], StringComparison.Ordinal) && e.Message.Contains(Text(piece.Id), StringComparison.Ordinal), e.ToString());
        }
    }

    private async Task Together(Scene scene)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        using PyObject fail = Module.GetAttr("fail_together");
        try
        {
            await scene.Runtime.CallAsync<long>(fail, [piece.Id]);
            piece.EndWrong("no exception");
        }
        catch (PythonException e)
        {
            Judge(piece, e.ToString().Contains(Text(piece.Id), StringComparison.Ordinal) && e.ToString().Contains("another", StringComparison.Ordinal), e.ToString());
        }
    }

    private async Task ByDotNet(Scene scene, PyObject function)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        using PyObject catching = Module.GetAttr("catch");
        string what = await scene.Runtime.CallAsync<string>(catching, [function, piece.Id]);
        string name = s_exceptions[piece.Id % s_exceptions.Length].Name;
        Judge(piece, what.StartsWith(name + ":", StringComparison.Ordinal) && what.Contains(Text(piece.Id), StringComparison.Ordinal), what);
    }

    private async Task RoundTrip(Scene scene)
    {
        Piece piece = scene.Ledger.Begin(Kind);
        var thrown = new InvalidOperationException(Text(piece.Id));
        using PyObject passOn = Module.GetAttr("pass_on");
        using PyObject function = scene.Runtime.FunctionIntoPy<long, long>("throw", (_, _) => Task.FromException<long>(thrown));
        try
        {
            await scene.Runtime.CallAsync<long>(passOn, [function, piece.Id]);
            piece.EndWrong("no exception");
        }
        catch (Exception e)
        {
            Judge(piece, ReferenceEquals(e, thrown), e.ToString());
        }
    }

    /// <summary>A Python task and C# work whose failures no code awaits: the ledger expects one report of each.</summary>
    private async Task Abandon(Scene scene)
    {
        Piece python = scene.Ledger.Begin(Kind + "-abandoned"), dotnet = scene.Ledger.Begin(Kind + "-abandoned");
        scene.Reports.Expect(Marker(python), python.Kind);
        scene.Reports.Expect(Marker(dotnet), dotnet.Kind);
        using PyObject abandon = Module.GetAttr("abandon"), abandonFuture = Module.GetAttr("abandon_future");
        await scene.Runtime.CallAsync(abandon, [Marker(python)]);
        using PyObject function = scene.Runtime.FunctionIntoPy<long, long>("throw", async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException(Marker(dotnet));
        });
        await scene.Runtime.CallAsync(abandonFuture, [function, dotnet.Id]);
        python.End(Outcome.Failure);
        dotnet.End(Outcome.Failure);
    }

    private static void Judge(Piece piece, bool expected, string what)
    {
        if (expected)
        {
            piece.End(Outcome.Failure);
        }
        else
        {
            piece.EndWrong(what);
        }
    }

    private static string Text(long id) => string.Create(CultureInfo.InvariantCulture, $"piece {id}");

    private static string Marker(Piece piece) => string.Create(CultureInfo.InvariantCulture, $"<abandoned {piece.Id}>");
}
