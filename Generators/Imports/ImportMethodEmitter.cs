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
        string call = arguments.Count == 0 ? target : $"new Call{index}({string.Join(", ", new[] { target }.Concat(arguments.Select(Variable)).Concat(arguments.Where(NeedsConverter).Select(argument => converters.Use(argument.Type!))))})";
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
        List<ImportParameter> objects = [.. arguments.Where(static argument => argument.IsObject)];
        if (objects.Count > 0)
        {
            writer.Line($"protected override int ObjectCount => {objects.Count};");
            writer.Line();
            string cases = string.Concat(objects.Take(objects.Count - 1).Select((argument, i) => $"{i} => {argument.Variable}, "));
            writer.Line($"protected override object? ObjectAt(int index) => index switch {{ {cases}_ => {objects[objects.Count - 1].Variable} }};");
            writer.Line();
        }

        writer.Open("protected override void Write(ref ArgumentWriter arguments)");
        EmitWrite(writer, arguments, converters);
        writer.Close();
        writer.Close();
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
}
