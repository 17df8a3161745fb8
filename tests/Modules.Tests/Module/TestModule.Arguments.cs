using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    /// <summary>Adds two numbers.</summary>
    [PyFunction]
    public static int Add(int left, int right = 1) => left + right;

    [PyFunction]
    public static long SumAll(string label, params long[] numbers) => label.Length + numbers.Sum();

    [PyFunction]
    public static string Greet(string name, string? greeting = null, bool loud = false, double times = 1.5, char end = '!', DayOfWeek day = DayOfWeek.Friday, TimeSpan pause = default) =>
        $"{greeting ?? "hello"} {name}{end}{(loud ? "!!" : "")} {times} {day} {pause}";

    /// <summary>Takes parameters whose names are keywords of either language.</summary>
    [PyFunction("from_class")]
    public static string Keywords(string @class, string from, string lambda) => @class + from + lambda;

    [PyFunction]
    public static (int Count, string Name) Pair(IReadOnlyList<int> items, IReadOnlyDictionary<string, double> weights, int? limit = null) =>
        (items.Take(limit ?? int.MaxValue).Count(), string.Join(",", weights.Keys));

    [PyFunction]
    public static object? Anything(object? value) => value;

    /// <summary>The .NET type of a value, as <c>object</c>.</summary>
    [PyFunction]
    public static string Kind(object? value) => value?.GetType().ToString() ?? "null";

    [PyFunction]
    public static bool Flag(bool value) => value;

    [PyFunction]
    public static DateTimeOffset When(DateTimeOffset moment) => moment;

    [PyFunction]
    public static object ContainsItself()
    {
        List<object> list = [];
        list.Add(list);
        return list;
    }
}
