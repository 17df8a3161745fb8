namespace PyAsync.Generators.Imports;

/// <summary>Writes a method of an interface, and the class of its calls.</summary>
internal static class ImportMethodEmitter
{
    private const string Comparer = "global::System.Collections.Generic.EqualityComparer";

    public static void Emit(SourceWriter writer, ImportModel model, ImportMethod method, int index, ImportConverters converters)
    {
        string function = model.Module is { } module ? $"{module}.{method.PythonName}" : method.PythonName;
        string converter = method.Result.Type is { } type
            ? converters.UseNamed(method.Result.Kind == ResultKind.Stream ? "Item" : "Result", type, function, method.Display)
            : "PyConvert.None";
        string parameters = string.Join(", ", method.Parameters.Select(static parameter => $"{parameter.Declared} {Variable(parameter)}"));
        writer.Line($"// {function}");
        writer.Line($"{method.Declared} {method.Interface}.{method.Name}({parameters}) =>");
        writer.Indent();
        string target = model.IsProxy ? $"s_target{index}" : $"_target{index}";
        List<ImportParameter> arguments = [.. method.Arguments];
        string call = arguments.Count == 0 ? target : $"new Call{index}({string.Join(", ", new[] { target }.Concat(arguments.Select(Passed)).Concat(arguments.Where(NeedsConverter).Select(argument => converters.Use(argument.Type!))))})";
        string token = method.Token is { } given ? Variable(given) : "default";
        string asynchronous = model.IsProxy || arguments.Count == 0 ? $"CallAsync({call}, {converter}, {token})" : $"CallAsync({target}, {call}, {converter}, {token})";
        writer.Line(method.Result.Kind switch
        {
            ResultKind.Task when method.Result.IsValueTask => $"new({asynchronous});",
            ResultKind.Task => $"{asynchronous};",
            ResultKind.Stream => $"Stream({call}, {converter}, {token});",
            _ => $"Invoke({call}, {converter});",
        });
        writer.Outdent();
        if (arguments.Count > 0)
        {
            writer.Line();
            EmitCall(writer, arguments, index, converters);
        }
    }

    private static void EmitCall(SourceWriter writer, List<ImportParameter> arguments, int index, ImportConverters converters)
    {
        IEnumerable<string> parameters = arguments.Select(static argument => $"{argument.Declared} {argument.Variable}")
            .Concat(arguments.Where(NeedsConverter).Select(static argument => $"PyConverter<{ConvertedType(argument)}> {Converter(argument)}"));
        writer.Open($"private sealed class Call{index}(CallTarget target, {string.Join(", ", parameters)}) : TypedCall(target)");
        EmitObjects(writer, [.. arguments.Where(static argument => argument.IsObject)]);
        writer.Open("protected override void Write(ref ArgumentWriter arguments)");
        EmitWrite(writer, arguments, converters);
        writer.Close();
        writer.Close();
    }

    /// <summary>Writes the members that name the Python objects among the arguments; those of <c>*args</c> are the last ones.</summary>
    private static void EmitObjects(SourceWriter writer, List<ImportParameter> objects)
    {
        if (objects.Count == 0)
        {
            return;
        }

        List<string> single = [.. objects.Where(static argument => argument.Kind != ImportParameterKind.Rest).Select(static argument =>
            argument.IsOptional ? $"({argument.Variable}.HasValue ? {argument.Variable}.Value : null)" : argument.Variable)];
        string? rest = objects.FirstOrDefault(static argument => argument.Kind == ImportParameterKind.Rest)?.Variable;
        writer.Line($"protected override int ObjectCount => {single.Count}{(rest is null ? "" : $" + {rest}.Length")};");
        writer.Line();
        IEnumerable<string> cases = single.Select((expression, i) => rest is null && i == single.Count - 1 ? $"_ => {expression}" : $"{i} => {expression}")
            .Concat(rest is null ? [] : [$"_ => {rest}[index - {single.Count}]"]);
        writer.Line($"protected override object? ObjectAt(int index) => index switch {{ {string.Join(", ", cases)} }};");
        writer.Line();
    }

    private static void EmitWrite(SourceWriter writer, List<ImportParameter> arguments, ImportConverters converters)
    {
        // An argument by position needs every one before it: with *args all of them, else those that are passed by position only.
        ImportParameter? rest = arguments.FirstOrDefault(static argument => argument.Kind == ImportParameterKind.Rest);
        string later = "";
        if (rest is not null && arguments.Any(static argument => argument.Kind < ImportParameterKind.Rest && argument.Default is not null))
        {
            later = "hasRest";
            writer.Line($"bool hasRest = {rest.Variable} is {{ Length: > 0 }};");
        }

        Dictionary<ImportParameter, string> conditions = [];
        foreach (ImportParameter argument in arguments.AsEnumerable().Reverse())
        {
            if (!argument.CanBeOmitted)
            {
                continue;
            }

            string given = argument.IsOptional ? $"{argument.Variable}.HasValue" : $"!{Comparer}<{argument.Declared}>.Default.Equals({argument.Variable}, {argument.Default})";
            string condition = !argument.IsOptional && argument.Kind < ImportParameterKind.Rest && later.Length > 0 ? $"{later} || {given}" : given;
            if (argument.Kind == ImportParameterKind.Positional)
            {
                later = $"has{argument.Index}";
                writer.Line($"bool {later} = {condition};");
                condition = later;
            }

            conditions[argument] = condition;
        }

        foreach (ImportParameter argument in arguments)
        {
            string value = argument.IsOptional ? argument.Variable + ".Value" : argument.Variable;
            string converter = NeedsConverter(argument) ? Converter(argument) : converters.Use(argument.Type!);
            string method = argument.Kind switch
            {
                ImportParameterKind.Positional => "AddPositional",
                ImportParameterKind.Rest => "AddRest",
                ImportParameterKind.Keyword => "AddKeyword",
                ImportParameterKind.Keywords => "AddKeywords",
                _ => "Add",
            };
            string add = $"arguments.{method}({SourceWriter.Literal(argument.PythonName)}, {value}, {converter}{(argument.IsObject ? ", isHeld: true" : "")});";
            if (!conditions.TryGetValue(argument, out string? condition))
            {
                writer.Line(add);
                continue;
            }

            writer.Open($"if ({condition})");
            writer.Line(add);
            writer.Close();
            if (argument.Kind < ImportParameterKind.Rest)
            {
                writer.Open("else");
                writer.Line("arguments.Omit();");
                writer.Close();
            }
        }
    }

    private static bool NeedsConverter(ImportParameter argument) => argument.Type!.NeedsRuntime;

    private static string ConvertedType(ImportParameter argument) => argument.Type!.CSharp;

    private static string Converter(ImportParameter argument) => $"c{argument.Index}";

    private static string Variable(ImportParameter parameter) => parameter.Variable;

    // A copy: the objects whose use ends after the call have to be those whose use began before.
    private static string Passed(ImportParameter argument) => argument is { Kind: ImportParameterKind.Rest, IsObject: true }
        ? $"{argument.Variable} is null ? [] : [.. {argument.Variable}]"
        : argument.Variable;
}
