using System.ComponentModel;

namespace PyAsync.Interop;

/// <summary>One member of an enum, for generated code.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
/// <param name="Value">The member.</param>
/// <param name="Text">Its text in Python.</param>
/// <param name="Name">Its name in a Python <c>Enum</c>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct EnumMember<TEnum>(TEnum Value, string Text, string Name)
    where TEnum : struct, Enum;
