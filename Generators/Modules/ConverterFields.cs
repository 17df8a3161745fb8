using System.Text;
using System.Text.RegularExpressions;

namespace PyAsync.Generators.Modules;

/// <summary>The converters that a module's code uses: simple ones by their names, composed ones created once and kept in a field.</summary>
internal sealed class ConverterFields
{
    private readonly Dictionary<string, (string Field, TypeModel Type)> _fields = [];

    /// <summary>Gets the expression for a type's converter.</summary>
    public string Use(TypeModel type)
    {
        if (type.Converter.IndexOf('(') < 0)
        {
            return type.Converter;
        }

        if (!_fields.TryGetValue(type.Converter, out (string Field, TypeModel Type) known))
        {
            known = (Unused(FieldName(type.Converter)), type);
            _fields[type.Converter] = known;
        }

        return known.Field;
    }

    public void Emit(SourceWriter writer)
    {
        foreach (KeyValuePair<string, (string Field, TypeModel Type)> entry in _fields)
        {
            writer.Line($"private static readonly PyConverter<{entry.Value.Type.CSharp}> {entry.Value.Field} = {entry.Key};");
        }

        if (_fields.Count > 0)
        {
            writer.Line();
        }
    }

    /// <summary><c>PyConvert.List(PyConvert.Int32)</c> is kept in <c>s_listInt32</c>.</summary>
    private static string FieldName(string converter)
    {
        var name = new StringBuilder("s_");
        string withoutNamespaces = Regex.Replace(converter.Replace("global::", ""), @"([\w@]+\.)+", "");
        foreach (string word in Regex.Split(withoutNamespaces, @"\W+"))
        {
            if (word.Length > 0)
            {
                name.Append(name.Length == 2 ? char.ToLowerInvariant(word[0]) : word[0]).Append(word.Substring(1));
            }
        }

        return name.ToString();
    }

    private string Unused(string name)
    {
        string unused = name;
        for (int i = 2; _fields.Values.Any(field => field.Field == unused); i++)
        {
            unused = name + i;
        }

        return unused;
    }
}
