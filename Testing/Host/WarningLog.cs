using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PyAsync.Testing.Host;

/// <summary>Keeps the warnings and errors that runtimes log, for assertions.</summary>
/// <param name="write">Writes them instead; null to keep them.</param>
internal sealed class WarningLog(Action<string>? write = null) : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Entries { get; } = [];

    /// <summary>Removes the entries, and returns them.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (Entries.TryDequeue(out string? entry))
        {
            taken.Add(entry);
        }

        return taken;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            (write ?? Entries.Enqueue)($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");
        }
    }
}
