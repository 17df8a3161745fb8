using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Who may know whom. The arrows of ARCHITECTURE.md, read from the project files.</summary>
public sealed class DependencyTests
{
    // Project folder → project folders that it may reference. Nothing else, and tests, samples and benchmarks anything.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Interop"] = [],
        ["Abstractions"] = ["Interop"],
        ["Core"] = ["Abstractions"],
        ["Backends.ThreadPool"] = ["Abstractions"],
        ["Backends.DedicatedThread"] = ["Abstractions"],
        ["Backends.Uvloop"] = ["Abstractions"],
        ["Backends.EventLoop"] = ["Abstractions"],
        ["Hosting"] = ["Core", "Backends.ThreadPool", "Backends.DedicatedThread", "Backends.Uvloop", "Backends.EventLoop"],
        ["Modules"] = ["Core", "Backends.ThreadPool"],
        ["Testing"] = ["Core"],
        ["Tools"] = [],
        ["Interop.PythonNet"] = ["Core"],
        ["Generators"] = [],
        ["Analyzers"] = [],
    };

    private static readonly string[] s_free = ["tests", "samples", "benchmarks", "templates"];

    [Fact]
    public void Projects_ReferenceOnlyWhatTheHouseAllows()
    {
        List<string> wrong = [];
        foreach (string project in Repository.Files("*.csproj"))
        {
            string folder = project[..project.IndexOf('/')];
            if (s_free.Contains(folder))
            {
                continue;
            }

            s_allowed.TryGetValue(folder, out string[]? allowed).ShouldBeTrue($"{project} is in a folder that the house does not know.");
            wrong.AddRange(References(project).Where(reference => !allowed!.Contains(reference)).Select(reference => $"{folder} → {reference}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void UnsafeCode_IsInInteropAlone()
    {
        Repository.Files("*.csproj")
            .Where(project => Repository.Read(project).Contains("AllowUnsafeBlocks"))
            .ShouldBe(["Interop/PyAsync.Interop.csproj"]);
        Repository.Files("Directory.Build.*").ShouldAllBe(file => !Repository.Read(file).Contains("AllowUnsafeBlocks"));
    }

    [Fact]
    public void ReferenceCounting_IsInTheOwnershipFilesAlone()
    {
        Repository.Files("*.cs")
            .Where(file => file.StartsWith("Interop/") || file.StartsWith("Core/") || file.StartsWith("Abstractions/"))
            .Where(file => Repository.Read(file).Contains("Py_DECREF(") || Repository.Read(file).Contains("Py_INCREF("))
            .ShouldBe(["Interop/CPython/object.cs", "Interop/CPython/pyerrors.cs", "Interop/References/NewReference.cs", "Interop/References/OwnedReference.cs"]);
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
            .Where(file => file.StartsWith("Interop/") || file.StartsWith("Core/"))
            .SelectMany(file => Repository.Read(file).Split('\n').Select(line => (File: file, Line: line.Trim())))
            .Where(entry => entry.Line.Contains("static") && entry.Line.EndsWith(';') && (entry.Line.Contains("OwnedReference _") || entry.Line.Contains("PyObject s_") || entry.Line.Contains("OwnedReference s_")))
            .ShouldBeEmpty();
    }

    [Fact]
    public void EveryCall_HasItsGcTransition()
    {
        // See "No call goes without a GC transition" in ARCHITECTURE.md.
        Repository.Files("*.cs")
            .Where(file => !file.StartsWith("tests/") && Repository.Read(file).Contains("SuppressGCTransition"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Files_AreOneIdeaLong()
    {
        Repository.Files("*.cs")
            .Where(file => !file.StartsWith("tests/") && !file.StartsWith("Testing/Conformance/") && !file.StartsWith("benchmarks/"))
            .Where(file => Repository.Read(file).Count(c => c == '\n') > 350)
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false") // Only built before, to be packed with it.
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, path))).Replace('\\', '/'))
            .Select(path => path[..path.IndexOf('/')]);
}
