using System.Text;

namespace PyAsync.Tool.Binding.Writing;

/// <summary>Writes lines of code.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>Writes an empty line between two members: not after the opening brace.</summary>
    public void Separate()
    {
        if (_text.Length > 1 && !(_text[^1] == '\n' && _text[^2] is '{' or '\n'))
        {
            Line();
        }
    }

    public void Open()
    {
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public override string ToString() => _text.ToString();
}
