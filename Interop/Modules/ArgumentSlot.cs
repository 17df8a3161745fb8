namespace PyAsync.Interop;

/// <summary>Room for one bound argument: generated code makes it on the stack.</summary>
public readonly struct ArgumentSlot : IEquatable<ArgumentSlot>
{
    internal ArgumentSlot(nint pointer) => Pointer = pointer;

    /// <summary>The argument, borrowed for the call; 0 when it was not passed.</summary>
    internal nint Pointer { get; }

    /// <inheritdoc/>
    public bool Equals(ArgumentSlot other) => Pointer == other.Pointer;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ArgumentSlot other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Pointer.GetHashCode();

    /// <summary>Whether both hold the same object.</summary>
    public static bool operator ==(ArgumentSlot left, ArgumentSlot right) => left.Equals(right);

    /// <summary>Whether they hold different objects.</summary>
    public static bool operator !=(ArgumentSlot left, ArgumentSlot right) => !left.Equals(right);
}
