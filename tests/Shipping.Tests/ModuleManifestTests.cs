using System.Reflection;
using System.Reflection.Emit;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class ModuleManifestTests
{
    [Fact]
    public void Read_AModule_GivesItsNameTypeAndStub()
    {
        ModuleManifest manifest = Read("fast", ("fast", "PyAsync.Generated.PyInit_fast", "def f() -> None: ...\n"));

        manifest.ShouldBe(new ModuleManifest("fast", "PyAsync.Generated.PyInit_fast", "def f() -> None: ...\n"));
    }

    [Fact]
    public void Read_NoModule_SaysWhatMakesOne() =>
        Should.Throw<ToolException>(() => Read("fast")).Message.ShouldBe("fast has no Python module: put [PyModule(\"fast\")] on a static class.");

    [Fact]
    public void Read_AnotherName_SaysWhichToChange() =>
        Should.Throw<ToolException>(() => Read("Fast.Things", ("fast", "T", ""))).Message.ShouldBe(
            "The module is named fast and its assembly Fast.Things. Python finds a module by its file: set <AssemblyName>fast</AssemblyName>, or name the module Fast.Things.");

    [Fact]
    public void Read_Several_NamesThem() =>
        Should.Throw<ToolException>(() => Read("fast", ("fast", "T", ""), ("slow", "U", ""))).Message.ShouldBe(
            "fast has 2 Python modules (fast, slow). A project has one: move the others into separate projects.");

    [Fact]
    public void Write_OfTheSameModule_TouchesNothing()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        var module = new ModuleManifest("fast", "T", "def f() -> None: ...\n");
        PythonFiles.Write(module, folder);
        string[] files = [.. Directory.GetFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        DateTime before = new(2020, 1, 1);
        Array.ForEach(Directory.GetFiles(folder), path => File.SetLastWriteTimeUtc(path, before));

        PythonFiles.Write(module with { Stub = "def g() -> None: ...\n" }, folder);

        files.ShouldBe(["__init__.py", "__init__.pyi", "_dotnet.py", "_forked.py", "_hosted.py", "py.typed"]);
        Directory.GetFiles(folder).Where(path => File.GetLastWriteTimeUtc(path) != before).Select(Path.GetFileName).ShouldBe(["__init__.pyi"]);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Makes an assembly with such attributes, and reads it.</summary>
    private static ModuleManifest Read(string assembly, params (string Name, string Type, string Stub)[] modules)
    {
        ConstructorInfo constructor = typeof(PyModuleManifestAttribute).GetConstructors().Single();
        PropertyInfo stub = typeof(PyModuleManifestAttribute).GetProperty(nameof(PyModuleManifestAttribute.Stub))!;
        var builder = new PersistedAssemblyBuilder(
            new AssemblyName(assembly),
            typeof(object).Assembly,
            modules.Select(module => new CustomAttributeBuilder(constructor, [module.Name, module.Type], [stub], [module.Stub])));
        builder.DefineDynamicModule(assembly);
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, assembly + ".dll");
        builder.Save(path);
        try
        {
            return ModuleManifest.Read(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
