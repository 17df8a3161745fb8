namespace my_async_module;

/// <summary>A Python module written in C#.</summary>
[PyModule("my_async_module")]
public static class Module
{
    /// <summary>Sleeps, while the event loop continues.</summary>
    /// <param name="seconds">The time in seconds.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    [PyFunction]
    public static async Task Sleep(double seconds, CancellationToken cancellationToken) => await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);

    /// <summary>Returns a greeting.</summary>
    /// <param name="name">The name to greet.</param>
    [PyFunction]
    public static string Greet(string name = "world") => $"hello {name}";
}
