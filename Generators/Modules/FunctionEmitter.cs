namespace PyAsync.Generators.Modules;

/// <summary>Writes the body of a function: reads the arguments, calls the C# method, converts its result.</summary>
internal static class FunctionEmitter
{
    public static void Emit(SourceWriter writer, FunctionModel function, ConverterFields converters)
    {
        writer.Line($"// {function.DisplayName}");
        writer.Open($"private static PyResult {MethodName(function)}(FunctionCall call)");
        List<ParameterModel> arguments = [.. function.Arguments];
        int first = function.Self is null ? 0 : 1;
        int slots = arguments.Count + first;
        writer.Line(slots > 0 || function.Rest is not null
            ? $"BoundArguments arguments = call.Bind({(slots > 0 ? $"stackalloc ArgumentSlot[{slots}]" : "[]")});"
            : "call.BindNothing();");
        if (function is { Self: { } self, Result.Kind: not ResultKind.Self })
        {
            writer.Line($"{self} self = arguments.Self<{self}>();");
        }

        for (int i = 0; i < arguments.Count; i++)
        {
            writer.Line($"{arguments[i].Type!.CSharp} {Local(function, arguments[i])} = {Read(arguments[i], i + first, converters)};");
        }

        if (function.Rest is { } rest)
        {
            string type = rest.Type!.Python;
            writer.Line($"{rest.Type.CSharp}[] {Local(function, rest)} = arguments.Rest({SourceWriter.Literal(rest.PythonName)}, {SourceWriter.Literal(type)}, {converters.Use(rest.Type)});");
        }

        if (function.IsCoroutine)
        {
            writer.Open("return call.Coroutine(call =>");
            EmitCall(writer, function, converters);
            writer.Close("});");
        }
        else
        {
            EmitCall(writer, function, converters);
        }

        writer.Close();
    }

    /// <summary>Writes the statement that adds the function to its module or class.</summary>
    public static void EmitAdding(SourceWriter writer, string add, FunctionModel function)
    {
        IEnumerable<string> parameters = function.Arguments.Select(static parameter => Parameter(parameter.PythonName, parameter.Type!.Python));
        int required = function.Required;
        if (function.Self is not null)
        {
            parameters = parameters.Prepend(Parameter("self", function.Owner!));
            required++;
        }

        writer.Line($"{add}(");
        writer.Indent();
        writer.Line($"{SourceWriter.Literal(function.PythonName)},");
        writer.Line($"{MethodName(function)},");
        string rest = function.Rest is null ? "" : ", takesRest: true";
        writer.Line($"new CallSignature({SourceWriter.Literal(function.QualifiedName)}, [{string.Join(", ", parameters)}], required: {required}{rest}),");
        writer.Line($"{SourceWriter.Literal(Signatures.Text(function))},");
        writer.Line($"{SourceWriter.Literal(function.Doc)},");
        string kind = function.Result.Kind == ResultKind.Stream ? "isStream: true" : $"isAsync: {SourceWriter.Literal(function.Result.Kind == ResultKind.Task)}";
        writer.Line($"{kind});");
        writer.Outdent();
    }

    public static void EmitProperty(SourceWriter writer, ClassModel owner, PropertyModel property, ConverterFields converters)
    {
        string converter = converters.Use(property.Type);
        writer.Line($"// {owner.PythonName}.{property.CSharpName}");
        writer.Open($"private static PyResult {property.GetterName}(FunctionCall call)");
        writer.Line("BoundArguments arguments = call.Bind(stackalloc ArgumentSlot[1]);");
        writer.Line($"return PyResult.From(arguments.Self<{owner.CSharpName}>().{property.CSharpName}, {converter});");
        writer.Close();
        if (property.CanWrite)
        {
            writer.Line();
            writer.Open($"private static PyResult {property.SetterName}(FunctionCall call)");
            writer.Line("BoundArguments arguments = call.Bind(stackalloc ArgumentSlot[2]);");
            writer.Line($"arguments.Self<{owner.CSharpName}>().{property.CSharpName} = arguments.{(property.AllowsNone ? "GetOrNull" : "Get")}(1, {converter});");
            writer.Line("return PyResult.None;");
            writer.Close();
        }
    }

