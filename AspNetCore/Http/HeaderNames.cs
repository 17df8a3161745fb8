using System.Collections.Concurrent;
using System.Text;

namespace PyAsync.Http;

/// <summary>
/// Finds the strings of a response's headers, so that repeated ones are not created again: all names, and the values of headers that hold no secrets and repeat.
/// From any thread.
/// </summary>
internal static class HeaderNames
{
    private static readonly Strings s_names = new();
    private static readonly Strings s_values = new();

    private static readonly HashSet<string> s_repeated = new(StringComparer.OrdinalIgnoreCase)
    {
        "access-control-allow-origin", "cache-control", "content-encoding", "content-type", "server", "vary", "x-content-type-options",
    };

    /// <summary>Gets a name.</summary>
    public static string Get(ReadOnlySpan<byte> name) => s_names.Find(name);

    /// <summary>Gets a value.</summary>
    public static string GetValue(string name, ReadOnlySpan<byte> value) =>
        s_repeated.Contains(name) ? s_values.Find(value) : Encoding.Latin1.GetString(value);

    /// <summary>A bounded set of strings.</summary>
    private sealed class Strings
    {
        private const int MaxStrings = 256;
        private const int MaxLength = 64;

        private readonly ConcurrentDictionary<string, string> _strings;
        private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _byText;
        private int _count;

        public Strings()
        {
            _strings = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
            _byText = _strings.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public string Find(ReadOnlySpan<byte> text)
        {
            if (text.Length > MaxLength)
            {
                return Encoding.Latin1.GetString(text);
            }

            Span<char> characters = stackalloc char[MaxLength];
            characters = characters[..Encoding.Latin1.GetChars(text, characters)];
            if (_byText.TryGetValue(characters, out string? found))
            {
                return found;
            }

            string made = characters.ToString();
            if (Volatile.Read(ref _count) < MaxStrings && _strings.TryAdd(made, made))
            {
                Interlocked.Increment(ref _count);
            }

            return made;
        }
    }
}
