using System.Globalization;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>C# services of the request's scope in Python endpoints.</summary>
public sealed class ServiceTests
{
    private const string Application = """
        from pyasync.web import get_service
        async def app(scope, receive, send):
            if scope["type"] == "lifespan": return
            try: text = await handle(get_service(scope, "IOrders"))
            except Exception as error: text = f"{type(error).__name__}: {error}"
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": text.encode()})

        """;

    public interface IOrders
    {
        string Name { get; }

        Task<int> OpenOrders { get; }

        DateTimeOffset LastUpdate { get; }

        Plain Unknown { get; }

        int Failing { get; }

        Task<string> GetOrderAsync(int number, string currency = "EUR", CancellationToken cancellationToken = default);

        ValueTask AddAsync(IReadOnlyList<string> items);

        int Count();

        Task FailAsync();
    }

    [Theory]
    [InlineData("await orders.get_order(7)", "order 7 in EUR, scope 1")]
    [InlineData("await orders.get_order(number=8, currency='CHF')", "order 8 in CHF, scope 1")]
    [InlineData("str((await orders.add(['a', 'b'])) is None and orders.count())", "2")]
    [InlineData("repr(orders) + ' ' + ' '.join(dir(orders))", "<C# service IOrders> add count fail failing get_order last_update name open_orders")]
    [InlineData("orders.name", "orders")]
    [InlineData("str(await orders.open_orders)", "3")]
    [InlineData("repr(orders.last_update)", "datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)")]
    [InlineData("orders.unknown", "AttributeError: the C# service 'IOrders': its property 'Unknown' cannot be exposed to Python: There is no converter for")]
    [InlineData("orders.failing", "ValueError: no value")]
    [InlineData("setattr(orders, 'name', 'x')", "AttributeError: the C# service 'IOrders' has no attributes that Python can set: let a method of it set 'name'")]
    [InlineData("await orders.fail()", "ValueError: no such order")]
    [InlineData("await orders.get_order('seven')", "TypeError: get_order() argument 'number'")]
    [InlineData("await orders.get_order()", "TypeError: get_order() missing")]
    [InlineData("orders.nothing()", "AttributeError: the C# service 'IOrders' has no member 'nothing': it has add, count, fail, failing, get_order")]
    public async Task Methods_AreCalledFromPython(string expression, string expected)
    {
        await using AsgiServer server = await Start($"async def handle(orders): return {expression}");

        (await server.Client.GetStringAsync("/")).ShouldStartWith(expected);
    }

    [Fact]
    public async Task Services_AreThoseOfTheRequest()
    {
        await using AsgiServer server = await Start("async def handle(orders): return await orders.get_order(1)");

        (await server.Client.GetStringAsync("/")).ShouldEndWith("scope 1");
        (await server.Client.GetStringAsync("/")).ShouldEndWith("scope 2");
    }

    [Fact]
    public async Task AService_ThatIsNotExposed_SaysWhatToDo()
    {
        await using AsgiServer server = await AsgiServer.Start(Application + "async def handle(orders): return 'found'");

        (await server.Client.GetStringAsync("/")).ShouldContain("options.ExposeService<IOrders>()");
    }

    [Fact]
    public async Task AService_ThatIsNotRegistered_SaysWhatToDo()
    {
        await using AsgiServer server = await AsgiServer.Start(Application + "async def handle(orders): return 'found'", options: options => options.ExposeService<IOrders>());

        (await server.Client.GetStringAsync("/")).ShouldContain("is not registered");
    }

    [Fact]
    public async Task AMethod_WithATypeThatHasNoConverter_FailsTheStartAndIsNamed()
    {
        NotSupportedException e = await Should.ThrowAsync<NotSupportedException>(
            AsgiServer.Start(Application, options: options => options.ExposeService<IUnsupported>()));

        e.Message.ShouldContain("IUnsupported.Find cannot be exposed to Python: There is no converter for");
    }

    public interface IUnsupported
    {
        Plain Find(int number);
    }

    public sealed class Plain;

    private static Task<AsgiServer> Start(string handle)
    {
        int scopes = 0;
        return AsgiServer.Start(
            Application + handle,
            options: options => options.ExposeService<IOrders>(),
            build: builder => builder.Services.AddScoped<IOrders>(_ => new Orders(Interlocked.Increment(ref scopes))));
    }

    private sealed class Orders(int scope) : IOrders
    {
        private int _count;

        public string Name => "orders";

        public Task<int> OpenOrders => Task.FromResult(3);

        public DateTimeOffset LastUpdate => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public Plain Unknown => new();

        public int Failing => throw new ArgumentException("no value");

        public async Task<string> GetOrderAsync(int number, string currency, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"order {number} in {currency}, scope {scope}");
        }

        public ValueTask AddAsync(IReadOnlyList<string> items)
        {
            _count += items.Count;
            return default;
        }

        public int Count() => _count;

        public Task FailAsync() => Task.FromException(new ArgumentException("no such order"));
    }
}
