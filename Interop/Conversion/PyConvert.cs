using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace PyAsync.Interop;

/// <summary>
/// The converters between .NET and Python: single ones as properties, composed ones as methods, and <see cref="For{T}"/>, which composes by reflection.
/// </summary>
public static partial class PyConvert
{
    internal const string NeedsReflection =
        "Finds a converter for the type by reflection. Trimmed or NativeAOT code uses the overload that takes a PyConverter<T>.";

    private static readonly NoneConverter s_none = new();

    private static readonly ConcurrentDictionary<Type, PyConverter> s_registered = [];

    /// <summary>Gets the converter to <c>None</c>, and from any object: for calls whose result is not needed.</summary>
    public static PyConverter<object?> None => s_none;

    /// <summary><c>bool</c>.</summary>
    public static PyConverter<bool> Boolean { get; } = new BooleanConverter();

    /// <summary><c>int</c>, within 8 bits.</summary>
    public static PyConverter<sbyte> SByte { get; } = new IntegerConverter<sbyte>();

    /// <summary><c>int</c>, within 8 bits without a sign.</summary>
    public static PyConverter<byte> Byte { get; } = new IntegerConverter<byte>();

    /// <summary><c>int</c>, within 16 bits.</summary>
    public static PyConverter<short> Int16 { get; } = new IntegerConverter<short>();

    /// <summary><c>int</c>, within 16 bits without a sign.</summary>
    public static PyConverter<ushort> UInt16 { get; } = new IntegerConverter<ushort>();

    /// <summary><c>int</c>, within 32 bits.</summary>
    public static PyConverter<int> Int32 { get; } = new IntegerConverter<int>();

    /// <summary><c>int</c>, within 32 bits without a sign.</summary>
    public static PyConverter<uint> UInt32 { get; } = new IntegerConverter<uint>();

    /// <summary><c>int</c>, within 64 bits.</summary>
    public static PyConverter<long> Int64 { get; } = new IntegerConverter<long>();

    /// <summary><c>int</c>, within 64 bits without a sign.</summary>
    public static PyConverter<ulong> UInt64 { get; } = new IntegerConverter<ulong>();

    /// <summary><c>int</c> of any size.</summary>
    public static PyConverter<BigInteger> BigInteger { get; } = new BigIntegerConverter();

    /// <summary><c>float</c>.</summary>
    public static PyConverter<double> Double { get; } = new DoubleConverter();

    /// <summary><c>float</c>, rounded to single precision.</summary>
    public static PyConverter<float> Single { get; } = new SingleConverter();

    /// <summary><c>decimal.Decimal</c>; from <c>int</c> too.</summary>
    public static PyConverter<decimal> Decimal { get; } = new DecimalConverter();

    /// <summary><c>str</c>. None is refused; <see cref="OrNull{T}"/> accepts it.</summary>
    public static PyConverter<string> String { get; } = new StringConverter();

    /// <summary>A <c>str</c> of one character.</summary>
    public static PyConverter<char> Char { get; } = new CharConverter();

    /// <summary><c>bytes</c>; from <c>bytearray</c> and <c>memoryview</c> too. None is refused; <see cref="OrNull{T}"/> accepts it.</summary>
    public static PyConverter<byte[]> Bytes { get; } = new BytesConverter();

    /// <summary><c>bytes</c>, as memory.</summary>
    public static PyConverter<ReadOnlyMemory<byte>> ByteMemory { get; } = new ByteMemoryConverter();

    /// <summary><c>datetime.datetime</c>: unspecified is naive, UTC and local are aware; an aware one comes back in UTC.</summary>
    public static PyConverter<DateTime> DateTime { get; } = new DateTimeConverter();

    /// <summary>An aware <c>datetime.datetime</c>.</summary>
    public static PyConverter<DateTimeOffset> DateTimeOffset { get; } = new DateTimeOffsetConverter();

    /// <summary><c>datetime.timedelta</c>.</summary>
    public static PyConverter<TimeSpan> TimeSpan { get; } = new TimeSpanConverter();

    /// <summary><c>datetime.date</c>.</summary>
    public static PyConverter<DateOnly> DateOnly { get; } = new DateOnlyConverter();

    /// <summary>A <c>datetime.time</c> without a zone.</summary>
    public static PyConverter<TimeOnly> TimeOnly { get; } = new TimeOnlyConverter();

    /// <summary><c>uuid.UUID</c>.</summary>
    public static PyConverter<Guid> Guid { get; } = new GuidConverter();

    /// <summary>The object itself, which belongs to the caller; null is <c>None</c>.</summary>
    public static PyConverter<PyObject> PyObject { get; } = new PyObjectConverter();

    /// <summary>
    /// Gets the converter by the type of the value: None, bool, int (as long or BigInteger), float, str, bytes, the times, Decimal, UUID, list, tuple
    /// (as <see cref="PyTuple"/>), set, frozenset and dict become .NET values, other objects stay a <see cref="Interop.PyObject"/>. Converting back
    /// gives an equal Python value.
    /// </summary>
    public static PyConverter<object?> Object { get; } = new ObjectConverter();

