namespace PyAsync;

/// <summary>Numbers the types of which each interpreter keeps one object (<see cref="InterpreterState.Attachment{T}"/>).</summary>
internal static class AttachmentSlots
{
    private static int s_count;

    public static int Next() => Interlocked.Increment(ref s_count) - 1;
}

/// <summary>Holds the number of one type.</summary>
internal static class AttachmentSlot<T>
{
    public static readonly int Index = AttachmentSlots.Next();
}
