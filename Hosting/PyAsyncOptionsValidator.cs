using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Refuses invalid settings when the application starts, with all errors in one exception.</summary>
internal sealed class PyAsyncOptionsValidator(IServiceProvider services) : IValidateOptions<PyAsyncOptions>
{
    public ValidateOptionsResult Validate(string? name, PyAsyncOptions options)
    {
        List<string> problems = [.. options.Validate(), .. KnownKeys.Problems(services, string.IsNullOrEmpty(name) ? null : name)];
        if (!string.IsNullOrWhiteSpace(options.Backend) && !string.IsNullOrWhiteSpace(options.EventLoop))
        {
            if (NamedServices.Backend(services, options.Backend) is null)
            {
                problems.Add(NamedServices.UnknownBackend(services, options.Backend, options.EventLoop));
            }

            if (NamedServices.EventLoop(services, options.EventLoop) is null)
            {
                problems.Add(NamedServices.UnknownEventLoop(services, options.EventLoop));
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
