using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PyAsync;

/// <summary>Connects Python's <c>logging</c> with .NET's log.</summary>
public static class PyAsyncLoggingExtensions
{
    /// <summary>
    /// Passes the records of Python's <c>logging</c> to <see cref="Microsoft.Extensions.Logging.ILogger"/>: a handler of the root logger, which is there before the first
    /// module of the application is imported.
    /// </summary>
    /// <param name="builder">The builder of a runtime. The records are those of the whole process, whichever runtime the code runs on; a second call has no effect.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>The category is the name of the Python logger, so that <c>"Logging": { "LogLevel": { "shop": "Debug" } }</c> filters <c>logging.getLogger("shop.orders")</c>.
    /// <c>CRITICAL</c> is <c>Critical</c>, <c>ERROR</c> <c>Error</c>, <c>WARNING</c> <c>Warning</c>, <c>INFO</c> <c>Information</c>, <c>DEBUG</c> <c>Debug</c>, and lower numbers
    /// are <c>Trace</c>. Tracebacks are the text of the entry's exception.</para>
    /// <para>The root logger gets the lowest level that a filter of the host lets pass, unless the application sets another one. <c>logging.basicConfig()</c> has no effect then,
    /// as it has none if a handler exists.</para>
    /// <para>Each record is written on the thread that has logged it, without the GIL. After the end of the host, and in forked children, Python's own last handler writes
    /// warnings to stderr.</para>
    /// </remarks>
    public static IPyAsyncBuilder AddPythonLogging(this IPyAsyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<PythonLogging>();
        return builder;
    }
}
