using System.Text.Json;
using System.Text.Json.Serialization;

namespace PyAsync.Tool.Binding.Reading;

/// <summary>The reader's answer: the requested modules and all classes that they refer to.</summary>
/// <param name="Error">An error that the user can correct, or null.</param>
/// <param name="Files">The source files that were read.</param>
/// <param name="Modules">The modules, in the order of the request.</param>
/// <param name="Classes">The classes of the requested packages, by qualified name.</param>
internal sealed record PythonProgram(string? Error, string[]? Files, PythonModule[]? Modules, PythonClass[]? Classes);

/// <summary>A module: what it offers.</summary>
internal sealed record PythonModule(string Name, PythonDoc? Doc, PythonFunction[] Functions, PythonAttribute[] Constants, PythonExport[] Constructors);

/// <summary>A class under the name by which a module offers it.</summary>
internal sealed record PythonExport(string Name, string Id);

/// <summary>A docstring and its sections. Without griffe the text is the whole docstring.</summary>
internal sealed record PythonDoc(string Raw, string Text, Dictionary<string, string> Parameters, string? Returns, Dictionary<string, string> Raises)
{
    /// <summary>Gets the docstring without its sections: what every reader finds, with griffe or without.</summary>
    public PythonDoc AsRaw() => new(Raw, Raw, [], null, []);
}

/// <summary>A function, a method, or one overload of either.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">function, async, asyncgenerator, generator, asyncmanager or manager.</param>
/// <param name="Parameters">Its parameters, without self.</param>
/// <param name="Result">The hint of the result.</param>
/// <param name="Overloads">The overloads, if there are some.</param>
/// <param name="Doc">The docstring.</param>
/// <param name="Of">instance, class or static, for a method.</param>
internal sealed record PythonFunction(string Name, string Kind, PythonParameter[] Parameters, PythonHint? Result, PythonFunction[]? Overloads, PythonDoc? Doc, string? Of);

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">positional, normal, args, keyword or kwargs.</param>
/// <param name="Hint">Its hint, or null.</param>
/// <param name="Default">Its default value, or null if it is required.</param>
internal sealed record PythonParameter(string Name, string Kind, PythonHint? Hint, PythonDefault? Default);

/// <summary>A default value.</summary>
/// <param name="Kind">none, bool, int, float, str, member (of an enum), factory or other.</param>
/// <param name="Text">The value's text.</param>
internal sealed record PythonDefault(string Kind, string Text);

/// <summary>An attribute of a module, or a property of a class.</summary>
internal sealed record PythonAttribute(string Name, PythonHint? Hint, bool Settable, PythonDoc? Doc);

/// <summary>A class.</summary>
/// <param name="Id">The qualified name.</param>
/// <param name="Name">The name.</param>
/// <param name="Module">The module that defines it.</param>
/// <param name="Kind">object, dataclass, typeddict, namedtuple, model, enum or exception.</param>
/// <param name="Values">Of an enum: int, str, flag, or empty.</param>
/// <param name="IsProtocol">True if the class is a Protocol.</param>
/// <param name="Bases">The hints of its bases.</param>
/// <param name="Variables">The type variables of a generic class.</param>
/// <param name="Fields">The fields of a record.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Properties">The properties and annotated attributes.</param>
/// <param name="Constructor">The class's own constructor, or null.</param>
/// <param name="Members">The members of an enum.</param>
/// <param name="Doc">The docstring.</param>
internal sealed record PythonClass(
    string Id, string Name, string Module, string Kind, string? Values, bool IsProtocol, PythonHint[] Bases, string[]? Variables, PythonField[] Fields,
    PythonFunction[] Methods, PythonAttribute[] Properties, PythonFunction? Constructor, PythonEnumMember[]? Members, PythonDoc? Doc)
{
    /// <summary>Gets the name as in <c>module:Outer.Inner</c>.</summary>
    public string Path => $"{Module}:{Id[(Module.Length + 1)..]}";
}

/// <summary>A field of a record.</summary>
internal sealed record PythonField(string Name, PythonHint? Hint, PythonDefault? Default, bool Required);

/// <summary>A member of an enum, and its value: a number, a text, or null.</summary>
internal sealed record PythonEnumMember(string Name, JsonElement Value);

/// <summary>A type hint: Tools/Binding/Reader/hints.py has the kinds.</summary>
internal sealed record PythonHint(string Kind, string? Name, string? Id, PythonHint[]? Args, JsonElement[]? Values, PythonHint? Result, string? Text, string? Reason);

/// <summary>A request to the reader.</summary>
internal sealed record ReaderRequest(ReaderModule[] Modules, string[] Folders, bool Import);

/// <summary>A requested module, and its file if the user named it.</summary>
internal sealed record ReaderModule(string Name, string? File);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PythonProgram))]
[JsonSerializable(typeof(ReaderRequest))]
internal sealed partial class ReaderJson : JsonSerializerContext;
