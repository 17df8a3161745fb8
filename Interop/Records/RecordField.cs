using System.ComponentModel;

namespace PyAsync.Interop;

/// <summary>One field of a record, for generated code.</summary>
/// <param name="Name">Its name in Python.</param>
/// <param name="Member">The name of the C# member.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct RecordField(string Name, string Member);
