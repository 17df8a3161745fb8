using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;
using Shouldly;
using Xunit;

[assembly: AssemblyFixture(typeof(PyAsync.Tests.PackageFeed))]

namespace PyAsync.Tests;

/// <summary>Every package, packed into a folder outside the repository, and a folder for projects that use them from there.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pyasync-packages");

    public string Feed => Path.Combine(_root.FullName, "feed");

    private string Cache => Path.Combine(_root.FullName, "packages");

    public static string Version { get; } = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value;

    public async ValueTask InitializeAsync()
    {
        // A previous build of the same version in NuGet's cache, and a package of others.
        string stale = Directory.CreateDirectory(Path.Combine(Cache, "pyasync", Version)).FullName;
        string other = Directory.CreateDirectory(Path.Combine(Cache, "other", Version)).FullName;
        await Run(Repository.Root, Path.Combine(Repository.Root, "eng/pack.sh"), Feed, "--no-build", "-c", Metadata("Configuration"));
        Directory.Exists(stale).ShouldBeFalse("NuGet would use it instead of the package that was packed");
        Directory.Exists(other).ShouldBeTrue();

        string[] packed = [.. Repository.Shipped.Select(package => $"{package.Id}.{Version}.nupkg")];
        Directory.GetFiles(Feed, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(packed.Order(StringComparer.Ordinal));

        // Our packages go into a folder of the test; others come from the machine's own, which may have our packages of a previous build.
        string machine = Directory.CreateDirectory(Path.Combine(_root.FullName, "machine")).FullName;
        foreach (string package in Directory.GetDirectories(Metadata("PackageFolder")).Where(static package => !Path.GetFileName(package).StartsWith("pyasync", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(machine, Path.GetFileName(package)), package);
        }

        await File.WriteAllTextAsync(
            Path.Combine(_root.FullName, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="pyasync" value="{Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{machine}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return default;
    }

    /// <summary>Gets the project file of a program that uses our packages.</summary>
    /// <param name="packages">Their names.</param>
    /// <param name="more">Its other content.</param>
    public static string Application(string[] packages, string more) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <ItemGroup>
            {string.Concat(packages.Select(static package => $"<PackageReference Include=\"{package}\" Version=\"{Version}\" />"))}
          </ItemGroup>
          {more}
        </Project>
        """;

    /// <summary>A fresh project outside the repository.</summary>
    public string NewProject(string name, params (string Path, string Text)[] files)
    {
        string folder = Path.Combine(_root.FullName, name);
        foreach ((string path, string text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), text);
        }

        return folder;
    }

    public Task<string> Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    /// <summary>Gets the output of a program, with the packages available; it has to end with 0.</summary>
    public async Task<string> Run(string folder, string program, params string[] arguments)
    {
        using Process process = Start(folder, program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }

    /// <summary>Starts a program, with the packages available.</summary>
    public Process Start(string folder, string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["NUGET_PACKAGES"] = Cache,
            ["DOTNET_CLI_HOME"] = Path.Combine(_root.FullName, "home"), // Templates and tools that are installed.
            ["DOTNET_NOLOGO"] = "1",
            ["Logging__LogLevel__Default"] = "Warning",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        },
    })!;

    private static string Metadata(string key) => typeof(PackageFeed).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
