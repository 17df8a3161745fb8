using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// The files that the generator writes again after an edit.
public sealed partial class PyModuleTests
{
    [Fact]
    public void Generate_AfterAnUnrelatedChange_IsCached()
    {
        GeneratorRunResult result = Rerun(
            [Module("[PyFunction] public static void A() { } [PyClass] public class C { }"), "class Unrelated { }"],
            [Module("[PyFunction] public static void A() { } [PyClass] public class C { }"), "class Unrelated { int changed; }"]);

        foreach (string step in (string[])[PyModuleGenerator.ModulesStep, PyModuleGenerator.ClassesStep, PyModuleGenerator.SourcesStep])
        {
            result.TrackedSteps[step].SelectMany(static step => step.Outputs).ShouldAllBe(static output =>
                output.Reason == IncrementalStepRunReason.Cached || output.Reason == IncrementalStepRunReason.Unchanged);
        }

        Rewritten(result).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("the body of a function", "=> 1", "=> 2")]
    [InlineData("a comment", "// before", "// before\n// and\n// after")]
    [InlineData("a member that is not Python's", "int _private;", "int _other;")]
    public void Generate_AfterAChangeThatPythonDoesNotSee_IsCached(string what, string before, string after) =>
        Rewritten(Rerun([Several], [Several.Replace(before, after)])).ShouldBeEmpty(what);

    [Theory]
    [InlineData("int A()", "int A(int x)", "PyInit_first.g.cs PyInit_first.Manifest.g.cs")]
    [InlineData("int B()", "long B()", "PyInit_second.g.cs PyInit_second.Manifest.g.cs")]
    [InlineData("int C()", "long C()", "PyInit_first.OneClass.g.cs PyInit_first.Manifest.g.cs")]
    [InlineData("int D()", "long D()", "PyInit_first.TwoClass.g.cs PyInit_first.Manifest.g.cs")]
    [InlineData("public class Two", "public sealed class Two", "PyInit_first.g.cs PyInit_first.Manifest.g.cs PyInit_first.TwoClass.g.cs")]
    public void Generate_AfterAChange_WritesOnlyWhatDependsOnIt(string before, string after, string files) =>
        Rewritten(Rerun([Several], [Several.Replace(before, after)])).ShouldBe(files.Split(' '), ignoreOrder: true);

    /// <summary>The second of two runs.</summary>
    private static GeneratorRunResult Rerun(string[] before, string[] after)
    {
        CSharpCompilation first = GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, before);
        CSharpCompilation second = GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, after);
        GeneratorDriver driver = GeneratorDriverHelper.Driver(new PyModuleGenerator()).RunGenerators(first);
        return driver.RunGenerators(second).GetRunResult().Results.Single();
    }

    /// <summary>Gets the files that the last run has written again.</summary>
    private static string[] Rewritten(GeneratorRunResult result)
    {
        string[] names = [.. result.TrackedOutputSteps.SelectMany(static steps => steps.Value)
            .SelectMany(static step => step.Outputs)
            .Where(static output => output.Reason != IncrementalStepRunReason.Cached)
            .SelectMany(static output => Names(output.Value))];
        return names;
    }

    /// <summary>An output is a list of the files that it has, and one of its diagnostics.</summary>
    private static IEnumerable<string> Names(object output) =>
        ((System.Runtime.CompilerServices.ITuple)output)[0] is System.Collections.IEnumerable sources
            ? sources.Cast<object>().Select(static source => (string)source.GetType().GetProperty("HintName")!.GetValue(source)!)
            : [];
}
