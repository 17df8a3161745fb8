namespace PyAsync.Generators.Imports;

/// <summary>Writes the class that implements an interface, and registers it.</summary>
internal static class ImportEmitter
{
    private const string AsyncEnumerable = "global::System.Collections.Generic.IAsyncEnumerable";

    private const string Enumerable = "global::System.Collections.Generic.IEnumerable";

    public static string Emit(ImportModel model)
    {
        // Written first, because only afterwards the used converters are known.
        var converters = new ImportConverters();
        var members = new SourceWriter();
        members.Indent();
        List<ImportMethod> calls = [.. model.Methods.Where(static method => method.Entered is null)];
        for (int i = 0; i < calls.Count; i++)
        {
            members.Line();
            ImportMethodEmitter.Emit(members, model, calls[i], i, converters);
        }

        foreach (ImportMethod method in model.Methods.Where(static method => method.Entered is not null))
        {
            members.Line();
            EmitUsing(members, method, converters);
        }

        foreach (ImportProperty property in model.Properties)
        {
            members.Line();
            EmitProperty(members, model, property, converters);
        }

        foreach (ImportIteration iteration in model.Iterations)
        {
            members.Line();
            EmitIteration(members, model, iteration, converters);
        }

        var writer = new SourceWriter();
        writer.CodeHead();
        writer.Line($"/// <summary>Implements <c>{model.Display}</c>.</summary>");
        writer.Open($"internal sealed class {model.Name} : {(model.IsProxy ? "PyObjectProxy" : "PyModuleImport")}, {model.CSharp}");
        converters.Emit(writer);
        EmitTargets(writer, model, calls);
        EmitConstructor(writer, model, calls);
        writer.Line();
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Line(model.IsProxy
            ? $"internal static void Register() => PyImports.RegisterProxy<{model.CSharp}>(static (runtime, value) => new {model.Name}(runtime, value));"
            : $"internal static void Register() => PyImports.Register<{model.CSharp}>(static runtime => new {model.Name}(runtime));");
        return $"{writer}{members}}}\n";
    }

    /// <summary>Writes the declaration that makes a proxy's interface disposable.</summary>
    public static string EmitDeclaration(PartialDeclaration declaration)
    {
        var writer = new SourceWriter();
        writer.Head();
        if (declaration.Namespace.Length > 0)
        {
            writer.Line($"namespace {declaration.Namespace};");
            writer.Line();
        }

        for (int i = 0; i < declaration.Types.Length - 1; i++)
        {
            writer.Open($"partial {declaration.Types[i]}");
        }

        writer.Line($"partial {declaration.Types[declaration.Types.Length - 1]} : global::System.IDisposable;");
        for (int i = 0; i < declaration.Types.Length - 1; i++)
        {
            writer.Close();
        }

        return writer.ToString();
    }

    private static void EmitTargets(SourceWriter writer, ImportModel model, List<ImportMethod> calls)
    {
        for (int i = 0; i < calls.Count; i++)
        {
            writer.Line(model.IsProxy
                ? $"private static readonly ObjectMember s_target{i} = new({SourceWriter.Literal(calls[i].PythonName)}, {SourceWriter.Literal(calls[i].Display)});"
                : $"private readonly ModuleMember _target{i};");
        }

        if (calls.Count > 0)
        {
            writer.Line();
        }
    }

    private static void EmitConstructor(SourceWriter writer, ImportModel model, List<ImportMethod> calls)
    {
        writer.Line(model.IsProxy ? $"private {model.Name}(global::PyAsync.IRuntime runtime, PyObject value)" : $"private {model.Name}(global::PyAsync.IRuntime runtime)");
        writer.Indent();
        writer.Line(model.IsProxy ? $": base(runtime, value, {SourceWriter.Literal(model.Display)})" : $": base(runtime, {SourceWriter.Literal(model.Module)}, {SourceWriter.Literal(model.Display)})");
        writer.Outdent();
        writer.Line("{");
        writer.Indent();
        for (int i = 0; i < calls.Count && !model.IsProxy; i++)
        {
            writer.Line($"_target{i} = new ModuleMember(this, {SourceWriter.Literal(calls[i].PythonName)}, {SourceWriter.Literal(calls[i].Display)});");
        }

        writer.Close();
    }

    private static void EmitUsing(SourceWriter writer, ImportMethod method, ImportConverters converters)
    {
        string converter = converters.Use(method.Entered!);
        string generic = method.TypeParameter is { } name ? $"<{name}>" : "", constraint = method.TypeParameter is null ? "" : $" where {method.TypeParameter} : default";
        writer.Line($"{method.Declared} {method.Interface}.{method.Name}{generic}({method.Parameters[0].Declared} body, {method.Parameters[1].Declared} cancellationToken){constraint} =>");
        writer.Indent();
        writer.Line($"EnterAsync({SourceWriter.Literal(method.Display)}, {converter}, body, cancellationToken);");
        writer.Outdent();
    }

    private static void EmitProperty(SourceWriter writer, ImportModel model, ImportProperty property, ImportConverters converters)
    {
        string name = property.Key is null ? property.Name : $"this[{property.DeclaredKey} key]";
        writer.Open($"{property.Declared} {property.Interface}.{name}");
        string shown = property.PythonName is { } python ? (model.Module is { } module ? $"{module}.{python}" : python) : "__getitem__";
        string attribute = SourceWriter.Literal(property.PythonName), member = SourceWriter.Literal(property.Display);
        if (property.CanRead)
        {
            string value = converters.UseNamed("Value", property.Type, shown, property.Display);
            writer.Line(property.Key is { } key ? $"get => GetItem(key, {converters.Use(key)}, {member}, {value});"
                : property.PythonName is null ? $"get => Length({member});"
                : $"get => Get({attribute}, {member}, {value});");
        }

        if (property.CanWrite)
        {
            string value = converters.Use(property.Type);
            writer.Line(property.Key is { } key ? $"set => SetItem(key, {converters.Use(key)}, {member}, value, {value});" : $"set => Set({attribute}, value, {value});");
        }

        writer.Close();
    }

    private static void EmitIteration(SourceWriter writer, ImportModel model, ImportIteration iteration, ImportConverters converters)
    {
        string item = iteration.Item.CSharp, converter = converters.UseNamed("Item", iteration.Item, iteration.IsAsync ? "__aiter__" : "__iter__", model.Display);
        if (iteration.IsAsync)
        {
            writer.Line($"global::System.Collections.Generic.IAsyncEnumerator<{item}> {AsyncEnumerable}<{item}>.GetAsyncEnumerator(global::System.Threading.CancellationToken cancellationToken) =>");
            writer.Indent();
            writer.Line($"Items({SourceWriter.Literal(model.Display)}, {converter}).GetAsyncEnumerator(cancellationToken);");
            writer.Outdent();
            return;
        }

        writer.Line($"global::System.Collections.Generic.IEnumerator<{item}> {Enumerable}<{item}>.GetEnumerator() => SynchronousItems({SourceWriter.Literal(model.Display)}, {converter}).GetEnumerator();");
        writer.Line();
        writer.Line($"global::System.Collections.IEnumerator global::System.Collections.IEnumerable.GetEnumerator() => (({Enumerable}<{item}>)this).GetEnumerator();");
    }
}
