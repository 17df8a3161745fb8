namespace PyAsync.Objects;

/// <summary>
/// Reports to .NET's garbage collector how much memory the large Python objects have that C# code holds. Only steps are reported: code that disposes
/// its objects stays within one step, and causes no collection.
/// </summary>
internal static class UndisposedMemory
{
    private const long Step = 16 * 1024 * 1024;

    private static long s_held;
    private static long s_reported;

    public static void Add(long bytes)
    {
        long held = Interlocked.Add(ref s_held, bytes), reported = Volatile.Read(ref s_reported);
        if (held - reported < Step)
        {
            return;
        }

        long next = held / Step * Step;
        if (next > reported && Interlocked.CompareExchange(ref s_reported, next, reported) == reported)
        {
            GC.AddMemoryPressure(next - reported);
        }
    }

    public static void Remove(long bytes)
    {
        long held = Interlocked.Add(ref s_held, -bytes), reported = Volatile.Read(ref s_reported);
        if (reported - held < Step)
        {
            return;
        }

        long next = (held + Step - 1) / Step * Step;
        if (next < reported && Interlocked.CompareExchange(ref s_reported, next, reported) == reported)
        {
            GC.RemoveMemoryPressure(reported - next);
        }
    }
}
