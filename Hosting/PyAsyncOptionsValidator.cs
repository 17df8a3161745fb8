using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Refuses wrong settings when the application starts, with all that is wrong at once.</summary>
internal sealed class PyAsyncOptionsValidator(IServiceProvider services) : IValidateOptions<PyAsyncOptions>
{
    public ValidateOptionsResult Validate(string? name, PyAsyncOptions options)
    {
        List<string> problems = [.. options.Validate()];
        if (problems.Count == 0)
        {
            if (NamedServices.Backend(services, options.Backend) is null)
            {
                problems.Add(NamedServices.UnknownBackend(services, options.Backend));
            }

            if (NamedServices.EventLoop(services, options.EventLoop) is null)
            {
                problems.Add(NamedServices.UnknownEventLoop(services, options.EventLoop));
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
