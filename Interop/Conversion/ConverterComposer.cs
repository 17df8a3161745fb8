using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Composes the converter of a generic type from those of its arguments, by reflection.</summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
[SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "The factories are called by reflection, all in one way.")]
internal static class ConverterComposer
{
    // Each value names a factory method below, by the open type that it serves; the type's arguments become the factory's.
    private static readonly Dictionary<Type, string> s_factories = new()
    {
        [typeof(Nullable<>)] = nameof(Nullable),
        [typeof(List<>)] = nameof(List),
        [typeof(IList<>)] = nameof(IList),
        [typeof(ICollection<>)] = nameof(ICollection),
        [typeof(IEnumerable<>)] = nameof(IEnumerable),
        [typeof(IReadOnlyList<>)] = nameof(IReadOnlyList),
        [typeof(IReadOnlyCollection<>)] = nameof(IReadOnlyCollection),
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(ISet<>)] = nameof(ISet),
        [typeof(IReadOnlySet<>)] = nameof(IReadOnlySet),
        [typeof(Dictionary<,>)] = nameof(Dictionary),
        [typeof(IDictionary<,>)] = nameof(IDictionary),
        [typeof(IReadOnlyDictionary<,>)] = nameof(IReadOnlyDictionary),
        [typeof(PyList<>)] = nameof(ListView),
        [typeof(PyDictionary<,>)] = nameof(DictionaryView),
    };

    private static readonly Type[] s_tupleConverters =
    [
        typeof(TupleConverter<>), typeof(TupleConverter<,>), typeof(TupleConverter<,,>), typeof(TupleConverter<,,,>),
        typeof(TupleConverter<,,,,>), typeof(TupleConverter<,,,,,>), typeof(TupleConverter<,,,,,,>), typeof(TupleConverter<,,,,,,,>),
    ];

    /// <exception cref="NotSupportedException">There is no converter for the type, or for one that it is composed of.</exception>
    public static PyConverter<T> Compose<T>() => (PyConverter<T>)Compose(typeof(T), typeof(T));

    private static PyConverter Compose(Type type, Type whole)
    {
        if (For(type) is { } known)
        {
            return known;
        }

        if (type.IsEnum)
        {
            return Create(nameof(Enum), [type], []);
        }

        if (type.IsArray && type.GetArrayRank() == 1)
        {
            Type element = type.GetElementType()!;
            return Create(nameof(Array), [element], [Compose(element, whole)]);
        }

        if (type.IsGenericType)
        {
            Type[] arguments = type.GetGenericArguments();
            if (s_factories.TryGetValue(type.GetGenericTypeDefinition(), out string? factory))
            {
                return Create(factory, arguments, [.. arguments.Select(argument => Compose(argument, whole))]);
            }

            if (type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) && TryFlatten(ref arguments))
            {
                Type converter = s_tupleConverters[arguments.Length - 1].MakeGenericType(arguments);
                return (PyConverter)Activator.CreateInstance(converter, [.. arguments.Select(argument => (object)Compose(argument, whole))])!;
            }
        }

        if (RuntimeValues.Compose?.Invoke(type) is { } ofRuntime)
        {
            return ofRuntime;
        }

        throw ConversionErrors.NoConverter(type, type == whole ? "" : $" (part of {ConversionErrors.Name(whole)})");
    }

    /// <summary>Gets the registered or built-in converter for a type. Records are registered when the initialiser of their module runs.</summary>
    private static PyConverter? For(Type type)
    {
        if (Known(type) is { } known)
        {
            return known;
        }

        RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
        return Known(type);
    }

    private static PyConverter? Known(Type type) =>
        (PyConverter?)typeof(PyConvert).GetMethod(nameof(PyConvert.Known), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, null);

    /// <summary>Replaces the last argument of a tuple of eight, a tuple of one, by its item; returns false for a longer tuple.</summary>
    private static bool TryFlatten(ref Type[] arguments)
    {
        if (arguments.Length < s_tupleConverters.Length)
        {
            return true;
        }

        Type rest = arguments[^1];
        if (!rest.IsGenericType || rest.GetGenericTypeDefinition() != typeof(ValueTuple<>))
        {
            return false;
        }

        arguments = [.. arguments[..^1], rest.GetGenericArguments()[0]];
        return true;
    }

    private static PyConverter Create(string factory, Type[] types, object[] arguments) =>
        (PyConverter)typeof(ConverterComposer).GetMethod(factory, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(types).Invoke(null, arguments)!;

    private static PyConverter Enum<T>()
        where T : struct, Enum => PyConvert.Enum<T>();

    private static PyConverter Nullable<T>(PyConverter<T> item)
        where T : struct => PyConvert.Nullable(item);

    private static PyConverter Array<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.Array(item));

    private static PyConverter List<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.List(item));

    private static PyConverter IList<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.IList(item));

    private static PyConverter ICollection<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ICollection(item));

    private static PyConverter IEnumerable<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.Enumerable(item));

    private static PyConverter IReadOnlyList<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ReadOnlyList(item));

    private static PyConverter IReadOnlyCollection<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ReadOnlyCollection(item));

    private static PyConverter ListView<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ListView(item));

    private static PyConverter HashSet<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.Set(item));

    private static PyConverter ISet<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ISet(item));

    private static PyConverter IReadOnlySet<T>(PyConverter<T> item) => PyConvert.AcceptingNone(PyConvert.ReadOnlySet(item));

    private static PyConverter Dictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull => PyConvert.AcceptingNone(PyConvert.Dictionary(key, value));

    private static PyConverter DictionaryView<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull => PyConvert.AcceptingNone(PyConvert.DictionaryView(key, value));

    private static PyConverter IDictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull => PyConvert.AcceptingNone(PyConvert.IDictionary(key, value));

    private static PyConverter IReadOnlyDictionary<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull => PyConvert.AcceptingNone(PyConvert.ReadOnlyDictionary(key, value));
}
