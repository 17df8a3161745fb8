using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PyAsync.Interop;

namespace PyAsync.Logging;

/// <summary>Passes the records of Python's <c>logging</c> to the loggers of a host, each to the category that has its logger's name.</summary>
/// <remarks>
/// Python calls the two functions with the GIL. A message is written without it: a provider that waits blocks no Python code of other threads. The end of the host needs no
/// GIL: the functions return None from then on, and the handler removes itself.
/// </remarks>
internal sealed class PythonLogging : IDisposable
{
    private static readonly PyConverter<Dictionary<string, object?>> s_extra = PyConvert.Dictionary(PyConvert.String, PyConvert.Object);

    private readonly ILoggerFactory _loggers;
    private readonly IOptionsMonitor<LoggerFilterOptions> _filters;
    private readonly Lock _lock = new();
    private IDisposable? _changes;
    private PyObject? _module;
    private volatile bool _isClosed;

    public PythonLogging(ILoggerFactory loggers, IOptionsMonitor<LoggerFilterOptions> filters)
    {
        _loggers = loggers;
        _filters = filters;
    }

    /// <summary>Installs the handler, when Python has started. Later calls do nothing. From any thread; takes the GIL.</summary>
    public void Install()
    {
        // The lock before the GIL, which Python code releases now and then: a runtime that starts meanwhile waits for the handler.
        lock (_lock)
        {
            if (_module is not null || _isClosed)
            {
                return;
            }

            using AttachScope scope = PythonThread.Attach();
            PyObject module = PyObject.ImportSource(Source(), "pyasync.logging");
            using PyObject isEnabled = PyFunction.Create("is_enabled", IsEnabled);
            using PyObject write = PyFunction.Create("write", Write);
            module.CallMethod("install", [isEnabled, write, LowestLevel(_filters.CurrentValue)]).Dispose();
            _module = module;
            _changes = _filters.OnChange(filters => SetLevel(LowestLevel(filters)));
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _changes?.Dispose();
        _module?.Dispose();
    }

    /// <summary>Gets the lowest level that a filter lets pass, as Python's number: records below it are not made.</summary>
    private static int LowestLevel(LoggerFilterOptions filters)
    {
        LogLevel lowest = filters.Rules.Select(static rule => rule.LogLevel ?? LogLevel.Trace).Append(filters.MinLevel).Min();
        return lowest switch
        {
            LogLevel.Trace => 1,
            LogLevel.None => (int)LogLevel.Critical * 10 + 1,
            _ => (int)lowest * 10,
        };
    }

    private static LogLevel LevelOf(int number) => number switch
    {
        >= 50 => LogLevel.Critical,
        >= 40 => LogLevel.Error,
        >= 30 => LogLevel.Warning,
        >= 20 => LogLevel.Information,
        >= 10 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    private void SetLevel(int level)
    {
        if (_isClosed || !PythonInterpreter.IsRunning)
        {
            return;
        }

        try
        {
            _module!.CallMethod("set_level", [level]).Dispose();
        }
        catch (ObjectDisposedException)
        {
            // The host ends meanwhile.
        }
    }

    private PyObject? IsEnabled(CallbackArguments arguments)
    {
        if (_isClosed)
        {
            return null;
        }

        try
        {
            bool isEnabled = _loggers.CreateLogger(arguments.Get(0, PyConvert.String)).IsEnabled(LevelOf(arguments.Get(1, PyConvert.Int32)));
            return PyObject.From(isEnabled, PyConvert.Boolean);
        }
        catch (ObjectDisposedException)
        {
            return null; // The host has ended meanwhile.
        }
    }

    /// <summary>Writes a record; None if the host has ended.</summary>
    private PyObject? Write(CallbackArguments arguments)
    {
        ILogger logger;
        try
        {
            logger = _loggers.CreateLogger(arguments.Get(0, PyConvert.String));
        }
        catch (ObjectDisposedException)
        {
            return null; // As in IsEnabled.
        }

        LogLevel level = LevelOf(arguments.Get(1, PyConvert.Int32));
        var record = new PythonLogRecord(
            Message: arguments.Get(2, PyConvert.String),
            Template: arguments.Get(3, PyConvert.String),
            File: arguments.Get(4, PyConvert.String),
            Line: arguments.Get(5, PyConvert.Int32),
            Function: arguments.Get(6, PyConvert.String),
            Extra: [.. arguments.Get(9, s_extra)]);
        string error = arguments.Get(7, PyConvert.String);
        string details = arguments.Get(8, PyConvert.String);
        PythonLogException? exception = details.Length > 0 ? new PythonLogException(error.Length > 0 ? error : record.Message, details) : null;
        using (PythonThread.Detach())
        {
            logger.Log(level, default, record, exception, static (record, _) => record.Message);
        }

        return PyObject.From(true, PyConvert.Boolean);
    }

    private static string Source()
    {
        using Stream stream = typeof(PythonLogging).Assembly.GetManifestResourceStream("python_logging.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
