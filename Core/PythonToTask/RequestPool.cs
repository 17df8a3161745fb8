namespace PyAsync;

/// <summary>Keeps requests whose Tasks are completed, for reuse by later calls.</summary>
internal static class RequestPool<T>
{
    // One for each thread: the continuation of an await, which makes the next call, runs on the thread that has just completed the request.
    [ThreadStatic]
    private static AwaitableToTask<T>? t_free;

    // One for all threads: a Task that is completed before it is awaited leaves its request with the thread that completed it, while another thread
    // makes the next call.
    private static AwaitableToTask<T>? s_free;

    public static AwaitableToTask<T>? Take()
    {
        // The shared one first, so that there is room for the next one. A read before the exchange: in a burst the field is null, and an exchange would
        // take its cache line from the other threads.
        if (s_free is not null && Interlocked.Exchange(ref s_free, null) is { } shared)
        {
            return shared;
        }

        AwaitableToTask<T>? own = t_free;
        t_free = null;
        return own;
    }

    public static void Return(AwaitableToTask<T> request)
    {
        if (t_free is null)
        {
            t_free = request;
        }
        else if (s_free is null)
        {
            // If two threads do this concurrently, one of the two requests is dropped.
            Volatile.Write(ref s_free, request);
        }
    }
}
