using System.IO.Compression;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The commands of a new user, from the template to the import, with only the packages.</summary>
public sealed class TemplateTests(PackageFeed feed)
{
    private static string Python => Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3";

    [Fact]
    public async Task ANewModule_IsImportedAfterTheCommandsOfItsReadme()
    {
        string folder = feed.NewProject("newcomer");
        Directory.CreateDirectory(folder);
        await feed.Dotnet(folder, "new", "install", Path.Combine(feed.Feed, $"PyAsync.Templates.{PackageFeed.Version}.nupkg"));
        await feed.Dotnet(folder, "new", "pyasync-module", "-n", "fast_things");
        folder = Path.Combine(folder, "fast_things");
        await feed.Dotnet(folder, "tool", "restore");
        await feed.Run(folder, Python, "-m", "venv", ".venv");
        string python = Path.Combine(folder, ".venv/bin/python3");

        await feed.Dotnet(folder, "pyasync", "develop");

        (await feed.Run(folder, python, "-c", "import fast_things; print(fast_things.greet())")).Trim().ShouldBe("hello world");
        (await feed.Run(folder, python, "app.py")).Trim().ShouldBe("hello world");

        // Change C#, run one command, import.
        string module = Path.Combine(folder, "Module.cs");
        await File.WriteAllTextAsync(module, (await File.ReadAllTextAsync(module)).Replace("hello {name}", "good morning {name}"));
        await feed.Dotnet(folder, "pyasync", "develop");
        (await feed.Run(folder, python, "app.py")).Trim().ShouldBe("good morning world");

        // To ship it.
        await feed.Dotnet(folder, "pyasync", "build");
        await feed.Dotnet(folder, "pyasync", "build", "--form", "aot");
        foreach (string wheel in Directory.GetFiles(Path.Combine(folder, "dist")).Order())
        {
            await feed.Run(folder, python, "-m", "pip", "install", "--no-index", "--force-reinstall", wheel);
            await feed.Run(folder, python, "-m", "pip", "check");
            (await feed.Run(folder, python, "app.py")).Trim().ShouldBe("good morning world", wheel);
        }

        Directory.GetFiles(Path.Combine(folder, "dist")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task TheTemplatesFolder_CanBeInstalledAsItIs()
    {
        string folder = feed.NewProject("from-folder");
        Directory.CreateDirectory(folder);
        string hive = Path.Combine(folder, "hive"); // Beside the one that has the package.
        await feed.Dotnet(folder, "new", "install", Path.Combine(Repository.Root, "templates/pyasync-module"), "--debug:custom-hive", hive);
        await feed.Dotnet(folder, "new", "pyasync-module", "-n", "other_things", "--debug:custom-hive", hive);

        string project = await File.ReadAllTextAsync(Path.Combine(folder, "other_things/other_things.csproj"));
        project.ShouldContain("<TargetFramework>net10.0</TargetFramework>");
        File.Exists(Path.Combine(folder, "other_things/.config/dotnet-tools.json")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("my-mod", "my_mod")]
    [InlineData("My.Mod", "My_Mod")]
    [InlineData("2nd mod", "_2nd_mod")]
    public async Task ANameThatIsNoIdentifier_GivesAModuleThatCanBeImported(string name, string module)
    {
        string folder = feed.NewProject("named-" + module);
        Directory.CreateDirectory(folder);
        string hive = Path.Combine(folder, "hive");
        await feed.Dotnet(folder, "new", "install", Path.Combine(Repository.Root, "templates/pyasync-module"), "--debug:custom-hive", hive);

        await feed.Dotnet(folder, "new", "pyasync-module", "-n", name, "--debug:custom-hive", hive);

        folder = Path.Combine(folder, name);
        File.Exists(Path.Combine(folder, $"{module}.csproj")).ShouldBeTrue("the assembly has the name of the module, since Python finds a module by its file");
        (await File.ReadAllTextAsync(Path.Combine(folder, "Module.cs"))).ShouldStartWith($"namespace {module};");
        (await File.ReadAllTextAsync(Path.Combine(folder, "Module.cs"))).ShouldContain($"[PyModule(\"{module}\")]");
        (await File.ReadAllTextAsync(Path.Combine(folder, "app.py"))).ShouldContain($"import {module}\n");
        Directory.GetFiles(folder, "*my_async_module*").ShouldBeEmpty();
    }

    [Fact]
    public void TheTemplate_NamesTheVersionThatItIsShippedWith()
    {
        XDocument.Parse(Repository.Read("templates/pyasync-module/my_async_module.csproj")).Descendants("PackageReference")
            .Single().Attribute("Version")!.Value.ShouldBe(PackageFeed.Version);
        Repository.Read("templates/pyasync-module/.config/dotnet-tools.json").ShouldContain($"\"version\": \"{PackageFeed.Version}\"");
    }

    [Fact]
    public void TheModulesPackage_HasWhatAModulesBuildRuns()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"PyAsync.Modules.{PackageFeed.Version}.nupkg"));

        string[] entries = [.. package.Entries.Select(entry => entry.FullName)];
        entries.ShouldContain("build/PyAsync.Modules.props");
        entries.ShouldContain("build/PyAsync.Modules.targets");
        entries.ShouldContain("tools/net10.0/any/dotnet-pyasync.dll");
        entries.ShouldContain("tools/net10.0/any/System.CommandLine.dll");
        entries.ShouldContain("analyzers/dotnet/cs/PyAsync.Generators.dll");
        entries.ShouldNotContain(entry => entry.StartsWith("buildTransitive/")); // A project that refers to a module is not a module.
    }
}
