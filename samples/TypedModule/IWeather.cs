namespace TypedModule;

/// <summary>The Python module weather.py. The compiler generates the implementation.</summary>
[PyImport("weather")]
public partial interface IWeather
{
    /// <summary>An attribute of the module.</summary>
    string Version { get; }

    /// <summary>An <c>async def</c>. Without <paramref name="days"/> Python's own default applies.</summary>
    Task<(int Day, int Degrees)[]> ForecastAsync(string city, PyOptional<int> days = default, CancellationToken cancellationToken = default);

    /// <summary>An async generator.</summary>
    IAsyncEnumerable<double> ReadingsAsync(int station, CancellationToken cancellationToken = default);

    /// <summary>Python awaits the callback.</summary>
    Task<string> SummarizeAsync(string text, Func<string, CancellationToken, Task> onWord, CancellationToken cancellationToken = default);

    /// <summary>The class, called.</summary>
    [PyName("Client")]
    Task<IClient> ConnectAsync(string host, CancellationToken cancellationToken = default);
}

/// <summary>An object of the class <c>Client</c>.</summary>
[PyProxy]
public partial interface IClient
{
    string Host { get; }

    /// <summary><c>len(client)</c>.</summary>
    int Count { get; }

    /// <summary><c>client[city]</c>.</summary>
    double this[string city] { get; }

    Task<double> TemperatureAsync(string city, [PyKeyword] string unit = "C", CancellationToken cancellationToken = default);

    /// <summary><c>async with client</c>.</summary>
    Task UsingAsync(Func<IClient, CancellationToken, Task> body, CancellationToken cancellationToken = default);
}
