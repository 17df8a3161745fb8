using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Finds unknown keys in a runtime's section: usually they are misspelt.</summary>
internal static class KnownKeys
{
    /// <summary>The registrations of <c>AddPyAsync</c> that have no settings.</summary>
    private static readonly string[] s_withoutSettings = ["ThreadPool", "LoopThread", "asyncio", "uvloop"];

    /// <summary>Maps the keys of the options to their types.</summary>
    private static readonly Dictionary<string, Type> s_options = typeof(PyAsyncOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .ToDictionary(static option => option.Name, static option => option.PropertyType, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the errors in the keys of the sections that a runtime reads, one sentence each.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The runtime's key; null for the one without.</param>
    public static IEnumerable<string> Problems(IServiceProvider services, string? key)
    {
        Dictionary<string, string[]> sections = Sections(services);
        foreach (IConfiguration section in RuntimeSection.Of(services, key))
        {
            if (section is IConfigurationSection { Value: { Length: > 0 } value } named)
            {
                yield return $"{named.Path} is \"{value}\" and takes no value: its keys are {NamedServices.List(s_options.Keys)}, such as {named.Path}:{nameof(PyAsyncOptions.Backend)}.";
            }

            foreach (IConfigurationSection child in section.GetChildren())
            {
                if (Problem(child, sections) is { } problem)
                {
                    yield return problem;
                }
            }
        }
    }

    /// <summary>Gets the keys below the section that hold other settings, each with the keys below it, or none if they are not checked.</summary>
    private static Dictionary<string, string[]> Sections(IServiceProvider services)
    {
        IEnumerable<string> names =
        [
            .. services.GetServices<BackendRegistration>().Select(static backend => backend.Name),
            .. services.GetServices<EventLoopFactory>().Select(static loop => loop.Name),
            .. services.GetServices<RuntimeKey>().Select(static runtime => runtime.Key).OfType<string>(),
        ];
        Dictionary<string, string[]> sections = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names.Except(s_withoutSettings, StringComparer.OrdinalIgnoreCase))
        {
            sections.TryAdd(name, []);
        }

        foreach (ConfigurationKeyRegistration registration in services.GetServices<ConfigurationKeyRegistration>())
        {
            sections[registration.Key] = [.. registration.Subkeys];
        }

        return sections;
    }

    private static string? Problem(IConfigurationSection child, Dictionary<string, string[]> sections)
    {
        IConfigurationSection[] below = [.. child.GetChildren()];
        if (s_options.TryGetValue(child.Key, out Type? type))
        {
            if (type == typeof(TimeSpan) && int.TryParse(child.Value, CultureInfo.InvariantCulture, out int days) && days > 0)
            {
                return $"{child.Path} is \"{child.Value}\", which .NET reads as days: write {days} seconds as \"{TimeSpan.FromSeconds(days):c}\", and days as \"{days}.00:00:00\".";
            }

            bool isList = type == typeof(IList<string>);
            return isList && below.Length == 0 && !string.IsNullOrEmpty(child.Value) ? $"{child.Path} is \"{child.Value}\" and takes a list: {child.Path}:0 is the key of its first entry."
                : isList && below.FirstOrDefault(static entry => entry.GetChildren().Any()) is { } nested ? $"{nested.Path} takes a value and no keys, but holds {NamedServices.List(nested.GetChildren().Select(static key => key.Key))}."
                : !isList && below.Length > 0 ? $"{child.Path} takes a value and no keys, but holds {NamedServices.List(below.Select(static key => key.Key))}."
                : null;
        }

        if (!sections.TryGetValue(child.Key, out string[]? subkeys))
        {
            return Unknown(child, s_options.Keys.Concat(sections.Keys));
        }

        if (subkeys.Length == 0)
        {
            return null;
        }

        return below.Length == 0 && !string.IsNullOrEmpty(child.Value)
            ? $"{child.Path} takes no value: its keys are {NamedServices.List(subkeys)}."
            : below.FirstOrDefault(key => !subkeys.Contains(key.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown
                ? Unknown(unknown, subkeys)
                : null;
    }

    private static string Unknown(IConfigurationSection child, IEnumerable<string> known) =>
        $"{child.Path} is not a setting.{NamedServices.Suggestion(known, child.Key)} Known: {NamedServices.List(known)}.";
}
