namespace Scopes;

/// <summary>A resource of C# that Python uses in an <c>async with</c>.</summary>
internal sealed class Report : IAsyncDisposable
{
    private readonly List<string> _lines = [];

    public static async Task<Report> OpenAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        return new Report();
    }

    /// <summary>Called by Python, with a line.</summary>
    public PyObject? Write(CallbackArguments arguments)
    {
        _lines.Add(arguments.Get<string>(0));
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        Console.WriteLine($"report: {string.Join(", ", _lines)}");
    }
}
