namespace PyAsync.Generators.Modules;

/// <summary>Writes the code of a class: the method that fills it, and the body of each method and property.</summary>
internal static class ClassEmitter
{
    public static string Emit(string entryType, ClassModel type)
    {
        // Written first, because only afterwards the used converters are known; the converters are placed before it.
        var converters = new ConverterFields();
        var members = new SourceWriter();
        members.Indent();
        members.Indent();
        EmitMembers(members, type, converters);

        var writer = new SourceWriter();
        writer.CodeHead();
        writer.Open($"public static partial class {entryType}");
        writer.Line($"/// <summary>The Python class <c>{type.PythonName}</c>.</summary>");
        writer.Open($"private static class {type.Entry.EmittedName}");
        converters.Emit(writer);
        return $"{writer}{members}    }}\n}}\n";
    }

    private static void EmitMembers(SourceWriter writer, ClassModel type, ConverterFields converters)
    {
        writer.Open($"public static void Fill(ClassBuilder<{type.CSharpName}> type)");
        List<FunctionModel> methods = [.. new[] { type.Constructor }.OfType<FunctionModel>(), .. type.Methods];
        foreach (FunctionModel method in methods)
        {
            FunctionEmitter.EmitAdding(writer, method.Self is null ? "type.StaticMethod" : "type.Method", method);
        }

        foreach (PropertyModel property in type.Properties)
        {
            string set = property.CanWrite ? property.SetterName : "null";
            writer.Line(
                $"type.Property({SourceWriter.Literal(property.PythonName)}, {property.GetterName}, {set}, {SourceWriter.Literal(property.Type.Python)}, {SourceWriter.Literal(property.Doc)});");
        }

        EmitAbilities(writer, type.Abilities, converters);
        writer.Close();
        foreach (FunctionModel method in methods)
        {
            writer.Line();
            FunctionEmitter.Emit(writer, method, converters);
        }

        foreach (PropertyModel property in type.Properties)
        {
            writer.Line();
            FunctionEmitter.EmitProperty(writer, type, property, converters);
        }
    }

    private static void EmitAbilities(SourceWriter writer, ClassAbilities abilities, ConverterFields converters)
    {
        (bool Has, string Call)[] calls =
        [
            (abilities.AsyncEnter, "AsyncEnter()"),
            (abilities.AsyncExit, "AsyncExit()"),
            (abilities.Enter, "Enter()"),
            (abilities.Exit, "Exit()"),
            (abilities.AsyncIterable is not null, $"AsyncIterable({(abilities.AsyncIterable is { } items ? converters.Use(items) : "")})"),
            (abilities.AsyncIterator, "AsyncIterator()"),
            (abilities.Text, "Text()"),
        ];
        foreach ((bool _, string call) in calls.Where(static call => call.Has))
        {
            writer.Line($"type.{call};");
        }
    }
}
