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

        return open == typeof(IAsyncEnumerable<>) || Interfaces.Has(type, typeof(IAsyncEnumerable<>))
            ? "Make a Python async iterator of a stream with runtime.AsyncEnumerableIntoPy; a Python one becomes a stream with runtime.IntoAsyncEnumerable."
            : null;
    }
}
