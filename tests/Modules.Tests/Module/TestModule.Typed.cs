using PyAsync.Interop;

namespace PyAsync.Tests;

// Interfaces of Python modules, which generated code implements: without reflection, so that the native form has them too.
internal static partial class TestModule
{
    /// <summary>Calls functions of every kind of a module that the script has put into <c>sys.modules</c>.</summary>
    [PyFunction]
    public static async Task<string> TypedAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        ITypedHelper helper = runtime.Import<ITypedHelper>();
        List<string> said = [];
        int words = await helper.SummarizeAsync(
            "a b",
            async (word, token) =>
            {
                await Task.Delay(1, token);
                said.Add(word);
            },
            cancellationToken);
        using ITypedClient client = await helper.ConnectAsync("u");
        client["x"] = 5;
        string entered = (await client.UsingAsync((inside, token) => inside.GetAsync("p", cancellationToken: token), cancellationToken))!;
        long sum = 0;
        await foreach (long item in helper.ItemsAsync(3, cancellationToken))
        {
            sum += item;
        }

        (int Count, string Name)[] pairs = await helper.PairsAsync([client], new Dictionary<string, double> { ["w"] = 1.5 });
        return $"{helper.Version} {words} {string.Join('+', said)} {entered} {client.Count} {client["x"]} {sum} {pairs[0].Count} {pairs[0].Name} {await helper.DefaultAsync()} {await helper.DefaultAsync(null)}";
    }

    /// <summary>Passes Tasks, streams and delegates, alone and in collections.</summary>
    [PyFunction]
    public static async Task<string> TypedValuesAsync(IRuntime runtime)
    {
        ITypedHelper helper = runtime.Import<ITypedHelper>();
        return await helper.AwaitAllAsync(
            One(),
            Items(3),
            [One(), Task.FromResult(5)],
            new Dictionary<string, IAsyncEnumerable<int>> { ["a"] = Items(2), ["b"] = Items(1) },
            [static x => 2 * x, static x => x * x],
            static async text =>
            {
                await Task.Yield();
                return text + "!";
            });

        static async Task<int> One()
        {
            await Task.Yield();
            return 1;
        }

        static async IAsyncEnumerable<int> Items(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    /// <summary>Uses the module wrongly.</summary>
    [PyFunction]
    public static async Task<string> TypedWrongAsync(IRuntime runtime, string way)
    {
        ITypedHelper helper = runtime.Import<ITypedHelper>();
        try
        {
            return way switch
            {
                "missing" => $"{await helper.MissingAsync()}",
                "names" => await helper.OtherNamesAsync(nights: 3),
                "type" => $"{await helper.WrongTypeAsync()}",
                _ => await runtime.Import<ITypedNowhere>().GoAsync(),
            };
        }
        catch (Exception e) when (e is PyImportException or PythonTypeErrorException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}

[PyImport("typed_helper")]
internal interface ITypedHelper
{
    string Version { get; }

    Task<int> SummarizeAsync(string text, Func<string, CancellationToken, Task> onWord, CancellationToken cancellationToken = default);

    Task<ITypedClient> ConnectAsync(string url);

    IAsyncEnumerable<long> ItemsAsync(int count, CancellationToken cancellationToken = default);

    Task<(int Count, string Name)[]> PairsAsync(IReadOnlyList<ITypedClient> clients, [PyKwargs] IReadOnlyDictionary<string, double> weights);

    Task<string> DefaultAsync(PyOptional<string?> unit = default);

    Task<string> AwaitAllAsync(
        Task<int> task,
        IAsyncEnumerable<int> stream,
        IReadOnlyList<Task<int>> tasks,
        IReadOnlyDictionary<string, IAsyncEnumerable<int>> streams,
        IReadOnlyList<Func<int, int>> functions,
        Func<string, ValueTask<string>> mark);

    Task<int> MissingAsync();

    [PyName("default")]
    Task<string> OtherNamesAsync([PyKeyword] int nights);

    [PyName("default")]
    Task<int> WrongTypeAsync();
}

[PyProxy]
internal partial interface ITypedClient
{
    int Count { get; }

    int this[string key] { get; set; }

    Task<string> GetAsync(string path, int times = 1, CancellationToken cancellationToken = default);

    Task<TResult?> UsingAsync<TResult>(Func<ITypedClient, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default);
}

[PyImport("typed_nowhere")]
internal interface ITypedNowhere
{
    Task<string> GoAsync();
}
