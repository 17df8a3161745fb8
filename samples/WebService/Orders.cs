using System.Collections.Concurrent;

namespace WebService;

/// <summary>The body of a request that signs in. A real service would check a password, or leave that to an identity provider.</summary>
internal sealed record Login(string Name);

/// <summary>An order of a user.</summary>
public sealed record Order(string Article, int Count);

/// <summary>The part of the orders that the FastAPI application uses.</summary>
public interface IOrderCounts
{
    /// <summary>Returns how many pieces of an article a user has ordered.</summary>
    Task<int> CountAsync(string user, string article);
}

/// <summary>The orders of all users.</summary>
public interface IOrders : IOrderCounts
{
    /// <summary>Adds an order, and returns its number.</summary>
    Task<int> AddAsync(string user, Order order);

    /// <summary>Returns the orders of a user.</summary>
    Task<IReadOnlyList<Order>> OfAsync(string user);
}

/// <summary>Keeps the orders in memory.</summary>
internal sealed class Orders : IOrders
{
    private readonly ConcurrentQueue<(string User, Order Order)> _orders = new();

    public Task<int> AddAsync(string user, Order order)
    {
        _orders.Enqueue((user, order));
        return Task.FromResult(_orders.Count);
    }

    public Task<IReadOnlyList<Order>> OfAsync(string user) =>
        Task.FromResult<IReadOnlyList<Order>>([.. _orders.Where(entry => entry.User == user).Select(static entry => entry.Order)]);

    public async Task<int> CountAsync(string user, string article) =>
        (await OfAsync(user)).Where(order => order.Article == article).Sum(static order => order.Count);
}
