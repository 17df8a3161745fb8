using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class PackageTests(PackageFeed feed)
{
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public void EveryPackage_HasReadmeLicenceDocumentationAndSymbolsWithSources()
    {
        foreach ((string id, _) in Repository.Packages)
        {
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{id}.{PackageFeed.Version}.nupkg"));
            string[] entries = [.. package.Entries.Select(entry => entry.FullName)];
            using (var readme = new StreamReader(package.GetEntry("README.md").ShouldNotBeNull(id).Open()))
            {
                readme.ReadToEnd().ShouldBe(Repository.Read("docs/package-readme.md"), id);
            }

            entries.ShouldContain($"lib/net10.0/{id}.dll", id);
            entries.ShouldContain($"lib/net10.0/{id}.xml", id);
            using Stream nuspec = package.GetEntry($"{id}.nuspec")!.Open();
            XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
            string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
            Value("license").ShouldBe("MIT");
            Value("readme").ShouldBe("README.md");
            Value("description").ShouldNotBe("Package Description");

            using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{id}.{PackageFeed.Version}.snupkg"));
            HasSources(symbols.GetEntry($"lib/net10.0/{id}.pdb")!).ShouldBeTrue(id);
        }
    }

    [Fact]
    public async Task AnApplication_OutsideTheRepository_RunsFromThePackages()
    {
        string folder = feed.NewProject(
            "app",
            ("app.csproj", PackageFeed.Application(["PyAsync"], "")),
            ("hello.py", "import asyncio\nasync def hello(name):\n    await asyncio.sleep(0)\n    return 'hello ' + name\n"),
            ("Program.cs", """

                internal static class Program
                {
                    // The generator comes with the package.
                    [PyAsyncMain]
                    internal static async Task Main(IRuntime runtime, CancellationToken cancellationToken) =>
                        Console.WriteLine(await runtime.IntoFuture<string>(() => PyObject.Import("hello").CallMethod("hello", ["packages"]), cancellationToken));
                }
                """));

        (await feed.Dotnet(folder, "run")).Trim().ShouldEndWith("hello packages");
    }

    [Fact]
    public async Task AProjectWithBothPackages_HasTheGeneratorOnce()
    {
        string folder = feed.NewProject(
            "both",
            ("both.csproj", PackageFeed.Application(["PyAsync", "PyAsync.Modules"], """
                <Target Name="ListGenerators" AfterTargets="CoreCompile">
                  <Message Importance="high" Text="Analyzer: %(Analyzer.Filename)" />
                </Target>
                """)),
            ("Program.cs", """
                [PyModule("both")]
                internal static class Program
                {
                    [PyAsyncMain]
                    internal static async Task Main(IRuntime runtime, CancellationToken cancellationToken)
                    {
                        runtime.AddModule(typeof(Program));
                        using PyObject module = PyObject.ImportSource("import both\nasync def main(): return await both.greet({'name': 'both'})");
                        using PyObject main = module.GetAttr("main");
                        Console.WriteLine($"hello {await runtime.CallAsync<string>(main, default, cancellationToken)}");
                    }

                    [PyFunction]
                    internal static async Task<string> Greet(Person person, CancellationToken cancellationToken)
                    {
                        await Task.Yield();
                        return person.Name;
                    }
                }

                [PyRecord]
                internal sealed record Person(string Name);
                """));

        string[] lines = [.. (await feed.Dotnet(folder, "build", "--nologo", "--tl:off")).Split('\n').Select(static line => line.Trim())];

        lines.Count(static line => line == "Analyzer: PyAsync.Generators").ShouldBe(1, string.Join('\n', lines));
        lines.Count(static line => line == "Analyzer: PyAsync.Analyzers").ShouldBe(1);
        (await feed.Dotnet(folder, "run", "--no-build")).Trim().ShouldEndWith("hello both");

        // An executable is not built as a module that Python loads.
        File.Exists(Path.Combine(folder, "bin/Debug/net10.0/__init__.pyi")).ShouldBeFalse();
    }

    [Fact]
    public async Task AnApplicationWithPythonNet_OutsideTheRepository_RunsFromThePackages()
    {
        string folder = feed.NewProject(
            "beside-pythonnet",
            ("app.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="PyAsync" Version="{PackageFeed.Version}" />
                    <PackageReference Include="PyAsync.PythonNet" Version="{PackageFeed.Version}" />
                  </ItemGroup>
                </Project>
                """),
            ("Program.cs", """
                using PyAsync;
                using Python.Runtime;

                return PyAsyncApp.Run(async (runtime, cancellationToken) =>
                {
                    PyAsyncCodecs.Register(runtime);
                    PyObject ofPythonNet = new PyString("x"); // PyAsync has no implicit usings here, so the name is pythonnet's.
                    _ = ofPythonNet;
                    Console.WriteLine(await runtime.IntoFuture<string>(() =>
                    {
                        using PyModule module = PyModule.FromString("hello", "async def hello(name): return 'hello ' + await name");
                        return module.InvokeMethod("hello", Task.FromResult("pythonnet").ToPython());
                    }, cancellationToken));
                }, args);
                """));

        (await feed.Dotnet(folder, "run")).Trim().ShouldEndWith("hello pythonnet");
    }

    [Fact]
    public async Task ABackend_OutsideTheRepository_PassesTheSuiteFromThePackage()
    {
        string folder = feed.NewProject(
            "backend",
            ("backend.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <RootNamespace>Backend</RootNamespace>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="PyAsync.Testing" Version="{PackageFeed.Version}" />
                    <PackageReference Include="xunit.v3" Version="3.2.2" />
                  </ItemGroup>
                </Project>
                """),
            ("Backend.cs", Repository.Read("samples/CustomBackend/LimitedPoolBackend.cs")),
            ("Program.cs", Repository.Read("tests/CustomBackend.Tests/Program.cs")),
            ("Conformance.cs", Repository.Read("tests/CustomBackend.Tests/LimitedPoolConformance.cs")));

        string output = await feed.Dotnet(folder, "run", "--", "-noColor", "-class", "PyAsync.Tests.Baseline", "-class", "PyAsync.Tests.Compliance");

        output.ShouldContain("Failed: 0");
        output.ShouldNotContain("Total: 0");
    }

    /// <summary>A debugger steps into the library without reaching any server.</summary>
    private static bool HasSources(ZipArchiveEntry pdb)
    {
        using var memory = new MemoryStream();
        using (Stream stream = pdb.Open())
        {
            stream.CopyTo(memory);
        }

        memory.Position = 0;
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(memory);
        MetadataReader reader = provider.GetMetadataReader();
        return reader.CustomDebugInformation
            .Select(reader.GetCustomDebugInformation)
            .Any(information => reader.GetGuid(information.Kind) == s_embeddedSource);
    }
}
