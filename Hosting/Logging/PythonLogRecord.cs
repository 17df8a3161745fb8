using System.Collections;

namespace PyAsync.Logging;

/// <summary>The state of a log entry that Python's <c>logging</c> has made, for providers that keep its values.</summary>
/// <param name="Message">The message, with its arguments.</param>
/// <param name="Template">The message as the code has it: <c>"order %s"</c>.</param>
/// <param name="File">The file of the call.</param>
/// <param name="Line">Its line.</param>
/// <param name="Function">Its function.</param>
/// <param name="Extra">The attributes of <c>extra=</c>.</param>
internal sealed record PythonLogRecord(string Message, string Template, string File, int Line, string Function, KeyValuePair<string, object?>[] Extra)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 4 + Extra.Length;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("code.file.path", File),
        1 => new("code.line.number", Line),
        2 => new("code.function.name", Function),
        _ when index >= 3 && index < Count - 1 => Extra[index - 3],
        _ when index == Count - 1 => new("{OriginalFormat}", Template),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => Message;
}