    // Below the properties that it lists: static initialisers run from top to bottom.
    private static readonly Dictionary<Type, PyConverter> s_builtin = ByType(
    [
        Boolean, SByte, Byte, Int16, UInt16, Int32, UInt32, Int64, UInt64, BigInteger, Double, Single, Decimal, String, Char,
        Bytes, ByteMemory, DateTime, DateTimeOffset, TimeSpan, DateOnly, TimeOnly, Guid, PyObject, Object,
    ]);

    /// <summary>
    /// Converts an enum to its number, or to the member of its Python class if it is in the signatures of an imported module. A number that the enum
    /// does not define is refused, unless the enum has flags.
    /// </summary>
    public static PyConverter<TEnum> Enum<TEnum>()
        where TEnum : struct, Enum => new EnumConverter<TEnum>();

    /// <summary>Converts an object of a C# class that is also a Python class (<c>[PyClass]</c>). None is refused; <see cref="OrNull{T}"/> accepts it.</summary>
    public static PyConverter<T> Class<T>()
        where T : class => new ClassConverter<T>();

    /// <summary>Converts the value, or null as <c>None</c>.</summary>
    public static PyConverter<T?> Nullable<T>(PyConverter<T> inner)
        where T : struct => new NullableConverter<T>(Given(inner));

    /// <summary>Converts the value, or null as <c>None</c>. Converters of reference types alone refuse <c>None</c>, because their type is not nullable.</summary>
    public static PyConverter<T?> OrNull<T>(PyConverter<T> inner)
        where T : class => new OrNullConverter<T>(Given(inner))!;

    /// <summary><c>list</c>; from any iterable except text, bytes and mappings.</summary>
    public static PyConverter<List<T>> List<T>(PyConverter<T> item) => new ListConverter<List<T>, T>(Given(item), static list => list);

    /// <summary><c>list</c>, as an array.</summary>
    public static PyConverter<T[]> Array<T>(PyConverter<T> item) => new ListConverter<T[], T>(Given(item), static list => list.ToArray());

    /// <summary><c>list</c>, as a read-only list.</summary>
    public static PyConverter<IReadOnlyList<T>> ReadOnlyList<T>(PyConverter<T> item) => new ListConverter<IReadOnlyList<T>, T>(Given(item), static list => list);

    /// <summary><c>list</c>, as a list of any kind.</summary>
    public static PyConverter<IList<T>> IList<T>(PyConverter<T> item) => new ListConverter<IList<T>, T>(Given(item), static list => list);

    /// <summary><c>list</c>, as a collection.</summary>
    public static PyConverter<ICollection<T>> ICollection<T>(PyConverter<T> item) => new ListConverter<ICollection<T>, T>(Given(item), static list => list);

    /// <summary><c>list</c>, as an enumerable.</summary>
    public static PyConverter<IEnumerable<T>> Enumerable<T>(PyConverter<T> item) => new ListConverter<IEnumerable<T>, T>(Given(item), static list => list);

    /// <summary><c>list</c>, as a read-only collection.</summary>
    public static PyConverter<IReadOnlyCollection<T>> ReadOnlyCollection<T>(PyConverter<T> item) => new ListConverter<IReadOnlyCollection<T>, T>(Given(item), static list => list);

    /// <summary><c>set</c>; from <c>frozenset</c> too.</summary>
    public static PyConverter<HashSet<T>> Set<T>(PyConverter<T> item) => new SetConverter<HashSet<T>, T>(Given(item), static set => set);

    /// <summary><c>set</c>, as a set of any kind.</summary>
    public static PyConverter<ISet<T>> ISet<T>(PyConverter<T> item) => new SetConverter<ISet<T>, T>(Given(item), static set => set);

    /// <summary><c>set</c>, as a read-only set.</summary>
    public static PyConverter<IReadOnlySet<T>> ReadOnlySet<T>(PyConverter<T> item) => new SetConverter<IReadOnlySet<T>, T>(Given(item), static set => set);

    /// <summary><c>dict</c>; from any object with <c>items()</c>.</summary>
    public static PyConverter<Dictionary<TKey, TValue>> Dictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull =>
        new DictionaryConverter<Dictionary<TKey, TValue>, TKey, TValue>(Given(key), Given(value), static dictionary => dictionary);

    /// <summary><c>dict</c>, as a dictionary of any kind.</summary>
    public static PyConverter<IDictionary<TKey, TValue>> IDictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull =>
        new DictionaryConverter<IDictionary<TKey, TValue>, TKey, TValue>(Given(key), Given(value), static dictionary => dictionary);

    /// <summary><c>dict</c>, as a read-only dictionary.</summary>
    public static PyConverter<IReadOnlyDictionary<TKey, TValue>> ReadOnlyDictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull =>
        new DictionaryConverter<IReadOnlyDictionary<TKey, TValue>, TKey, TValue>(Given(key), Given(value), static dictionary => dictionary);

