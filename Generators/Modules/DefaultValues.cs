using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PyAsync.Generators.Modules;

/// <summary>Writes a parameter's default value in C# and for a Python signature.</summary>
internal static class DefaultValues
{
    /// <param name="parameter">The parameter.</param>
    /// <param name="mapped">Its type.</param>
    public static DefaultModel? Of(IParameterSymbol parameter, TypeModel mapped)
    {
        if (!parameter.HasExplicitDefaultValue)
        {
            return null;
        }

        object? value = parameter.ExplicitDefaultValue;
        string type = MemberNames.FullName(parameter.Type);
        bool isStruct = parameter.Type is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T };
        if (value is null)
        {
            return new DefaultModel($"default({type})", "None", isStruct);
        }

        if (mapped.Enums.FirstOrDefault() is { } number)
        {
            return EnumReader.Default(number, value, CSharp(value, type));
        }

        if (EnumTexts.Of(parameter.Type, value) is { } text)
        {
            return new DefaultModel(CSharp(value, type), Quote(text));
        }

        // A value without a literal, such as a decimal or NaN, is passed as None, as in Python's own functions.
        return Python(value) is { } literal ? new DefaultModel(CSharp(value, type), literal)
            : isStruct ? new DefaultModel(CSharp(value, type), "None", IsStandIn: true)
            : new DefaultModel(CSharp(value, type), "...");
    }

    private static string CSharp(object value, string type) => value switch
    {
        int number when type == "int" => number.ToString(CultureInfo.InvariantCulture),
        bool or string or char => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)!,
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        double d => d.ToString("R", CultureInfo.InvariantCulture) + "d",
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",

        // A decimal, an enum, a smaller number, a nullable: the literal needs a cast.
        IFormattable number => $"({type})({number.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture)}{Suffix(value)})",
        _ => $"({type}){value}",
    };

    private static string Suffix(object value) => value switch
    {
        float => "f",
        decimal => "m",
        ulong => "UL",
        long => "L",
        _ => "",
    };

    /// <summary>Gets the Python literal; null if there is none.</summary>
    private static string? Python(object value) => value switch
    {
        bool b => b ? "True" : "False",
        string s => Quote(s),
        char c => Quote(c.ToString()),
        double d => Float(d),
        float f => Float(f),
        decimal => null,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? Float(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return null;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Any(static c => c is '.' or 'E') ? text : text + ".0";
    }

    /// <summary>Gets a Python string literal with only ASCII characters.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text)
        {
            _ = c switch
            {
                '\\' or '\'' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                >= ' ' and <= '~' => quoted.Append(c),
                _ => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        return quoted.Append('\'').ToString();
    }
}
