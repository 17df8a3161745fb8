using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Checks the rules that source and project files show: references between projects, unsafe code, reference counting. <see cref="LayoutTests"/> checks the built assemblies.</summary>
public sealed class DependencyTests
{
    private static readonly string[] s_free = ["tests", "samples", "benchmarks", "templates", "eng"];

    [Fact]
    public void Projects_ReferenceOnlyWhatIsAllowed()
    {
        List<string> wrong = [];
        foreach (string project in Repository.Files("*.csproj"))
        {
            string folder = project[..project.IndexOf('/')];
            if (s_free.Contains(folder))
            {
                continue;
            }

            AllowedReferences.Direct.TryGetValue(folder, out string[]? allowed).ShouldBeTrue($"{project} is in a folder that AllowedReferences does not know.");
            wrong.AddRange(References(project).Where(reference => !allowed!.Contains(reference)).Select(reference => $"{folder} → {reference}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void UnsafeCode_IsInTheProjectsThatNeedIt()
    {
        Repository.Files("*.csproj")
            .Where(project => !project.StartsWith("tests/") && Repository.Read(project).Contains("AllowUnsafeBlocks"))
            .ShouldBe(["CPython/PyAsync.CPython.csproj", "Core/PyAsync.Core.csproj", "Interop/PyAsync.Interop.csproj", "Modules/PyAsync.Modules.csproj"]);
        Repository.Files("Directory.Build.*").ShouldAllBe(file => !Repository.Read(file).Contains("AllowUnsafeBlocks"));
    }

    [Fact]
    public void ReferenceCounting_IsInTheOwnershipFilesAlone()
    {
        string[] names = ["Py_IncRef(", "Py_DecRef(", "Py_INCREF(", "Py_DECREF(", "ReferenceCount.Increment(", "ReferenceCount.Decrement("];
        Repository.Files("*.cs")
            .Where(file => !file.StartsWith("tests/") && names.Any(Repository.Read(file).Contains))
            .ShouldBe(["CPython/References/NewReference.cs", "CPython/References/OwnedReference.cs", "CPython/References/ReferenceCount.cs"]);
    }

    [Fact]
    public void TheCore_NamesNoBackend()
    {
        string[] backends = ["ThreadPoolBackend", "DedicatedThread", "Uvloop", "uvloop"];
        Repository.Files("*.cs")
            .Where(file => file.StartsWith("Core/") || file.StartsWith("Testing/"))
            .Where(file => Code(file).Any(line => backends.Any(line.Contains)))
            .ShouldBeEmpty();

        static IEnumerable<string> Code(string file) =>
            Repository.Read(file).Split('\n').Where(line => !line.TrimStart().StartsWith("//"));
    }

    [Fact]
    public void CachedPythonObjects_HangOffAnInstance()
    {
        // A static owner would survive its interpreter.
        Repository.Files("*.cs")
            .Where(file => file.StartsWith("CPython/") || file.StartsWith("Interop/") || file.StartsWith("Core/"))
            .SelectMany(file => Repository.Read(file).Split('\n').Select(line => (File: file, Line: line.Trim())))
            .Where(entry => entry.Line.Contains("static") && entry.Line.EndsWith(';') && (entry.Line.Contains("OwnedReference _") || entry.Line.Contains("PyObject s_") || entry.Line.Contains("OwnedReference s_")))
            .ShouldBeEmpty();
    }

    [Fact]
    public void EveryCall_HasItsGcTransition()
    {
        // See docs/decisions/0009-no-suppressed-gc-transition.md.
        Repository.Files("*.cs")
            .Where(file => !file.StartsWith("tests/") && Repository.Read(file).Contains("SuppressGCTransition"))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false") // Only built before, to be packed with it.
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, path))).Replace('\\', '/'))
            .Select(path => path[..path.IndexOf('/')]);
}
