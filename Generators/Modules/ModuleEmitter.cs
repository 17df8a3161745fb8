namespace PyAsync.Generators.Modules;

/// <summary>Writes the code of a module: its <c>PyInit_…</c>, the method that fills it, and the body of each function.</summary>
internal static class ModuleEmitter
{
    public static string Emit(ModuleModel module, IEnumerable<ClassEntry> classes, IEnumerable<EnumModel> enums)
    {
        var converters = new ConverterFields();
        var bodies = new SourceWriter();
        bodies.Indent();
        foreach (FunctionModel function in module.Functions)
        {
            bodies.Line();
            FunctionEmitter.Emit(bodies, function, converters);
        }

        // Written before the converters too, because it uses some of them.
        var fill = new SourceWriter();
        fill.Indent();
        EmitFill(fill, module, classes, enums, converters);

        var writer = new SourceWriter();
        writer.CodeHead();
        writer.Line($"/// <summary>The Python module <c>{module.Name}</c>, written in C#.</summary>");
        writer.Open($"public static partial class {module.EntryType}");
        converters.Emit(writer);
        writer.Line("/// <summary>Called by CPython to import the module.</summary>");
        writer.Line($"[global::System.Runtime.InteropServices.UnmanagedCallersOnly(EntryPoint = \"{module.EntryType}\", CallConvs = [typeof(global::System.Runtime.CompilerServices.CallConvCdecl)])]");
        writer.Line($"public static nint Init() => ModuleEntry.Initialize({SourceWriter.Literal(module.Name)}, {SourceWriter.Literal(module.Doc)}, Fill);");
        writer.Line();
        writer.Line("/// <summary>Called by .NET when the assembly is loaded, so that an application can add the module.</summary>");
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Line($"internal static void Register() => ModuleRegistry.Register(typeof({module.CSharpName}), {SourceWriter.Literal(module.Name)}, {SourceWriter.Literal(module.Doc)}, Fill);");
        writer.Line();
        return $"{writer}{fill}{bodies}}}\n";
    }

    /// <summary>Writes the data for build tools: the module's name, its entry, its <c>.pyi</c> file.</summary>
    public static string EmitManifest(ModuleSource source)
    {
        ModuleModel module = source.Module;
        string stub = StubEmitter.Emit(source);
        string quotes = "\"\"\"\"";
        while (stub.Contains(quotes))
        {
            quotes += '"';
        }

        var writer = new SourceWriter();
        writer.Head();
        string text = stub.Length == 0 ? "\"\"" : $"{quotes}\n{stub}{quotes}"; // A module may be empty, or have a method [PyModuleInit] only.
        return $"{writer}[assembly: global::PyAsync.PyModuleManifest({SourceWriter.Literal(module.Name)}, \"PyAsync.Generated.{module.EntryType}\", Stub = {text})]\n";
    }

    private static void EmitFill(SourceWriter writer, ModuleModel module, IEnumerable<ClassEntry> classes, IEnumerable<EnumModel> enums, ConverterFields converters)
    {
        writer.Open("private static void Fill(ModuleBuilder module)");
        foreach (EnumModel type in enums)
        {
            EmitEnum(writer, type);
        }

        foreach (FunctionModel function in module.Functions)
        {
            FunctionEmitter.EmitAdding(writer, "module.Function", function);
        }

        foreach (ClassEntry type in classes)
        {
            writer.Line(
                $"module.Class<{type.CSharpName}>({SourceWriter.Literal(type.PythonName)}, {SourceWriter.Literal(type.Doc)}, isSealed: {SourceWriter.Literal(type.IsSealed)}, isAbstract: {SourceWriter.Literal(type.IsAbstract)}, {type.EmittedName}.Fill);");
        }

        foreach (ConstantModel constant in module.Constants)
        {
            writer.Line($"module.Constant({SourceWriter.Literal(constant.PythonName)}, {constant.CSharpName}, {converters.Use(constant.Type)});");
        }

        if (module.InitCall is { } init)
        {
            writer.Line($"{init};");
        }

        writer.Close();
    }

    private static void EmitEnum(SourceWriter writer, EnumModel type)
    {
        writer.Line($"module.Enum<{type.CSharpName}>(");
        writer.Indent();
        writer.Line($"{SourceWriter.Literal(type.PythonName)},");
        writer.Line($"{SourceWriter.Literal(type.Doc)},");
        writer.Line($"isFlags: {SourceWriter.Literal(type.IsFlags)},");
        writer.Items(type.Members.Select(member => $"({SourceWriter.Literal(member.PythonName)}, ({type.CSharpName})({member.CSharpValue}))"), ");");
        writer.Outdent();
    }
}
