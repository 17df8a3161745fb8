using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The tables of options agree with the classes.</summary>
public sealed class OptionsTests
{
    private const string Page = "docs/options.md";

    public static TheoryData<string> Tables => [.. Rows().Select(row => row.Class).Distinct()];

    public static TheoryData<string, string, string> Keys => [.. Rows().Where(row => row.Key is not null).Select(row => (row.Class, row.Option, row.Key!))];

    /// <summary>The public classes of options of every package, and the attribute that sets some.</summary>
    private static Dictionary<string, Type> Classes { get; } = Repository.Packages
        .SelectMany(package => Assembly.Load(package.Id).GetExportedTypes())
        .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
        .Append(typeof(PyAsyncMainAttribute))
        .ToDictionary(type => type.Name);

    [Fact]
    public void EveryClassOfOptions_HasATable() =>
        Rows().Select(row => row.Class).Distinct().ShouldBe(Classes.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_HasEachOptionWithItsDefault(string table)
    {
        object defaults = Activator.CreateInstance(Classes[table])!;

        Rows().Where(row => row.Class == table).Select(row => $"{row.Option}: {row.Default}")
            .ShouldBe(Options(Classes[table]).Select(option => $"{option.Name}: {Text(option.GetValue(defaults))}"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Key_SetsTheOption(string table, string option, string key)
    {
        PropertyInfo property = Classes[table].GetProperty(option)!;
        (string subkey, string value, string expected) = Sample(property.PropertyType);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key + subkey, value)]).Build();
        IServiceCollection services = new ServiceCollection().AddPyAsync(configuration.GetSection(PyAsyncOptions.SectionName)).Services;
        services.RemoveAll<IValidateOptions<PyAsyncOptions>>(); // The sample of a name is not a registered name.
        using ServiceProvider provider = services.BuildServiceProvider();

        Text(property.GetValue(Bound(provider, Classes[table]))).ShouldBe(expected);
    }

    [Fact]
    public void Keys_AreThereForWhatConfigurationBinds() =>
        Rows().Where(row => row.Key is null).Select(row => row.Class).Distinct().ShouldBe(["AsgiOptions", "PyAsyncMainAttribute", "PythonInterpreterOptions"], ignoreOrder: true);

    private static PropertyInfo[] Options(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    private static object Bound(IServiceProvider services, Type type)
    {
        Type options = typeof(IOptions<>).MakeGenericType(type);
        return options.GetProperty("Value")!.GetValue(services.GetRequiredService(options))!;
    }

    /// <summary>Gets a value other than the default: the suffix of the key, the configured value, and the text in the table.</summary>
    private static (string Subkey, string Value, string Expected) Sample(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var one when one == typeof(TimeSpan) => ("", "00:00:07", "`00:00:07`"),
        var one when one == typeof(int) => ("", "7", "`7`"),
        var one when one == typeof(bool) => ("", "true", "`true`"),
        { IsEnum: true } one => ("", Enum.GetNames(one)[^1], $"`{Enum.GetNames(one)[^1]}`"),
        var one when one == typeof(string) => ("", "sample", "`sample`"),
        var one when one == typeof(IList<string>) => (":0", "sample", "`sample`"),
        var other => throw new NotSupportedException($"An option is a {other}: say here what a sample of it is."),
    };

    /// <summary>Gets a value as the tables write it.</summary>
    private static string Text(object? value) => value switch
    {
        null => "unset",
        bool flag => flag ? "`true`" : "`false`",
        string text => $"`{text}`",
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Text)) is { Length: > 0 } items ? items : "empty",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static IEnumerable<Row> Rows()
    {
        string table = "";
        string[] columns = [];
        foreach (string line in Repository.Read(Page).ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                table = Regex.Match(line, "`(?<class>[^`]+)`$").Groups["class"].Value;
            }
            else if (line.StartsWith("| option |", StringComparison.Ordinal))
            {
                columns = Cells(line);
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                string[] cells = Cells(line);
                cells.Length.ShouldBe(columns.Length, line);
                string? Cell(string column) => Array.IndexOf(columns, column) is >= 0 and int i ? cells[i] : null;
                yield return new Row(table, Cell("option")!.Trim('`'), Cell("key")?.Trim('`'), Cell("default")!);
            }
        }
    }

    private static string[] Cells(string line) => line.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    private sealed record Row(string Class, string Option, string? Key, string Default);
}
