using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PyAsync.Conversion;
using PyAsync.Interop;

namespace PyAsync.Values;

/// <summary>Composes the converters of Tasks, streams and delegates, by reflection. The runtime is that of the call.</summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
internal static class RuntimeValueComposer
{
    private static readonly Dictionary<Type, Type> s_converters = new()
    {
        [typeof(Task<>)] = typeof(TaskConverter<>),
        [typeof(ValueTask<>)] = typeof(ValueTaskConverter<>),
        [typeof(IAsyncEnumerable<>)] = typeof(StreamConverter<>),
    };

    /// <summary>Composes a converter; null for any other type.</summary>
    public static PyConverter? Compose(Type type)
    {
        if (type == typeof(Task))
        {
            return new TaskConverter(null);
        }

        if (type == typeof(ValueTask))
        {
            return new ValueTaskConverter(null);
        }

        if (type.IsGenericType && s_converters.TryGetValue(type.GetGenericTypeDefinition(), out Type? open))
        {
            Type argument = type.GetGenericArguments()[0];
            return (PyConverter)Activator.CreateInstance(open.MakeGenericType(argument), [null, For(argument)])!;
        }

        return typeof(Delegate).IsAssignableFrom(type) && type.GetMethod(nameof(Action.Invoke)) is not null
            ? (PyConverter)Activator.CreateInstance(typeof(DelegateConverter<>).MakeGenericType(type), [new DelegateValue(type)])!
            : null;
    }

    /// <summary>Composes the converter of a value by its type at run time: that of its Task, stream or delegate type; null for any other value.</summary>
    public static PyConverter? ComposeForValue(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type) || !type.IsClass)
        {
            return Compose(type) ?? ComposeStream(type);
        }

        // The Task of an async method is of a derived class.
        for (Type? current = type; current is not null && typeof(Task).IsAssignableFrom(current); current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Task<>))
            {
                // VoidTaskResult: the Task has no result.
                return current.GetGenericArguments()[0].IsVisible ? Compose(current) : new TaskConverter(null);
            }
        }

        return typeof(Task).IsAssignableFrom(type) ? new TaskConverter(null) : ComposeStream(type);
    }

    /// <summary>Gets <see cref="PyConvert.For{T}"/> of a type.</summary>
    public static PyConverter For(Type type) =>
        (PyConverter)typeof(PyConvert).GetMethod(nameof(PyConvert.For))!.MakeGenericMethod(type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    private static PyConverter? ComposeStream(Type type) =>
        type.GetInterfaces().FirstOrDefault(static implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)) is { } stream
            ? Compose(stream)
            : null;
}
