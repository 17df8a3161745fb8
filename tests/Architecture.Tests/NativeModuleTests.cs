using Mono.Cecil;
using Mono.Cecil.Cil;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Checks that the library avoids code that makes a native module large.</summary>
public sealed class NativeModuleTests
{
    public static TheoryData<string> Assemblies =>
        ["PyAsync.CPython", "PyAsync.Interop", "PyAsync.Abstractions", "PyAsync.Core", "PyAsync.Backends.ThreadPool", "PyAsync.Modules"];

    /// <summary>
    /// Compiled ahead of time, each type that LINQ iterates over costs about ten iterator classes of one to two kilobytes: a loop costs nothing. Methods
    /// that only read (<c>Contains</c>, <c>ToArray</c>) make no iterator.
    /// </summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Code_OfNativeModules_UsesLoopsInsteadOfLinq(string assembly) =>
        ShippedAssembly.Get(assembly).Module.GetTypes()
            .Where(static type => type.Methods.Any(UsesLinq))
            .Select(static type => Outermost(type).Name)
            .Distinct()
            .Except(s_trimmed)
            .ShouldBeEmpty("Write a loop, or Array.ConvertAll. If a native module cannot reach the type, add the type to the list.");

    /// <summary>Types that the compiler removes from a native module: it does not start Python, and has no converters or signatures that are found by reflection.</summary>
    private static readonly string[] s_trimmed =
    [
        "ConverterComposer", "PythonEnvironment", "DelegateFunction", "PythonNames",
        "ApplicationFolders", "CandidateCheck", "CommandSearch", "InstallHint", "InterpreterProbe", "LibraryOwner", "NamedPython", "PythonLocator", "StartFailure",
        "SupportedPythons", "UsualLibraries",
    ];

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool UsesLinq(MethodDefinition method) =>
        method.HasBody && method.Body.Instructions.Any(static instruction =>
            instruction is { OpCode.FlowControl: FlowControl.Call, Operand: MethodReference { DeclaringType.FullName: "System.Linq.Enumerable" } called }
            && called.ReturnType.GetElementType().Name is "IEnumerable`1" or "IOrderedEnumerable`1");
}