    /// <summary>A <c>tuple</c> of one.</summary>
    public static PyConverter<ValueTuple<T1>> Tuple<T1>(PyConverter<T1> item1) => new TupleConverter<T1>(Given(item1));

    /// <summary>A <c>tuple</c> of two.</summary>
    public static PyConverter<(T1 First, T2 Second)> Tuple<T1, T2>(PyConverter<T1> item1, PyConverter<T2> item2) =>
        new TupleConverter<T1, T2>(Given(item1), Given(item2));

    /// <summary>A <c>tuple</c> of three.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third)> Tuple<T1, T2, T3>(PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3) =>
        new TupleConverter<T1, T2, T3>(Given(item1), Given(item2), Given(item3));

    /// <summary>A <c>tuple</c> of four.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third, T4 Fourth)> Tuple<T1, T2, T3, T4>(
        PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4) =>
        new TupleConverter<T1, T2, T3, T4>(Given(item1), Given(item2), Given(item3), Given(item4));

    /// <summary>A <c>tuple</c> of five.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third, T4 Fourth, T5 Fifth)> Tuple<T1, T2, T3, T4, T5>(
        PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5) =>
        new TupleConverter<T1, T2, T3, T4, T5>(Given(item1), Given(item2), Given(item3), Given(item4), Given(item5));

    /// <summary>A <c>tuple</c> of six.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third, T4 Fourth, T5 Fifth, T6 Sixth)> Tuple<T1, T2, T3, T4, T5, T6>(
        PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6) =>
        new TupleConverter<T1, T2, T3, T4, T5, T6>(Given(item1), Given(item2), Given(item3), Given(item4), Given(item5), Given(item6));

    /// <summary>A <c>tuple</c> of seven.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third, T4 Fourth, T5 Fifth, T6 Sixth, T7 Seventh)> Tuple<T1, T2, T3, T4, T5, T6, T7>(
        PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7) =>
        new TupleConverter<T1, T2, T3, T4, T5, T6, T7>(Given(item1), Given(item2), Given(item3), Given(item4), Given(item5), Given(item6), Given(item7));

    /// <summary>
    /// Gets the converter for a type: a registered one, one of the properties here, or one composed of them by reflection. It converts <c>None</c> to null
    /// for each reference type, because <c>string</c> and <c>string?</c> are one type at run time.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no converter for the type, or for one that it is composed of.</exception>
    [RequiresDynamicCode(NeedsReflection)]
    [RequiresUnreferencedCode(NeedsReflection)]
    public static PyConverter<T> For<T>() => Cache<T>.Converter ??= ConverterComposer.Compose<T>();

    /// <summary>
    /// Registers a converter, which the short forms then use for its type instead of any other, and <see cref="Object"/> for values of that type and of
    /// derived classes that go to Python. Call it before they are first used.
    /// </summary>
    public static void Register<T>(PyConverter<T> converter)
    {
        Cache<T>.Converter = Given(converter);
        s_registered[typeof(T)] = converter;
    }

    /// <summary>
    /// Gets the converter for a type that is known at run time: a registered one for the type or the nearest base, or a built-in one; null if there is none.
    /// </summary>
    internal static PyConverter? ForRuntimeType(Type type)
    {
        if (!s_registered.IsEmpty)
        {
            for (Type? current = type; current is not null; current = current.BaseType)
            {
                if (s_registered.TryGetValue(current, out PyConverter? registered))
                {
                    return registered;
                }
            }
        }

        return Builtin(type) is { } builtin and not ObjectConverter ? builtin : null;
    }

    /// <summary>Gets the converter for a type that is not composed; null for others.</summary>
    internal static PyConverter? Builtin(Type type) =>
        s_builtin.TryGetValue(type, out PyConverter? found) ? found : FindJson?.Invoke(type);

    /// <summary>Gets the converter that was registered or used before for a type; null if there is none yet.</summary>
    internal static PyConverter<T>? Known<T>() => Cache<T>.Converter;

    private static Dictionary<Type, PyConverter> ByType(PyConverter[] converters)
    {
        var byType = new Dictionary<Type, PyConverter>(converters.Length);
        foreach (PyConverter converter in converters)
        {
            byType.Add(converter.Type, converter);
        }

        return byType;
    }

    private static PyConverter<T> Given<T>(PyConverter<T> converter) =>
        converter ?? throw new ArgumentNullException(nameof(converter));

    /// <summary>Makes a converter accept <c>None</c>, unless it does so already or its type has no null.</summary>
    internal static PyConverter<T> AcceptingNone<T>(PyConverter<T> converter) =>
        converter is INonNullConverter && !typeof(T).IsValueType ? new OrNullConverter<T>(converter) : converter;

    // Converters hold no Python object, so one per process suffices even if the interpreter changed.
    private static class Cache<T>
    {
        internal static PyConverter<T>? Converter { get; set; } = Builtin(typeof(T)) is PyConverter<T> builtin ? AcceptingNone(builtin) : null;
    }
}
