using System.Text.Json;
using PyAsync.Generators.Modules;

namespace PyAsync.Tool.Binding.Writing;

/// <summary>Writes interfaces, enums and delegates.</summary>
internal static class TypeWriter
{
    /// <summary>Writes an interface.</summary>
    /// <param name="code">Receives the code.</param>
    /// <param name="attribute">Its attribute, with brackets.</param>
    /// <param name="built">The interface.</param>
    /// <param name="doc">The documentation.</param>
    /// <param name="fallback">The summary if there is no documentation.</param>
    public static void Interface(CodeWriter code, string attribute, CSharpInterface built, PythonDoc? doc, string fallback)
    {
        code.Separate();
        DocWriter.Write(code, doc, fallback);
        code.Line(attribute);
        code.Line($"public partial interface {built.Name}{(built.Bases.Count == 0 ? "" : $" : {string.Join(", ", built.Bases)}")}");
        code.Open();
        foreach (CSharpProperty property in built.Properties)
        {
            code.Separate();
            DocWriter.Write(code, property.Doc);
            Comments(code, property.Comments);
            Name(code, property.PythonName);
            code.Line($"{property.Type} {property.Name} {{ get; {(property.IsSettable ? "set; " : "")}}}");
        }

        if (built.Indexer is var (key, value, isSettable))
        {
            code.Separate();
            code.Line($"{value} this[{key} key] {{ get; {(isSettable ? "set; " : "")}}}");
        }

        foreach (CSharpMethod method in built.Methods)
        {
            code.Separate();
            DocWriter.Write(code, method.Doc, parameters: method.Parameters);
            Comments(code, method.Comments);
            Name(code, method.PythonName);
            code.Line($"{method.Returns} {method.Name}({string.Join(", ", method.Parameters)});");
        }

        if (built.Scope is { Length: > 0 } scope)
        {
            Scope(code, scope);
        }

        code.Close();
    }

    /// <summary>Writes the methods for <c>async with</c>.</summary>
    public static void Scope(CodeWriter code, string value)
    {
        code.Separate();
        code.Line("/// <summary>Runs code inside the context manager: <c>async with</c>.</summary>");
        code.Line($"Task UsingAsync(Func<{value}, CancellationToken, Task> body, CancellationToken cancellationToken = default);");
        code.Line();
        code.Line("/// <summary>Runs code inside the context manager, and returns its result. It is the default value if the manager suppressed an exception.</summary>");
        code.Line($"Task<TResult?> UsingAsync<TResult>(Func<{value}, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default);");
    }

    public static void Enum(CodeWriter code, string name, PythonClass one)
    {
        PythonEnumMember[] members = one.Members!;
        bool isByValue = members.All(static member => member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out _));
        bool isLong = isByValue && members.Any(static member => !member.Value.TryGetInt32(out _));
        code.Separate();
        DocWriter.Write(code, one.Doc);
        if (one.Values == "flag" && isByValue)
        {
            code.Line("[Flags]");
        }

        code.Line($"[PyEnum({(isByValue ? "" : "PyEnumForm.Name, ")}PythonClass = {Identifiers.Literal(one.Path)})]");
        code.Line($"public enum {name}{(isLong ? " : long" : "")}");
        code.Open();
        HashSet<string> used = [];
        foreach (PythonEnumMember member in members)
        {
            string identifier = Identifiers.Unique(Identifiers.Member(member.Name), used);
            if (!isByValue && PythonNames.OfConstant(identifier) != member.Name)
            {
                Name(code, member.Name);
            }

            code.Line($"{Identifiers.Escape(identifier)}{(isByValue ? $" = {member.Value.GetRawText()}" : "")},");
        }

        code.Close();
    }

    /// <summary>Writes the enum of a Literal, or the delegate of a Callable.</summary>
    public static void Alias(CodeWriter code, string id, string name, PythonHint hint, HintMapper mapper)
    {
        code.Separate();
        if (hint.Kind == "literal")
        {
            code.Line($"/// <summary>The values of <c>{id}</c>.</summary>");
            code.Line("[PyEnum(PyEnumForm.Name)]");
            code.Line($"public enum {name}");
            code.Open();
            foreach (string value in hint.Values!.Select(static one => one.GetString()!))
            {
                string identifier = Identifiers.Pascal(value);
                if (PythonNames.OfConstant(identifier) != value)
                {
                    Name(code, value);
                }

                code.Line($"{Identifiers.Escape(identifier)},");
            }

            code.Close();
            return;
        }

        HintMapper.Signature signature = mapper.SignatureOf(hint.Args!, hint.Result!);
        code.Line($"/// <summary>A function as <c>{id}</c> describes it.</summary>");
        Delegate(code, name, signature, []);
    }

    public static void Delegate(CodeWriter code, string name, HintMapper.Signature signature, string[] parameterNames)
    {
        IEnumerable<string> parameters = signature.Parameters.Select((type, i) =>
            $"{type.Text} {(type.Name == "CancellationToken" ? "cancellationToken" : i < parameterNames.Length ? Identifiers.Escape(parameterNames[i]) : signature.Parameters.Length <= 2 ? "argument" + (i == 0 ? "" : i + 1) : $"argument{i + 1}")}");
        code.Line($"public delegate {signature.Result.Text} {name}({string.Join(", ", parameters)});");
    }

    private static void Name(CodeWriter code, string? name)
    {
        if (name is not null)
        {
            code.Line($"[PyName({Identifiers.Literal(name)})]");
        }
    }

    private static void Comments(CodeWriter code, IReadOnlyList<string> comments)
    {
        foreach (string comment in comments)
        {
            code.Line($"// {comment.ReplaceLineEndings(" ")}");
        }
    }
}
