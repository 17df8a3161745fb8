namespace PyAsync.Tool.Binding;

/// <summary>Writes the C# code for modules.</summary>
internal static class Bindings
{
    /// <summary>Creates the files for all modules of a program.</summary>
    /// <param name="program">The modules, as the reader describes them.</param>
    /// <param name="space">The namespace of the types.</param>
    public static IReadOnlyList<GeneratedFile> Create(PythonProgram program, string space)
    {
        program = ProgramShape.WithObjects(program);
        List<(string Code, HintShare Share)> documented = Write(program, space), plain = Write(WithRawDocs(program), space);
        return [.. program.Modules!.Select((module, i) => GeneratedFile.Create(module.Name, documented[i].Code, plain[i].Code, documented[i].Share))];
    }

    private static List<(string Code, HintShare Share)> Write(PythonProgram program, string space)
    {
        var mapper = new HintMapper(new TypeNames(program));
        Dictionary<PythonModule, HintShare> shares = program.Modules!.ToDictionary(static module => module, static _ => new HintShare());
        var methods = new MethodMapper(mapper);
        var builder = new InterfaceBuilder(mapper, methods, ProgramShape.Arguments(program), one => shares[mapper.Names.Owner(one)]);
        HashSet<string> written = [];
        return [.. program.Modules!.Select(module => (Write(module, space, mapper, shares[module], builder, methods, written), shares[module]))];
    }

    private static string Write(PythonModule module, string space, HintMapper mapper, HintShare share, InterfaceBuilder builder, MethodMapper methods, HashSet<string> written)
    {
        var code = new CodeWriter();
        code.Line("#nullable enable");
        code.Line("#pragma warning disable CS1591, CS1573");
        foreach (string name in (string[])["System", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks", "PyAsync", "PyAsync.Interop"])
        {
            code.Line($"using {name};");
        }

        code.Line();
        code.Line($"namespace {space};");
        code.Line();
        TypeWriter.Interface(code, $"[PyImport({Identifiers.Literal(module.Name)})]", builder.Of(module, share), module.Doc, $"The Python module {module.Name}.");
        foreach (PythonClass one in mapper.Names.In(module))
        {
            Write(code, one, mapper, share, builder);
        }

        foreach ((string name, string value) in methods.Scopes.Where(scope => written.Add(scope.Key)))
        {
            code.Separate();
            code.Line("/// <summary>A context manager.</summary>");
            code.Line("[PyProxy]");
            code.Line($"public partial interface {name}");
            code.Open();
            TypeWriter.Scope(code, value);
            code.Close();
        }

        // The signature of a delegate may use another alias.
        while (mapper.Aliases.Where(alias => !written.Contains(alias.Key)).OrderBy(static alias => alias.Key, StringComparer.Ordinal).FirstOrDefault() is { Key: string id } alias)
        {
            written.Add(id);
            TypeWriter.Alias(code, id, alias.Value.Name, alias.Value.Hint, mapper);
        }

        return code.ToString();
    }

    private static void Write(CodeWriter code, PythonClass one, HintMapper mapper, HintShare share, InterfaceBuilder builder)
    {
        string name = mapper.Names.Of(one.Id)!;
        switch (TypeNames.FormOf(one))
        {
            case TypeForm.Record:
                mapper.Self = name;
                RecordWriter.Write(code, name, one, mapper, share);
                break;
            case TypeForm.Enum:
                TypeWriter.Enum(code, name, one);
                break;
            case TypeForm.Delegate:
                PythonFunction call = one.Methods[0];
                code.Separate();
                DocWriter.Write(code, one.Doc);
                PythonHint result = call.Kind == "async" ? new PythonHint("name", "Awaitable", null, [call.Result ?? HintMapper.Any], null, null, null, null) : call.Result ?? HintMapper.Any;
                PythonParameter[] parameters = [.. call.Parameters.Where(static parameter => parameter.Kind is "normal" or "positional" or "keyword")];
                TypeWriter.Delegate(
                    code, name, mapper.SignatureOf([.. parameters.Select(static parameter => parameter.Hint ?? HintMapper.Any)], result), [.. parameters.Select(static parameter => Identifiers.Camel(parameter.Name))]);
                break;
            default:
                TypeWriter.Interface(code, "[PyProxy]", builder.Of(one), one.Doc, $"An object of the Python class {one.Id}.");
                break;
        }
    }

    private static PythonProgram WithRawDocs(PythonProgram program) => program with
    {
        Modules = [.. program.Modules!.Select(static module => module with { Doc = module.Doc?.AsRaw(), Functions = Raw(module.Functions), Constants = Raw(module.Constants) })],
        Classes =
        [
            .. program.Classes!.Select(static one => one with
            {
                Doc = one.Doc?.AsRaw(), Methods = Raw(one.Methods), Properties = Raw(one.Properties), Constructor = one.Constructor is null ? null : Raw([one.Constructor])[0],
            }),
        ],
    };

    private static PythonFunction[] Raw(PythonFunction[] functions) => [.. functions.Select(static function => function with { Doc = function.Doc?.AsRaw() })];

    private static PythonAttribute[] Raw(PythonAttribute[] attributes) => [.. attributes.Select(static attribute => attribute with { Doc = attribute.Doc?.AsRaw() })];
}
