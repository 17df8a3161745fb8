using System.ComponentModel;

namespace PyAsync.Interop;

/// <summary>The fields and options of a record, for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordShape
{
    /// <summary>Creates the shape of a record.</summary>
    /// <param name="fields">Its fields, in the order of their indices.</param>
    /// <param name="pythonClass">The class that it becomes in Python, as <c>module:Class</c>; null for a <c>dict</c>.</param>
    /// <param name="refusesUnknown">True if a Python value with another field is refused.</param>
    /// <param name="omitsNull">True if fields whose value is null are left out in Python.</param>
    public RecordShape(IReadOnlyList<RecordField> fields, string? pythonClass = null, bool refusesUnknown = false, bool omitsNull = false)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        PythonClass = pythonClass;
        RefusesUnknown = refusesUnknown;
        OmitsNull = omitsNull;
        Names = Array.ConvertAll(Fields, static field => field.Name);
    }

    internal RecordField[] Fields { get; }

    /// <summary>Gets the names of the fields.</summary>
    internal string[] Names { get; }

    internal string? PythonClass { get; }

    internal bool RefusesUnknown { get; }

    internal bool OmitsNull { get; }

    /// <summary>True if there is a field of that name.</summary>
    internal bool Has(string name) => Array.IndexOf(Names, name) >= 0;

    /// <summary>Gets the position of a field, for messages about its value.</summary>
    internal string Position(int index) => $"field '{Fields[index].Name}'";
}
