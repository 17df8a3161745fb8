using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Binds settings to configuration sections, and names the setting if a value is not valid.</summary>
internal static class SectionBinder
{
    /// <summary>Binds the settings of a runtime, and those of the backend with settings, to a section.</summary>
    public static void Bind(IPyAsyncBuilder builder, IConfiguration section)
    {
        builder.Services.AddSingleton(new RuntimeSection(builder.Key, section));
        Bind<PyAsyncOptions>(builder, _ => section, BindRuntime);
        Bind<DedicatedThreadOptions>(builder, _ => section, BindDedicatedThread);
    }

    /// <summary>Binds as <see cref="Bind(IPyAsyncBuilder, IConfiguration)"/> does, to the host's own section for the runtime, if no other is given.</summary>
    public static void BindHostSection(IPyAsyncBuilder builder)
    {
        Bind<PyAsyncOptions>(builder, services => RuntimeSection.OfHost(services, builder.Key), BindRuntime);
        Bind<DedicatedThreadOptions>(builder, services => RuntimeSection.OfHost(services, builder.Key), BindDedicatedThread);
    }

    // Calls that the binding generator recognises: they need the type.
    private static void BindRuntime(IConfiguration section, PyAsyncOptions options) => section.Bind(options);

    private static void BindDedicatedThread(IConfiguration section, DedicatedThreadOptions options) =>
        section.GetSection(DedicatedThreadOptions.SectionName).Bind(options);

    private static void Bind<TOptions>(IPyAsyncBuilder builder, Func<IServiceProvider, IConfiguration?> find, Action<IConfiguration, TOptions> bind)
        where TOptions : class
    {
        // Without a change token: a runtime reads its settings once, and a file that is temporarily invalid would fail on the thread that watches it.
        string name = builder.Key ?? Options.DefaultName;
        builder.Services.AddSingleton<IConfigureOptions<TOptions>>(services => new ConfigureNamedOptions<TOptions>(name, options =>
        {
            if (find(services) is not { } section)
            {
                return;
            }

            try
            {
                bind(section, options);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
            {
                throw new OptionsValidationException(name, typeof(TOptions), [Describe(section, e)]);
            }
        }));
    }

    private static string Describe(IConfiguration section, Exception e)
    {
        string path = section is IConfigurationSection named ? named.Path : "the settings";
        return $"{path} holds a value of the wrong type: {e.Message} Signals takes {string.Join(", ", Enum.GetNames<SignalHandling>())}; switches take true or false; times are written \"00:00:10\".";
    }
}
