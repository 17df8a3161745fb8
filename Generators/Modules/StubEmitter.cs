namespace PyAsync.Generators.Modules;

/// <summary>Writes a module's <c>.pyi</c> file.</summary>
internal static class StubEmitter
{
    // The imports that the types' names need: the used name, and its import.
    private static readonly (string Use, string Import)[] s_imports =
    [
        ("datetime.", "import datetime"), ("decimal.", "import decimal"), ("uuid.", "import uuid"),
        ("Future[", "from asyncio import Future"), ("AsyncGenerator[", "from collections.abc import AsyncGenerator"), ("AsyncIterator[", "from collections.abc import AsyncIterator"), ("(IntEnum)", "from enum import IntEnum"), ("(IntFlag)", "from enum import IntFlag"), ("Any", "from typing import Any"),
        ("Final[", "from typing import Final"), ("@final", "from typing import final"), ("Self", "from typing_extensions import Self"),
    ];

    public static string Emit(ModuleSource source)
    {
        ModuleModel module = source.Module;
        var body = new SourceWriter();
        foreach (EnumModel type in source.Enums)
        {
            body.Line();
            EmitEnum(body, type);
        }

        foreach (ConstantModel constant in module.Constants)
        {
            body.Line();
            body.Line($"{constant.PythonName}: Final[{constant.Type.Python}]");
            EmitDoc(body, constant.Doc);
        }

        foreach (FunctionModel function in module.Functions)
        {
            body.Line();
            EmitFunction(body, function);
        }

        foreach (ClassModel type in source.Classes)
        {
            body.Line();
            EmitClass(body, type);
        }

        string declarations = body.ToString();
        var stub = new SourceWriter();
        EmitDoc(stub, module.Doc);
        foreach ((string _, string import) in s_imports.Where(import => declarations.Contains(import.Use)))
        {
            stub.Line(import);
        }

        return (stub + declarations).TrimStart('\n');
    }

    private static void EmitEnum(SourceWriter writer, EnumModel type)
    {
        writer.Line($"class {type.PythonName}({type.Base}):");
        writer.Indent();
        EmitDoc(writer, type.Doc);
        foreach (EnumMemberModel member in type.Members)
        {
            writer.Line($"{member.PythonName} = {member.PythonValue}");
            EmitDoc(writer, member.Doc);
        }

        if (type.Members.Length == 0)
        {
            writer.Line("...");
        }

        writer.Outdent();
    }

    private static void EmitClass(SourceWriter writer, ClassModel type)
    {
        if (type.IsSealed)
        {
            writer.Line("@final");
        }

        writer.Line($"class {type.PythonName}{(type.BasePythonName is { } name ? $"({name})" : "")}:");
        writer.Indent();
        int before = writer.Length;
        EmitDoc(writer, type.Doc);
        foreach (FunctionModel method in new[] { type.Constructor }.OfType<FunctionModel>().Concat(type.Methods))
        {
            if (method.Self is null)
            {
                writer.Line("@staticmethod");
            }

            EmitFunction(writer, method);
        }

        foreach (PropertyModel property in type.Properties)
        {
            EmitProperty(writer, property);
        }

        EmitAbilities(writer, type.Abilities);
        if (writer.Length == before)
        {
            writer.Line("...");
        }

        writer.Outdent();
    }

    private static void EmitProperty(SourceWriter writer, PropertyModel property)
    {
        writer.Line("@property");
        EmitDeclaration(writer, $"def {property.PythonName}(self) -> {property.Type.Python}:", property.Doc);
        if (property.CanWrite)
        {
            writer.Line($"@{property.PythonName}.setter");
            writer.Line($"def {property.PythonName}(self, value: {property.Type.Python}) -> None: ...");
        }
    }

    private static void EmitAbilities(SourceWriter writer, ClassAbilities abilities)
    {
        const string Exit = "(self, exc_type: object = None, exc_value: object = None, traceback: object = None, /)";
        (bool Has, string Declaration)[] halves =
        [
            (abilities.AsyncEnter, "def __aenter__(self) -> Future[Self]: ..."),
            (abilities.AsyncExit, $"def __aexit__{Exit} -> Future[None]: ..."),
            (abilities.Enter, "def __enter__(self) -> Self: ..."),
            (abilities.Exit, $"def __exit__{Exit} -> None: ..."),
        ];
        foreach ((bool _, string declaration) in halves.Where(static half => half.Has))
        {
            writer.Line(declaration);
        }

        if (abilities.AsyncIterable is { } items)
        {
            writer.Line($"def __aiter__(self) -> AsyncIterator[{items.Python}]: ...");
        }

        if (abilities.AsyncIterator)
        {
            writer.Line("def __aiter__(self) -> Self: ...");
        }
    }

    private static void EmitFunction(SourceWriter writer, FunctionModel function) =>
        EmitDeclaration(writer, function.IsCoroutine
            ? $"async def {function.PythonName}{Signatures.Typed(function)} -> {function.Result.Type?.Python ?? "None"}:"
            : $"def {function.PythonName}{Signatures.Typed(function)} -> {Result(function.Result)}:", function.Doc);

    private static void EmitDeclaration(SourceWriter writer, string declaration, string? doc)
    {
        if (doc is null)
        {
            writer.Line(declaration + " ...");
            return;
        }

        writer.Line(declaration);
        writer.Indent();
        EmitDoc(writer, doc);
        writer.Outdent();
    }

    private static string Result(ResultModel result)
    {
        string type = result.Type?.Python ?? "None";
        return result.Kind switch
        {
            ResultKind.Task => $"Future[{type}]",
            ResultKind.Stream => $"AsyncGenerator[{type}, None]",
            _ => type,
        };
    }

    private static void EmitDoc(SourceWriter writer, string? doc)
    {
        if (doc is null)
        {
            return;
        }

        string[] lines = doc.Replace("\\", "\\\\").Replace("\"\"\"", "\\\"\\\"\\\"").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            writer.Line((i == 0 ? "\"\"\"" : "") + lines[i] + (i == lines.Length - 1 && lines.Length == 1 ? "\"\"\"" : ""));
        }

        if (lines.Length > 1)
        {
            writer.Line("\"\"\"");
        }
    }
}
