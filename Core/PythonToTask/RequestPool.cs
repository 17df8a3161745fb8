namespace PyAsync.PythonToTask;

/// <summary>Keeps requests whose Tasks are completed, for reuse by later calls.</summary>
internal static class RequestPool<T>
{
    // One for each thread: the continuation of an await, which makes the next call, runs on the thread that has just completed the request.
    [ThreadStatic]
    private static AwaitableToTask<T>? t_free;

    public static AwaitableToTask<T>? Take()
    {
        AwaitableToTask<T>? own = t_free;
        t_free = null;
        return own;
    }

    public static void Return(AwaitableToTask<T> request) => t_free ??= request;
}
