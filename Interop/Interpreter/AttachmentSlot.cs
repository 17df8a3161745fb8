namespace PyAsync.Interop;

/// <summary>Numbers the types of which interpreters keep one object each (<see cref="PythonInterpreter.Attachment{T}"/>).</summary>
internal static class AttachmentSlots
{
    private static int s_count;

    public static int Next() => Interlocked.Increment(ref s_count) - 1;
}

/// <summary>The number of one type.</summary>
internal static class AttachmentSlot<T>
{
    public static readonly int Index = AttachmentSlots.Next();
}
