namespace PythonNetInterop;

/// <summary>A class that Python code uses, without any reference to Python.</summary>
public sealed class Weather
{
    public async Task<int> TemperatureAsync(string city)
    {
        await Task.Delay(10);
        return city.Length;
    }

    public async IAsyncEnumerable<string> WarningsAsync()
    {
        foreach (string warning in new[] { "wind", "rain" })
        {
            await Task.Delay(10);
            yield return warning;
        }
    }

    /// <summary>Awaits a coroutine that Python passes.</summary>
    public async Task<string> DescribeAsync(Task<string> work) => $"described: {await work}";
}
