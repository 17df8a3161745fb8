using PyAsync;

namespace my_async_module;

/// <summary>A Python module written in C#.</summary>
[PyModule("my_async_module")]
public static class Module
{
    /// <summary>Sleeps, while the event loop goes on.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    [PyFunction]
    public static async Task Sleep(double seconds, CancellationToken ct) => await Task.Delay(TimeSpan.FromSeconds(seconds), ct);

    /// <summary>Greets.</summary>
    /// <param name="name">Whom.</param>
    [PyFunction]
    public static string Greet(string name = "world") => $"hello {name}";
}