    private static void EmitCall(SourceWriter writer, FunctionModel function, ConverterFields converters)
    {
        string converter = function.Result.Type is { } type ? ", " + converters.Use(type) : "";
        switch (function.Result.Kind)
        {
            case ResultKind.Nothing:
                writer.Line($"{Call(function)};");
                writer.Line("return PyResult.None;");
                break;
            case ResultKind.Self:
                writer.Line($"return PyResult.Initialized(arguments, {Call(function)});");
                break;
            case ResultKind.Value:
                writer.Line($"return PyResult.From({Call(function)}{converter});");
                break;
            case ResultKind.Stream:
                writer.Line($"return call.Runtime.Stream({Call(function, token: "default")}{converter});");
                break;
            case ResultKind.Task when function.Scheduled:
                string token = function.TakesToken ? "cancellationToken" : "_", asTask = function.Result.IsValueTask ? ".AsTask()" : "";
                EmitSupplied(writer, function);
                writer.Line($"return call.Runtime.Schedule({token} => {Call(function, token)}{asTask}{converter}, CancelBehavior.{function.Cancel});");
                break;
            case ResultKind.Task when function.TakesToken:
                writer.Line($"InlineCall inline = call.BeginInline(takesToken: true, CancelBehavior.{function.Cancel});");
                writer.Line($"return inline.Return({Call(function, token: "inline.Token")}{converter});");
                break;
            default:
                writer.Line($"return call.BeginInline(takesToken: false, CancelBehavior.{function.Cancel}).Return({Call(function)}{converter});");
                break;
        }
    }

    /// <summary>Writes the variables of the values that .NET supplies to a method that starts later: the call itself is valid only now.</summary>
    private static void EmitSupplied(SourceWriter writer, FunctionModel function)
    {
        foreach (ParameterModel parameter in function.Parameters.Where(static parameter => parameter.Kind is ParameterKind.Runtime or ParameterKind.Context))
        {
            writer.Line($"var {Local(function, parameter)} = {Supplied(parameter)};");
        }
    }

    private static string Supplied(ParameterModel parameter) => parameter.Kind == ParameterKind.Runtime ? "call.Runtime.Runtime" : "call.Runtime.Context";

    private static string Call(FunctionModel function, string token = "") =>
        $"{function.Call}({string.Join(", ", function.Parameters.Select(parameter => parameter.Kind switch
        {
            ParameterKind.Token => token,
            ParameterKind.Runtime or ParameterKind.Context when !(function is { Scheduled: true, Result.Kind: ResultKind.Task }) => Supplied(parameter),
            _ => Local(function, parameter),
        }))})";

    private static string Read(ParameterModel parameter, int index, ConverterFields converters)
    {
        if (parameter.Default is { IsStandIn: true } standIn)
        {
            var nullable = new TypeModel(parameter.Type!.CSharp + "?", $"PyConvert.Nullable({parameter.Type.Converter})", parameter.Type.Python);
            return $"(arguments.Has({index}) ? arguments.GetOrNull({index}, {converters.Use(nullable)}) : null) ?? {standIn.CSharp}";
        }

        string read = $"arguments.{(parameter.AllowsNone ? "GetOrNull" : "Get")}({index}, {converters.Use(parameter.Type!)})";
        return parameter.Default is { } value ? $"arguments.Has({index}) ? {read} : {value.CSharp}" : read;
    }

    /// <summary>Gets the name of a parameter's local variable, which must differ from the names that the body itself uses.</summary>
    private static string Local(FunctionModel function, ParameterModel parameter)
    {
        string name = parameter.Name;
        while (name is "call" or "arguments" or "inline" or "cancellationToken" or "self" or "PyConvert" or "PyResult" or "CancelBehavior" || function.Parameters.Any(other => other != parameter && other.Name == name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>Gets the name of the method that <see cref="Emit"/> writes.</summary>
    private static string MethodName(FunctionModel function) => "@" + function.PythonName;

    private static string Parameter(string name, string type) => $"new CallParameter({SourceWriter.Literal(name)}, {SourceWriter.Literal(type)})";
}
