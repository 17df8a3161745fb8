using System.Reflection;
using System.Reflection.Emit;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>A damaged assembly is read, or refused with a message of the tool's.</summary>
public sealed class ModuleManifestFuzzTests
{
    [Fact]
    public void Damaged_IsReadOrRefused()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, "fast.dll");
        ConstructorInfo constructor = typeof(PyModuleManifestAttribute).GetConstructors().Single();
        var builder = new PersistedAssemblyBuilder(
            new AssemblyName("fast"),
            typeof(object).Assembly,
            [new CustomAttributeBuilder(constructor, ["fast", "Init"], [typeof(PyModuleManifestAttribute).GetProperty(nameof(PyModuleManifestAttribute.Stub))!], ["def f() -> None: ...\n"])]);
        builder.DefineDynamicModule("fast");
        builder.Save(path);
        byte[] whole = File.ReadAllBytes(path);
        ModuleManifest.Read(path).Name.ShouldBe("fast");
        Fuzz.Run(nameof(ModuleManifestFuzzTests), seed =>
        {
            File.WriteAllBytes(path, Mutation.Damage(new Random(seed), whole));
            try
            {
                ModuleManifest.Read(path);
            }
            catch (ToolException)
            {
                // As it should be.
            }
        });
        Directory.Delete(folder, recursive: true);
    }
}
