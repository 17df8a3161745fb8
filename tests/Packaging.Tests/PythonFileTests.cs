using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Which Python files of a project the package copies beside the application.</summary>
public sealed class PythonFileTests(PackageFeed feed)
{
    private const string Nothing = "System.Console.WriteLine();";

    [Fact]
    public async Task PythonFiles_OfAProject_AreCopiedAndPublished()
    {
        string folder = feed.NewProject(
            "python-files",
            ("app.csproj", PackageFeed.Application(["PyAsync"], """
                <ItemGroup>
                  <Content Include="content.py" CopyToOutputDirectory="PreserveNewest" />
                  <EmbeddedResource Include="embedded.py" />
                  <None Remove="removed.py" />
                  <None Update="never.py" CopyToOutputDirectory="Never" />
                </ItemGroup>
                """)),
            ("Program.cs", Nothing),
            ("main.py", ""),
            ("package/__init__.py", ""),
            ("package/below/module.py", ""),
            ("content.py", ""),
            ("embedded.py", ""),
            ("removed.py", ""),
            ("never.py", ""),
            (".venv/lib/site.py", ""),
            ("environment/pyvenv.cfg", ""),
            ("environment/lib/site.py", ""),
            ("bin/left.py", ""),
            ("obj/left.py", ""));
        string[] expected = ["content.py", "main.py", "package/__init__.py", "package/below/module.py"];

        await feed.Dotnet(folder, "build");
        await feed.Dotnet(folder, "publish", "-o", "../python-files-published");

        Files(Path.Combine(folder, "bin/Debug/net10.0")).ShouldBe(expected);
        Files(Path.Combine(folder, "../python-files-published")).ShouldBe(expected);
    }

    [Fact]
    public async Task PythonFiles_SwitchedOff_AreNotCopied()
    {
        string folder = feed.NewProject(
            "no-python-files",
            ("app.csproj", PackageFeed.Application(["PyAsync"], "<PropertyGroup><EnableDefaultPythonItems>false</EnableDefaultPythonItems></PropertyGroup>")),
            ("Program.cs", Nothing),
            ("main.py", ""));

        await feed.Dotnet(folder, "build");

        Files(Path.Combine(folder, "bin/Debug/net10.0")).ShouldBeEmpty();
    }

    [Fact]
    public async Task PythonFiles_OfALibrary_AreCopiedToTheApplicationThatRefersToIt()
    {
        feed.NewProject(
            "with-library/library",
            ("library.csproj", PackageFeed.Application(["PyAsync"], "<PropertyGroup><OutputType>Library</OutputType></PropertyGroup>")),
            ("ofLibrary.py", ""));
        string folder = feed.NewProject(
            "with-library/app",
            ("app.csproj", PackageFeed.Application([], """<ItemGroup><ProjectReference Include="../library/library.csproj" /></ItemGroup>""")),
            ("Program.cs", Nothing),
            ("ofApplication.py", ""));

        await feed.Dotnet(folder, "build");

        Files(Path.Combine(folder, "bin/Debug/net10.0")).ShouldBe(["ofApplication.py", "ofLibrary.py"]);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder, "*.py", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
