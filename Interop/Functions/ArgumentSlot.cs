using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>Space for one bound argument. Generated code allocates it on the stack.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ArgumentSlot : IEquatable<ArgumentSlot>
{
    /// <summary>Gets the argument, borrowed for the call; 0 if it was not passed. <see cref="CallSignature.Bind"/> writes it.</summary>
    internal nint Pointer { get; }

    /// <inheritdoc/>
    public bool Equals(ArgumentSlot other) => Pointer == other.Pointer;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ArgumentSlot other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Pointer.GetHashCode();

    /// <summary>True if both hold the same object.</summary>
    public static bool operator ==(ArgumentSlot left, ArgumentSlot right) => left.Equals(right);

    /// <summary>True if they hold different objects.</summary>
    public static bool operator !=(ArgumentSlot left, ArgumentSlot right) => !left.Equals(right);
}
