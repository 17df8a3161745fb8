using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PyAsync.Tests;

/// <summary>Records log entries of a level or a higher one.</summary>
internal sealed class LogRecorder(LogLevel least) : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Entries.Enqueue(formatter(state, exception) + exception);
        }
    }

    public void Dispose()
    {
    }
}
