using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Refuses invalid settings of the backend together with those of its runtime, so that one exception lists all errors.</summary>
internal sealed class DedicatedThreadOptionsValidator(IOptionsMonitor<DedicatedThreadOptions> settings) : IValidateOptions<PyAsyncOptions>
{
    public ValidateOptionsResult Validate(string? name, PyAsyncOptions options)
    {
        try
        {
            return settings.Get(name).Problem is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException e)
        {
            return ValidateOptionsResult.Fail(e.Failures);
        }
    }
}
