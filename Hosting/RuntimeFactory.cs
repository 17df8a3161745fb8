using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Creates a runtime from the registered settings, and from the backend and the event loop that they name.</summary>
internal static class RuntimeFactory
{
    public static IRuntime Create(IServiceProvider services, string? key)
    {
        PyAsyncOptions options = services.GetRequiredService<IOptionsMonitor<PyAsyncOptions>>().Get(key ?? Options.DefaultName);
        BackendRegistration backend = NamedServices.Backend(services, options.Backend)
            ?? throw new OptionsValidationException(key ?? "", typeof(PyAsyncOptions), [NamedServices.UnknownBackend(services, options.Backend, options.EventLoop)]);
        EventLoopFactory loop = NamedServices.EventLoop(services, options.EventLoop)
            ?? throw new OptionsValidationException(key ?? "", typeof(PyAsyncOptions), [NamedServices.UnknownEventLoop(services, options.EventLoop)]);
        var logging = services.GetService<PythonLogging>();
        var runtime = (Runtime)backend.Create(services, key).CreateRuntime(
            options,
            loop,
            services.GetService<ILoggerFactory>(),
            services.GetService<TimeProvider>());
        runtime.SetHost(key, pythonStarted: logging is null ? null : logging.Install);
        services.GetRequiredService<PyAsyncMetrics>().Add(runtime, key);
        return runtime;
    }
}
