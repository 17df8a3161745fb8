using System.Globalization;
using System.Threading.Channels;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

public abstract partial class RealLibraryTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Asyncpg_asks_a_real_PostgreSQL()
    {
        Require("asyncpg");
        await using PostgresServer server = await PostgresServer.StartAsync();
        using PyObject asyncpg = PyObject.Import("asyncpg");
        string url = $"postgres://test@127.0.0.1:{server.Port}/postgres";
        PyObject pool = await Await(asyncpg, "create_pool", [url, PyArgument.Named("min_size", 2), PyArgument.Named("max_size", 5)]);

        await Await(pool, "execute", ["CREATE TABLE orders (id int PRIMARY KEY, customer text, total numeric, placed timestamptz)"]);
        DateTimeOffset placed = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(1, 100).Select(id =>
            Await(pool, "execute", ["INSERT INTO orders VALUES ($1, $2, $3, $4)", id, $"customer {id % 7}", id * 1.25m, placed])));

        decimal sum = await Await<decimal>(pool, "fetchval", ["SELECT sum(total) FROM orders"]);
        sum.ShouldBe(Enumerable.Range(1, 100).Sum(id => id * 1.25m));
        PyObject row = await Await(pool, "fetchrow", ["SELECT customer, placed FROM orders WHERE id = $1", 8]);
        (row["customer"].As<string>(), row["placed"].As<DateTimeOffset>()).ShouldBe(("customer 1", placed));

        // One connection: a transaction that is rolled back, an error, a query that is cancelled, after which the connection still works.
        PyObject connection = await Await(asyncpg, "connect", [url]);
        PyObject transaction = await Invoke(connection, "transaction");
        await Await(transaction, "start");
        await Await(connection, "execute", ["DELETE FROM orders"]);
        await Await(transaction, "rollback");
        PythonException duplicate = await ThrowsAsync<PythonException>(Await(connection, "execute", ["INSERT INTO orders (id) VALUES (1)"]));
        duplicate.TypeName.ShouldBe("asyncpg.exceptions.UniqueViolationError");
        duplicate.IsInstanceOf("asyncpg.exceptions.IntegrityConstraintViolationError").ShouldBeTrue();
        using var cts = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        (await ThrowsAsync<OperationCanceledException>(Await(connection, "fetchval", ["SELECT pg_sleep(60)"], cts.Token))).CancellationToken.ShouldBe(cts.Token);
        (await Await<int>(connection, "fetchval", ["SELECT count(*)::int FROM orders"])).ShouldBe(100);

        // A C# callback that the database calls.
        var notified = Channel.CreateUnbounded<string>();
        PyObject listener = Own(PyFunction.Create("listener", arguments =>
        {
            notified.Writer.TryWrite(arguments.Get<string>(3)).ShouldBeTrue();
            return null;
        }));
        await Await(connection, "add_listener", ["news", listener]);
        await Await(pool, "execute", ["SELECT pg_notify('news', 'from ' || current_user)"]);
        (await notified.Reader.ReadAsync().AsTask().WaitAsync(Soon)).ShouldBe("from test");
        await Await(connection, "remove_listener", ["news", listener]);

        await Await(connection, "close");
        await Await(pool, "close");
    }

    [ConformanceFact]
    public virtual async Task Redis_asks_a_real_Redis()
    {
        Require("redis");
        await using RedisServer server = await RedisServer.StartAsync();
        using PyObject redis = PyObject.Import("redis.asyncio");
        PyObject client = await Invoke(
            redis, "Redis", [PyArgument.Named("host", "127.0.0.1"), PyArgument.Named("port", server.Port), PyArgument.Named("decode_responses", true)]);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Await(client, "set", [$"key {i}", i])));
        string[] values = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Await<string>(client, "get", [$"key {i}"])));
        values.ShouldBe(Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        (await Await<string?>(client, "get", ["no such key"])).ShouldBeNull();

        PyObject pipeline = await Invoke(client, "pipeline");
        for (int i = 0; i < 10; i++)
        {
            await Invoke(pipeline, "incr", ["counter"]);
        }

        (await Await<int[]>(pipeline, "execute")).ShouldBe(Enumerable.Range(1, 10));
        (await ThrowsAsync<PythonException>(Await(client, "lpush", ["counter", 1]))).IsInstanceOf("redis.exceptions.ResponseError").ShouldBeTrue();

        // Published from C#, and read by C# as a stream.
        PyObject subscription = await Invoke(client, "pubsub");
        await Await(subscription, "subscribe", ["news"]);
        var heard = new List<string>();
        await foreach (PyObject message in Runtime.IntoAsyncEnumerable<PyObject>(() => subscription.CallMethod("listen")))
        {
            using PyObject owned = message;
            if (owned["type"].As<string>() == "subscribe")
            {
                await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Await(client, "publish", ["news", $"item {i}"])));
            }
            else if (heard.Count < 3)
            {
                heard.Add(owned["data"].As<string>());
            }

            if (heard.Count == 3)
            {
                break;
            }
        }

        heard.Order().ShouldBe(["item 0", "item 1", "item 2"]);
        await Await(subscription, "close");

        // A wait that is cancelled.
        using var cts = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await ThrowsAsync<OperationCanceledException>(Await(client, "blpop", ["no such list"], cts.Token));
        (await Await<string>(client, "get", ["key 7"])).ShouldBe("7");

        await Await(client, "close", [PyArgument.Named("close_connection_pool", true)]);
    }
}
