using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Binds settings to a configuration section, and names the setting when a value is not one.</summary>
internal static class SectionBinder
{
    public static void Bind<TOptions>(IPyAsyncBuilder builder, IConfiguration section, Action<IConfiguration, TOptions> bind)
        where TOptions : class
    {
        string name = builder.Key ?? Options.DefaultName;
        builder.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(new ConfigurationChangeTokenSource<TOptions>(name, section));
        builder.Services.Configure<TOptions>(name, options =>
        {
            try
            {
                bind(section, options);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
            {
                throw new OptionsValidationException(name, typeof(TOptions), [Describe(section, e)]);
            }
        });
    }

    private static string Describe(IConfiguration section, Exception e)
    {
        string path = section is IConfigurationSection named ? named.Path : "the settings";
        return $"{path} holds a value that is not one of its kind: {e.Message} Signals takes {string.Join(", ", Enum.GetNames<SignalHandling>())}; times are written \"00:00:10\".";
    }
}
