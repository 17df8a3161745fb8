using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Tests;

public sealed partial class PythonLoggingTests
{
    private sealed record Recorded(string Category, LogLevel Level, string Message, Exception? Exception, IReadOnlyDictionary<string, object?> Values);

    private sealed class Recorder : ILoggerProvider
    {
        public ConcurrentQueue<Recorded> Entries { get; } = new();

        public Action? OnEntry { get; set; }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Recorder recorder, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                Dictionary<string, object?> values = new((IEnumerable<KeyValuePair<string, object?>>)state!);
                recorder.Entries.Enqueue(new Recorded(category, logLevel, formatter(state, exception), exception, values));
                recorder.OnEntry?.Invoke();
            }
        }
    }

    private sealed class Test : IAsyncDisposable
    {
        private Test(IHost host, Recorder log)
        {
            Host = host;
            Log = log;
            Module = PyObject.ImportSource(Source);
        }

        public IHost Host { get; }

        public Recorder Log { get; }

        public PyObject Module { get; }

        public static async Task<Test> Start(params (string Key, string Value)[] settings)
        {
            HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Configuration.AddInMemoryCollection(settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value));
            var log = new Recorder();
            builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddProvider(log);
            builder.Services.AddPyAsync().AddPythonLogging().AddPythonLogging();
            IHost host = builder.Build();
            await host.StartAsync();
            return new Test(host, log);
        }

        public string[] Entries(string category) => [.. Log.Entries.Where(entry => entry.Category == category).Select(static entry => $"{entry.Level}: {entry.Message}")];

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync();
            Host.Dispose();
        }
    }
}
