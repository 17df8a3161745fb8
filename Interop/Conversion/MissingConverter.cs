using System.Buffers;
using System.Threading.Channels;

namespace PyAsync.Conversion;

/// <summary>Gives advice for a type that has no converter, if another call makes a Python object of it.</summary>
internal static class MissingConverter
{
    /// <summary>Gets the advice; null if there is none.</summary>
    public static string? Advice(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() > 1
                ? $"Only arrays of rank 1 are converted, and this one has rank {type.GetArrayRank()}: use an array of arrays."
                : null;
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return "Make a Python function of a delegate: runtime.FunctionIntoPy for an asynchronous one, PyFunction.Create for a synchronous one.";
        }

        Type open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (typeof(Task).IsAssignableFrom(type) || open == typeof(ValueTask<>) || type == typeof(ValueTask))
        {
            return "Make a Python awaitable of a task with runtime.FutureIntoPy; a Python awaitable becomes a task with runtime.IntoFuture.";
        }

        if (open == typeof(Memory<>) || open == typeof(ReadOnlyMemory<>) || Interfaces.Has(type, typeof(IMemoryOwner<>)))
        {
            return "Pass the converter of Python's memory, PyConvert.Buffer<T>() or PyConvert.ReadOnlyBuffer<T>(); make a memoryview of .NET's memory with PyObject.FromMemory.";
        }

        if (typeof(Stream).IsAssignableFrom(type))
        {
            return "Make asyncio's streams of a .NET stream with runtime.StreamIntoPy; they become a .NET stream with runtime.IntoStream.";
        }

        if (IsOrDerivesFrom(type, typeof(ChannelReader<>)) || IsOrDerivesFrom(type, typeof(ChannelWriter<>)) || IsOrDerivesFrom(type, typeof(Channel<,>)))
        {
            return "Make a Python queue of a channel with runtime.ChannelIntoPy; a Python queue becomes a channel with runtime.IntoChannelReader or runtime.IntoChannelWriter.";
        }

        return open == typeof(IAsyncEnumerable<>) || Interfaces.Has(type, typeof(IAsyncEnumerable<>))
            ? "Make a Python async iterator of a stream with runtime.AsyncEnumerableIntoPy; a Python one becomes a stream with runtime.IntoAsyncEnumerable."
            : null;
    }

    private static bool IsOrDerivesFrom(Type type, Type open)
    {
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == open)
            {
                return true;
            }
        }

        return false;
    }
}
