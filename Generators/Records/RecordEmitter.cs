namespace PyAsync.Generators.Records;

/// <summary>Writes the code of a record: a class that reads and writes its fields, and registers itself when the assembly is loaded.</summary>
internal static class RecordEmitter
{
    public static string Emit(RecordModel record)
    {
        // Written first, because only afterwards the used converters are known; the converters are placed before it.
        var converters = new ConverterFields();
        var members = new SourceWriter();
        members.Indent();
        EmitRead(members, record, converters);
        members.Line();
        EmitWrite(members, record, converters);
        EmitAccessors(members, record);

        var writer = new SourceWriter();
        writer.CodeHead(usesModules: false);
        writer.Line($"/// <summary>Converts <see cref=\"{record.CSharpName}\"/>.</summary>");
        writer.Open($"internal sealed class {record.EmittedName} : RecordCode<{record.CSharpName}>");
        converters.Emit(writer);
        EmitConstructor(writer, record);
        writer.Line();
        EmitInitializer(writer, $"new {record.EmittedName}().Register();");
        writer.Line();
        return $"{writer}{members}}}\n";
    }

    public static string Emit(EnumFormModel type)
    {
        var writer = new SourceWriter();
        writer.CodeHead(usesModules: false);
        writer.Line($"/// <summary>Registers how <see cref=\"{type.CSharpName}\"/> is converted.</summary>");
        writer.Open($"internal static class {type.EmittedName}");
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Open("internal static void Initialize()");
        writer.Line($"new EnumCode<{type.CSharpName}>(");
        writer.Indent();
        writer.Line($"isByName: {SourceWriter.Literal(type.IsByName)},");
        writer.Line($"pythonClass: {SourceWriter.Literal(type.PythonClass)},");
        writer.Items(
            type.Members.Select(member => $"new({type.CSharpName}.{member.CSharpName}, {SourceWriter.Literal(member.Text)}, {SourceWriter.Literal(member.PythonName)})"), ").Register();");
        writer.Outdent();
        writer.Close();
        writer.Close();
        return writer.ToString();
    }

    private static void EmitConstructor(SourceWriter writer, RecordModel record)
    {
        writer.Line($"private {record.EmittedName}()");
        writer.Indent();
        writer.Line(": base(new RecordShape(");
        writer.Indent();
        writer.Line($"[{string.Join(", ", record.Members.Select(static member => $"new({SourceWriter.Literal(member.PythonName)}, {SourceWriter.Literal(member.CSharpName.TrimStart('@'))})"))}],");
        writer.Line($"pythonClass: {SourceWriter.Literal(record.PythonClass)},");
        writer.Line($"refusesUnknown: {SourceWriter.Literal(record.RefusesUnknown)},");
        writer.Line($"omitsNull: {SourceWriter.Literal(record.OmitsNull)}))");
        writer.Outdent();
        writer.Outdent();
        writer.Line("{");
        writer.Line("}");
    }

    private static void EmitInitializer(SourceWriter writer, string statement)
    {
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Line($"internal static void Initialize() => {statement}");
    }

    private static void EmitRead(SourceWriter writer, RecordModel record, ConverterFields converters)
    {
        writer.Open($"public override {record.CSharpName} Read(RecordReader reader)");
        List<string> arguments = [], initializers = [];
        for (int i = 0; i < record.Members.Length; i++)
        {
            RecordMember member = record.Members[i];
            if (member.Role is MemberRole.Optional or MemberRole.OptionalInit)
            {
                continue;
            }

            string read = member.Default is null
                ? $"reader.Read({i}, {converters.Use(member.Type)}{Owned(member)})"
                : $"reader.TryRead({i}, {converters.Use(member.Type)}, out var given{i}{Owned(member)}) ? given{i} : {member.Default}";
            writer.Line($"var field{i} = {read};");
            if (member.Role == MemberRole.Parameter)
            {
                arguments.Add($"field{i}");
            }
            else
            {
                initializers.Add($"{member.CSharpName} = field{i}");
            }
        }

        string initializer = initializers.Count == 0 ? "" : $" {{ {string.Join(", ", initializers)} }}";
        writer.Line($"var value = new {record.CSharpName}({string.Join(", ", arguments)}){initializer};");
        for (int i = 0; i < record.Members.Length; i++)
        {
            EmitSet(writer, record, i, converters);
        }

        writer.Line("return value;");
        writer.Close();
    }

    private static void EmitSet(SourceWriter writer, RecordModel record, int index, ConverterFields converters)
    {
        RecordMember member = record.Members[index];
        if (member.Role is not (MemberRole.Optional or MemberRole.OptionalInit))
        {
            return;
        }

        writer.Open($"if (reader.TryRead({index}, {converters.Use(member.Type)}, out var field{index}{Owned(member)}))");
        writer.Line(member.Role == MemberRole.Optional
            ? $"value.{member.CSharpName} = field{index};"
            : $"{SetterName(index)}({(record.IsValueType ? "ref " : "")}value, field{index});");
        writer.Close();
    }

    private static void EmitWrite(SourceWriter writer, RecordModel record, ConverterFields converters)
    {
        writer.Open($"public override void Write(RecordWriter writer, {record.CSharpName} value)");
        for (int i = 0; i < record.Members.Length; i++)
        {
            RecordMember member = record.Members[i];
            writer.Line($"writer.Write({i}, value.{member.CSharpName}, {converters.Use(member.Type)});");
        }

        writer.Close();
    }

    /// <summary>Writes the accessors of properties with <c>init</c> that are set only if there is a field: an initialiser would always set them.</summary>
    private static void EmitAccessors(SourceWriter writer, RecordModel record)
    {
        for (int i = 0; i < record.Members.Length; i++)
        {
            RecordMember member = record.Members[i];
            if (member.Role != MemberRole.OptionalInit)
            {
                continue;
            }

            writer.Line();
            writer.Line($"[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = \"set_{member.CSharpName.TrimStart('@')}\")]");
            writer.Line($"private static extern void {SetterName(i)}({(record.IsValueType ? "ref " : "")}{member.DeclaringType} record, {member.Type.CSharp} value);");
        }
    }

    private static string Owned(RecordMember member) => member.IsObject ? ", isOwned: true" : "";

    private static string SetterName(int index) => $"Set{index}";
}
