namespace PyAsync.Generators.Imports.Model;

/// <summary>The data of an interface marked <c>[PyImport]</c> or <c>[PyProxy]</c> on which the generated code depends.</summary>
/// <param name="Name">The name of the class that implements it.</param>
/// <param name="CSharp">Its full name in C#.</param>
/// <param name="Display">Its name for messages: <c>IWeather</c>.</param>
/// <param name="Module">The module's name; null for a proxy.</param>
/// <param name="Declaration">The declaration that makes a proxy disposable; null if it is that already.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Properties">The properties and indexers.</param>
/// <param name="Iterations">The item types of <c>async for</c> and <c>for</c>.</param>
/// <param name="Problems">The errors.</param>
internal sealed record ImportModel(
    string Name,
    string CSharp,
    string Display,
    string? Module,
    PartialDeclaration? Declaration,
    EquatableArray<ImportMethod> Methods,
    EquatableArray<ImportProperty> Properties,
    EquatableArray<ImportIteration> Iterations,
    EquatableArray<DiagnosticInfo> Problems) : IMarkedType
{
    public bool IsProxy => Module is null;
}

/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Types">The types from the outermost to the interface, each with its keyword: <c>class Outer</c>, <c>interface IClient</c>.</param>
internal sealed record PartialDeclaration(string Namespace, EquatableArray<string> Types);

/// <param name="IsAsync">True for <c>async for</c>.</param>
/// <param name="Item">The type of the items.</param>
internal sealed record ImportIteration(bool IsAsync, TypeModel Item);

/// <param name="Interface">The full name of the interface that declares it.</param>
/// <param name="Name">Its name in C#; <c>this</c> for an indexer.</param>
/// <param name="PythonName">The attribute's name; null for <c>len(o)</c> and for an indexer.</param>
/// <param name="Display">Its name for messages: <c>IWeather.Version</c>.</param>
/// <param name="Declared">Its type as declared.</param>
/// <param name="Type">Its type.</param>
/// <param name="Key">The type of an indexer's key; null for a property.</param>
/// <param name="DeclaredKey">The same, as declared.</param>
/// <param name="CanRead">True if it has a getter.</param>
/// <param name="CanWrite">True if it has a setter.</param>
internal sealed record ImportProperty(
    string Interface, string Name, string? PythonName, string Display, string Declared, TypeModel Type, TypeModel? Key, string? DeclaredKey, bool CanRead, bool CanWrite);
