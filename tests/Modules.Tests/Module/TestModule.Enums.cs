using PyAsync.Interop;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    /// <summary>The degrees of urgency.</summary>
    public enum Urgency
    {
        /// <summary>Tomorrow will do.</summary>
        Low = 1,
        High = 10,
        Urgent = High,
        VeryLow = -5,
        red = 20,
        Red = 21,
        _private_ = 30,
    }

    [Flags]
    public enum Access
    {
        None,
        Read = 1,
        Write = 2,
        ReadWrite = Read | Write,
        Execute = 4,
        Anything = -1,
    }

    [Flags]
    public enum Bits : long
    {
        First = 1,
        Last = long.MinValue,
    }

    public enum Small : byte
    {
        One = 1,
    }

    public enum Large : ulong
    {
        Most = ulong.MaxValue,
    }

    public enum OfConstant
    {
        Only,
    }

    public enum OfProperty
    {
        Off,
        On,
    }

    public enum OfItems
    {
        First,
        Second,
    }

    [PyConstant]
    public const OfConstant TheOnly = OfConstant.Only;

    [PyFunction]
    public static Urgency Same(Urgency urgency = Urgency.High) => urgency;

    /// <summary>Of any number, with or without such a member.</summary>
    [PyFunction]
    public static Urgency UrgencyOf(int number) => (Urgency)number;

    [PyFunction]
    public static async Task<Urgency> UrgencyLaterAsync(Urgency urgency)
    {
        await Task.Yield();
        return urgency;
    }

    [PyFunction]
    public static Access Combine(Access left, Access right = Access.Read | Access.Execute) => left | right;

    [PyFunction]
    public static int NumberOf(Access access) => (int)access;

    [PyFunction]
    public static (Bits Bits, Small Small, Large Large) Extremes(Bits bits, Small small, Large large) => (bits, small, large);

    [PyFunction]
    public static IReadOnlyDictionary<Urgency, List<DayOfWeek?>> Nested(IReadOnlyDictionary<Urgency, List<DayOfWeek?>> value) => value;

    /// <summary>As <c>object</c>.</summary>
    [PyFunction]
    public static object AnyUrgency(string name) => Enum.Parse<Urgency>(name);

    [PyFunction]
    public static async IAsyncEnumerable<OfItems> Items()
    {
        await Task.Yield();
        yield return OfItems.First;
        yield return OfItems.Second;
    }

    [PyClass]
    public sealed class Switch
    {
        public OfProperty State { get; set; }

        public StringComparison Compare(StringComparison comparison) => comparison;
    }
}
