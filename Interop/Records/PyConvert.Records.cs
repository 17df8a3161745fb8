namespace PyAsync.Interop;

public static partial class PyConvert
{
    /// <summary>
    /// Converts a type marked <c>[PyRecord]</c>: a <c>dict</c>, or its Python class; from a <c>dict</c>, any mapping, or any object with the attributes.
    /// None is refused; <see cref="OrNull{T}"/> and <see cref="Nullable{T}"/> accept it. The first conversion throws a
    /// <see cref="MissingConverterException"/> if the type is not marked.
    /// </summary>
    /// <typeparam name="T">The record, class or struct.</typeparam>
    public static PyConverter<T> Record<T>() => RecordConverter<T>.Instance;

    /// <summary>Makes the short forms find a converter, unless another one was registered for its type before.</summary>
    internal static void RegisterUnlessKnown<T>(PyConverter<T> converter)
    {
        Cache<T>.Converter ??= AcceptingNone(converter);
        s_registered.TryAdd(typeof(T), converter);
    }
}
