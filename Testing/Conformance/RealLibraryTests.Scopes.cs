using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Context managers of real libraries, with .NET code inside.
public abstract partial class RealLibraryTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task An_exception_of_dotnet_rolls_a_PostgreSQL_transaction_back()
    {
        Require("asyncpg");
        await using PostgresServer server = await PostgresServer.StartAsync();
        using PyObject asyncpg = PyObject.Import("asyncpg");
        string url = $"postgres://test@127.0.0.1:{server.Port}/postgres";

        await Runtime.UsingAsync(() => asyncpg.CallMethod("create_pool", [url, PyArgument.Named("min_size", 1), PyArgument.Named("max_size", 2)]), async (pool, cancellationToken) =>
        {
            await Execute(pool, "CREATE TABLE orders (id int PRIMARY KEY)", cancellationToken);

            // UsingAsync: committed, rolled back by an exception, rolled back by a token.
            await Runtime.UsingAsync(() => pool.CallMethod("acquire"), async (connection, cancellationToken) =>
            {
                await Runtime.UsingAsync(() => connection.CallMethod("transaction"), (_, cancellationToken) => Insert(connection, 1, cancellationToken), cancellationToken);
                (await Count(connection)).ShouldBe(1);

                await ThrowsAsync<DivideByZeroException>(Runtime.UsingAsync(
                    () => connection.CallMethod("transaction"),
                    async (_, cancellationToken) =>
                    {
                        await Insert(connection, 2, cancellationToken);
                        (await Count(connection)).ShouldBe(2);
                        throw new DivideByZeroException();
                    },
                    cancellationToken));
                (await Count(connection)).ShouldBe(1);

                using var cts = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await ThrowsAsync<OperationCanceledException>(Runtime.UsingAsync(
                    () => connection.CallMethod("transaction"),
                    async (_, cancellationToken) =>
                    {
                        await Insert(connection, 3, cancellationToken);
                        await cts.CancelAsync();
                        await Execute(connection, "SELECT pg_sleep(60)", cancellationToken);
                    },
                    cts.Token));
                (await Count(connection)).ShouldBe(1);
            }, cancellationToken);

            // EnterAsync: committed by Complete, rolled back without it.
            await using PyScope<PyObject> acquired = await Runtime.EnterAsync(() => pool.CallMethod("acquire"), cancellationToken);
            PyObject connection = acquired.Value;
            await using (PyScope<PyObject> transaction = await Runtime.EnterAsync(() => connection.CallMethod("transaction"), cancellationToken))
            {
                await Insert(connection, 4, transaction.Token);
                transaction.Complete();
            }

            (await Count(connection)).ShouldBe(2);
            await ThrowsAsync<DivideByZeroException>(async () =>
            {
                await using PyScope<PyObject> transaction = await Runtime.EnterAsync(() => connection.CallMethod("transaction"), cancellationToken);
                await Insert(connection, 5, transaction.Token);
                (await Count(connection)).ShouldBe(3);
                throw new DivideByZeroException();
            });
            (await Count(connection)).ShouldBe(2);
            acquired.Complete();
        });

        Task Execute(PyObject target, string statement, CancellationToken cancellationToken) => Await(target, "execute", [statement], cancellationToken);

        Task Insert(PyObject connection, int id, CancellationToken cancellationToken) => Await(connection, "execute", ["INSERT INTO orders VALUES ($1)", id], cancellationToken);

        Task<int> Count(PyObject connection) => Await<int>(connection, "fetchval", ["SELECT count(*)::int FROM orders"]);
    }

    [ConformanceFact]
    public virtual async Task Cancel_scopes_and_task_groups_of_anyio_hold_dotnet_code()
    {
        Require("anyio");
        using PyObject module = Python("""
            import anyio, contextlib, contextvars

            variable = contextvars.ContextVar("variable")
            log = []

            @contextlib.asynccontextmanager
            async def client():
                async with anyio.create_task_group() as group:
                    group.start_soon(anyio.sleep, 100)
                    try:
                        yield "client"
                    finally:
                        group.cancel_scope.cancel()

            @contextlib.asynccontextmanager
            async def traced():
                token = variable.set(1)
                try:
                    yield "traced"
                finally:
                    variable.reset(token)

            async def fail():
                raise ValueError("child")
            """);
        using PyObject anyio = PyObject.Import("anyio");

        foreach (string name in new[] { "client", "traced" })
        {
            (await Runtime.UsingAsync(() => module.CallMethod(name), PyConvert.String, async (value, cancellationToken) =>
            {
                await Task.Delay(1, cancellationToken);
                return value;
            })).ShouldBe(name);

            await using PyScope<string> scope = await Runtime.EnterAsync(() => module.CallMethod(name), PyConvert.String);
            scope.Value.ShouldBe(name);
            scope.Complete();
        }

        // A deadline that passes while the code runs: move_on_after swallows the cancellation, fail_after raises a TimeoutError.
        foreach (string name in new[] { "move_on_after", "fail_after" })
        {
            bool tokenFired = false;
            Task scope = Runtime.UsingAsync(() => anyio.CallMethod(name, [1000]), async (cancelScope, cancellationToken) =>
            {
                await Runtime.InvokeAsync(() => cancelScope.SetAttr("deadline", 0.0), cancellationToken);
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    await Task.Delay(1, CancellationToken.None);
                    tokenFired = cancellationToken.IsCancellationRequested;
                }
            });
            await (name == "fail_after" ? ThrowsAsync<PythonTimeoutException>(scope) : scope);
            tokenFired.ShouldBeTrue(name);
        }

        // A failing child cancels the code.
        Exception e = await ThrowsAsync<PythonException>(Runtime.UsingAsync(() => anyio.CallMethod("create_task_group"), async (group, cancellationToken) =>
        {
            await Runtime.InvokeAsync(() => group.CallMethod("start_soon", [module.GetAttr("fail")]).Dispose(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));
        e.ToString().ShouldContain("ValueError: child");
    }
}
