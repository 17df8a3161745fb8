using System.Globalization;
using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Reads an enum that a signature uses.</summary>
internal static class EnumReader
{
    /// <summary>Reads the enum; null if its name is not a valid name in Python: then it is converted as its number.</summary>
    public static EnumModel? Read(INamedTypeSymbol type)
    {
        if (!PythonNames.IsIdentifier(type.Name))
        {
            return null;
        }

        bool isFlags = ModuleReader.Has(type, "System.FlagsAttribute");
        Dictionary<string, EnumMemberModel> members = [];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue))
        {
            string value = PythonValue(field.ConstantValue!, isFlags), name = NameOf(field.Name);
            while (members.TryGetValue(name, out EnumMemberModel? other) && other.PythonValue != value)
            {
                name += "_"; // C# distinguishes Red from RED.
            }

            members[name] = new EnumMemberModel(name, CSharpValue(field.ConstantValue!), value, DocComment.Of(field, default));
        }

        return new EnumModel(
            type.Name, MemberNames.FullName(type), isFlags, DocComment.Of(type, default), members.Values.ToEquatableArray());
    }

    /// <summary>Writes a default value of an enum: a member if there is one with that value.</summary>
    public static DefaultModel Default(EnumModel type, object value, string csharp)
    {
        string number = PythonValue(value, type.IsFlags);
        return type.Members.FirstOrDefault(member => member.PythonValue == number) is { } member
            ? new DefaultModel(csharp, $"{type.PythonName}.{member.PythonName}")
            : new DefaultModel(csharp, number) { Stub = "..." };
    }

    /// <summary>Converts <c>DarkRed</c> to <c>DARK_RED</c>. Python reserves names with an underscore at each end.</summary>
    private static string NameOf(string name)
    {
        string python = PythonNames.OfConstant(name);
        python = python[0] == '_' ? python.TrimEnd('_') : python;
        return python.Length > 0 ? python : "UNNAMED";
    }

    private static string CSharpValue(object value) => Text(value) + value switch
    {
        long => "L",
        ulong => "UL",
        uint => "U",
        _ => "",
    };

    /// <summary>Writes a number. A negative number of flags is converted to its bits, as in an <c>IntFlag</c>.</summary>
    private static string PythonValue(object value, bool isFlags) => Text(isFlags ? value switch
    {
        sbyte number => unchecked((byte)number),
        short number => unchecked((ushort)number),
        int number => unchecked((uint)number),
        long number => unchecked((ulong)number),
        _ => value,
    } : value);

    private static string Text(object value) => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
}
