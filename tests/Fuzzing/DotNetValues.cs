using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>Random .NET values, and what each is once it has been in Python.</summary>
internal static class DotNetValues
{
    private static readonly long[] s_edges = [0, 1, byte.MaxValue, short.MaxValue, int.MaxValue, uint.MaxValue, 1L << 53, 1L << 60, 1L << 62, long.MaxValue, long.MinValue];

    private static readonly string[] s_texts = ["", "a", "\0", "ä€", "\ud83d\ude00", "\ud800", "\udfff\ud800", "\u2028", new('x', 300)];

    public static object? Make(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return Atom(random);
        }

        int count = random.Next(5);
        IEnumerable<object?> items = Enumerable.Range(0, count).Select(_ => Make(random, depth - 1));
        return random.Next(9) switch
        {
            0 => items.ToList(),
            1 => items.ToArray(),
            2 => PyTuple.Create([.. items]),
            3 => (Make(random, depth - 1), Make(random, depth - 1)),
            4 => Keys(random, count).ToDictionary(static key => key, _ => Make(random, depth - 1)),
            5 => Keys(random, count).OfType<string>().ToDictionary(static key => key, _ => Make(random, depth - 1)),
            6 => Keys(random, count).ToHashSet(),
            7 => Keys(random, count).ToFrozenSet(),
            _ => new Queue<object?>(items),
        };
    }

    /// <summary>Returns the value that the conversions document: whole numbers are long or BigInteger, real ones double, times count microseconds.</summary>
    public static object? Normalise(object? value) => value switch
    {
        null or bool or string or double or decimal or Guid or DateOnly or byte[] => value,
        sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger or Enum => Whole(value),
        float number => (double)number,
        char letter => letter.ToString(),
        DateTime { Kind: DateTimeKind.Unspecified } time => Cut(time),
        DateTime time => new DateTimeOffset(Cut(time)),
        DateTimeOffset time => new DateTimeOffset(Cut(time.DateTime), time.Offset),
        TimeSpan span => TimeSpan.FromTicks(span.Ticks - (((span.Ticks % 10) + 10) % 10)),
        TimeOnly time => new TimeOnly(time.Ticks - (time.Ticks % 10)),
        PyTuple tuple => PyTuple.Create([.. tuple.Select(Normalise)]),
        ValueTuple<object?, object?> pair => PyTuple.Create([Normalise(pair.Item1), Normalise(pair.Item2)]),
        IDictionary dictionary => dictionary.Keys.Cast<object>().ToDictionary(static key => Normalise(key)!, key => Normalise(dictionary[key])),
        FrozenSet<object> set => set.Select(static item => Normalise(item)!).ToFrozenSet(),
        HashSet<object> set => set.Select(static item => Normalise(item)!).ToHashSet(),
        IEnumerable items => items.Cast<object?>().Select(Normalise).ToList(),
        _ => value,
    };

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (decimal a, decimal b) => a == b && a.Scale == b.Scale,
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b)),
        (PyTuple a, PyTuple b) => a.Count == b.Count && a.Zip(b).All(static pair => AreEqual(pair.First, pair.Second)),
        (Dictionary<object, object?> a, Dictionary<object, object?> b) => a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out object? other) && AreEqual(entry.Value, other)),
        (HashSet<object> a, HashSet<object> b) => a.SetEquals(b),
        (FrozenSet<object> a, FrozenSet<object> b) => a.SetEquals(b),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(static pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(left, right),
    };

    public static string Describe(object? value) => value switch
    {
        null => "null",
        string text => "\"" + string.Concat(text.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter.ToString() : $"\\u{(int)letter:x4}")) + "\"",
        IDictionary dictionary => $"{value.GetType().Name} {{{string.Join(", ", dictionary.Keys.Cast<object>().Select(key => $"{Describe(key)}: {Describe(dictionary[key])}"))}}}",
        PyTuple tuple => $"({string.Join(", ", tuple.Select(Describe))})",
        IEnumerable items => $"{value.GetType().Name} [{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
        DateTime time => $"DateTime {time:o} {time.Kind}",
        IFormattable formattable => $"{value.GetType().Name} {formattable.ToString(value is DateTimeOffset or TimeOnly or DateOnly ? "o" : null, CultureInfo.InvariantCulture)}",
        _ => $"{value.GetType().Name} {value}",
    };

    private static object? Atom(Random random) => random.Next(24) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        3 => (byte)random.Next(256),
        4 => (short)random.Next(short.MinValue, short.MaxValue + 1),
        5 => (ushort)random.Next(ushort.MaxValue + 1),
        6 => random.Next(int.MinValue, int.MaxValue),
        7 => (uint)random.NextInt64(uint.MaxValue + 1L),
        8 => Long(random),
        9 => (ulong)Long(random),
        10 => new BigInteger(Long(random)) * Long(random) * (random.Next(2) == 0 ? 1 : Long(random)),
        11 => (float)Double(random),
        12 => Double(random),
        13 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        14 => Text(random),
        15 => (char)random.Next(char.MaxValue + 1),
        16 => Bytes(random),
        17 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks + 1), random.Next(2) == 0 ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        18 => new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(random.Next(-840, 841))),
        19 => TimeSpan.FromTicks(Math.Max(Long(random), -9_223_372_036_854_775_800)), // A part of a microsecond less than the last whole one has no TimeSpan after rounding down.
        20 => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)),
        21 => new TimeOnly(random.NextInt64(TimeSpan.TicksPerDay)),
        22 => new Guid(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray()),
        _ => Odd(random),
    };

    /// <summary>Values without a converter, and rare ones.</summary>
    private static object Odd(Random random) => random.Next(5) switch
    {
        0 => new object(),
        1 => (Half)1,
        2 => new Uri("https://example.org"),
        3 => DayOfWeek.Friday,
        _ => new Version(1, 2),
    };

    /// <summary>Keys that neither side takes for equal: Python holds 1, 1.0 and True for one.</summary>
    private static HashSet<object> Keys(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => random.Next(4) switch
        {
            0 => Text(random) + i,
            1 => (object)(Long(random) | 1L << 40),
            2 => new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            _ => PyTuple.Create(["key", (long)i]),
        })];

    private static long Long(Random random) => random.Next(2) == 0 ? s_edges[random.Next(s_edges.Length)] : random.NextInt64(long.MinValue, long.MaxValue);

    private static double Double(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => -0.0,
        3 => double.Epsilon,
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
    };

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => s_texts[random.Next(s_texts.Length)]));

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }

    [SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "The result is long where the number fits.")]
    private static object Whole(object value)
    {
        BigInteger number = value is BigInteger big ? big
            : value is Enum ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : BigInteger.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            return (long)number;
        }

        return number;
    }

    private static DateTime Cut(DateTime time) => new(time.Ticks - (time.Ticks % 10), time.Kind);
}
