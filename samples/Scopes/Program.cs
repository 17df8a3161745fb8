namespace Scopes;

/// <summary>C# code inside Python's transactions, a group of work on both sides, and a resource of C# in Python's <c>async with</c>.</summary>
internal static class Program
{
    [PyAsyncMain]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        using PyObject bank = await runtime.InvokeAsync(static () => PyObject.Import("bank"), cancellationToken);

        // The transaction receives the exception of the code inside, and rolls back.
        foreach (int amount in new[] { 30, 300 })
        {
            try
            {
                await runtime.UsingAsync(() => bank.CallMethod("transaction"), (_, token) => Transfer(runtime, bank, amount, token), cancellationToken);
            }
            catch (InvalidOperationException e)
            {
                Console.WriteLine(e.Message);
            }
        }

        // A transaction that outlives a method. Without Complete it is rolled back.
        await using (PyScope<PyObject> transaction = await Begin(runtime, bank, cancellationToken))
        {
            await runtime.CallMethodAsync(bank, "add", ["Grace", 1], transaction.Token);
            transaction.Complete();
        }

        await using (PyScope<PyObject> transaction = await Begin(runtime, bank, cancellationToken))
        {
            await runtime.CallMethodAsync(bank, "add", ["Grace", 1_000], transaction.Token);
        }

        // A failure of one child ends the others, on both sides.
        try
        {
            await runtime.RunScopeAsync(
                async scope =>
                {
                    scope.Start(() => bank.CallMethod("audit", ["Ada"]));
                    scope.Start(async token =>
                    {
                        await runtime.CallMethodAsync(bank, "add", ["Ada", 0], token);
                        throw new TimeoutException("the auditor does not answer");
                    });
                    await Task.Delay(Timeout.Infinite, scope.Token);
                },
                cancellationToken);
        }
        catch (AggregateException e)
        {
            Console.WriteLine($"{e.InnerExceptions.Count} failure: {e.InnerException!.Message}");
        }

        // Python leaves the async with, and C# closes the report.
        using PyObject openReport = runtime.FunctionIntoPy(
            "open_report", _ => Report.OpenAsync, runtime.AsyncDisposableConverter<Report>(static report => PyFunction.Create("write", report.Write)));
        await runtime.CallMethodAsync(bank, "report", [openReport], cancellationToken);
    }

    private static async Task Transfer(IRuntime runtime, PyObject bank, int amount, CancellationToken cancellationToken)
    {
        await runtime.CallMethodAsync(bank, "add", ["Ada", -amount], cancellationToken);
        await runtime.CallMethodAsync(bank, "add", ["Grace", amount], cancellationToken);
        if (await runtime.CallMethodAsync<int>(bank, "amount", ["Ada"], cancellationToken) < 0)
        {
            throw new InvalidOperationException($"Ada does not have {amount}");
        }
    }

    private static Task<PyScope<PyObject>> Begin(IRuntime runtime, PyObject bank, CancellationToken cancellationToken) =>
        runtime.EnterAsync(() => bank.CallMethod("transaction"), cancellationToken);
}
