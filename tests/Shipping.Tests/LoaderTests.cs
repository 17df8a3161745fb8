using System.IO.Compression;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The loader of a hosted module finds .NET, or reports that there is no suitable one. Runs <c>_dotnet.py</c> alone, in plain Python.</summary>
public sealed partial class LoaderTests(Wheels wheels)
{
    private const string Prelude = """
        import importlib.util, json, os, sys
        spec = importlib.util.spec_from_file_location("_dotnet", sys.argv[1])
        dotnet = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(dotnet)

        def start(version, framework="Microsoft.NETCore.App"):
            config = os.path.join(sys.argv[2], "m.runtimeconfig.json")
            with open(config, "w") as file:
                json.dump({"runtimeOptions": {"rollForward": "LatestMajor", "framework": {"name": framework, "version": version}}}, file)
            try:
                dotnet._start("m", config).close()
                print("started")
            except ImportError as e:
                print(e)
        """;

    /// <summary>mypy requires it: without it, stubtest refuses every package that contains the files.</summary>
    [Fact]
    public void EmptyContainers_AreAnnotated() => Directory.GetFiles(Path.Combine(Repository.Root, "Tools/Loader"), "*.py")
        .SelectMany(static file => File.ReadLines(file)).ShouldAllBe(static line => !Regex.IsMatch(line, @"^\w+ = (\{\}|\[\]|set\(\)|dict\(\)|list\(\))"));

    [Fact]
    public async Task NoDotnet_SaysWhichIsNeededWhatToTypeAndWhereItLooked()
    {
        string empty = wheels.NewFolder("empty");
        string output = await Run($"""
            dotnet._places = lambda: [("/nowhere", "DOTNET_ROOT"), (r"{empty}", "dotnet on PATH")]
            dotnet.shutil.which = lambda command: command if command == "apt-get" else None
            dotnet.platform.machine = lambda: "x86_64"
            start("10.0.0")
            """);

        output.ShouldBeText($"""
            m is written in C# and needs .NET: Microsoft.NETCore.App 10.0.0 or newer, for x86_64.
            To install it: apt-get install dotnet-runtime-10.0. Or see https://dotnet.microsoft.com/download/dotnet/10.0.
            If it is installed, name its folder in DOTNET_ROOT. Looked in:
              /nowhere (DOTNET_ROOT): does not exist
              {empty} (dotnet on PATH): has no host/fxr
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("apk", "apk add aspnetcore10-runtime")]
    [InlineData("dnf", "dnf install aspnetcore-runtime-10.0")]
    [InlineData("", "the package aspnetcore-runtime-10.0")]
    public async Task TheWebFramework_IsAskedForByItsOwnPackage(string manager, string command)
    {
        string output = await Run($"""
            dotnet._places = lambda: []
            dotnet.shutil.which = lambda command: command if command == "{manager}" else None
            start("10.0.0", "Microsoft.AspNetCore.App")
            """);

        output.ShouldContain($"To install it: {command}. Or see");
    }

    [Fact]
    public async Task TooOldADotnet_SaysWhichVersionsAreThere()
    {
        string[] lines = (await Run("start('99.0.0')")).Split('\n');

        lines[0].ShouldStartWith("m is written in C# and needs .NET: Microsoft.NETCore.App 99.0.0 or newer");
        lines.ShouldContain(line => line.EndsWith($": has Microsoft.NETCore.App {Environment.Version}"));
    }

    [Fact]
    public async Task AnImportWithoutItsDotnet_FailsAgainAndAgainAndLeavesNoModule()
    {
        string folder = wheels.NewFolder("future"), config = Path.Combine(folder, "my_async_module/my_async_module.runtimeconfig.json");
        ZipFile.ExtractToDirectory(wheels.HostedSample, folder);
        string asked = File.ReadAllText(config), future = Version().Replace(asked, "\"version\": \"99.0.0\"");
        future.ShouldNotBe(asked);
        File.WriteAllText(config, future);

        string[] lines = (await Processes.Run(
            Processes.Python,
            ["-W", "error", "-c", """
                import sys
                for _ in range(2):
                    try:
                        import my_async_module
                    except ImportError as e:
                        print(type(e).__name__, e.name, e.path, "my_async_module" in sys.modules)
                        print(e)
                """],
            environment: ("PYTHONPATH", folder))).Succeeded().Split('\n');

        lines[0].ShouldBe($"ImportError my_async_module {config} False");
        lines[1].ShouldStartWith("my_async_module is written in C# and needs .NET: Microsoft.NETCore.App 99.0.0 or newer, for ");
        lines.ShouldContain(line => line.EndsWith($": has Microsoft.NETCore.App {Environment.Version}"));
        lines[..(lines.Length / 2)].ShouldBe(lines[(lines.Length / 2)..]);
    }

    [Fact]
    public async Task AFailedTry_LeavesTheProcessFitForAnother() =>
        (await Run("start('99.0.0'); start('1.0.0')")).Split('\n').Last().ShouldBe("started");

    [Fact]
    public async Task ABrokenHost_IsPassedOver()
    {
        string broken = wheels.NewFolder("broken"), fxr = Directory.CreateDirectory(Path.Combine(broken, "host/fxr/99.0.0")).FullName;
        File.WriteAllText(Path.Combine(fxr, "libhostfxr.so"), "not a library");

        (await Run("start('1.0.0')", ("DOTNET_ROOT", broken))).ShouldBe("started");
        (await Run($"dotnet._places = lambda: [(r'{broken}', 'DOTNET_ROOT')]; start('1.0.0')")).ShouldContain($"  {broken} (DOTNET_ROOT): ");
    }

    [Fact]
    public async Task Places_GoFromWhatTheUserSaysToWhatIsUsual()
    {
        string bin = wheels.NewFolder("bin"), home = wheels.NewFolder("home");
        string real = (await Processes.Run("sh", ["-c", "readlink -f \"$(command -v dotnet)\""])).Succeeded();
        File.CreateSymbolicLink(Path.Combine(bin, "dotnet"), real);

        string output = await Run(
            "print('\\n'.join(' '.join(place) for place in dotnet._places()))",
            ("PATH", bin), ("DOTNET_ROOT", "/general"), ("DOTNET_ROOT_X64", "/special"), ("DOTNET_ROOT_ARM64", "/special"), ("HOME", home));

        string[] lines = output.Split('\n');
        lines[0].ShouldStartWith("/special DOTNET_ROOT_");
        lines[1].ShouldBe("/general DOTNET_ROOT");
        lines[2].ShouldBe($"{Path.GetDirectoryName(real)} dotnet on PATH");
        lines.Last().ShouldBe($"{home}/.dotnet usual place");
    }

    [Fact]
    public async Task Versions_AreSortedByNumberWithPreviewsBeforeTheirRelease()
    {
        string folder = wheels.NewFolder("versions");
        Array.ForEach(["10.0.0", "9.0.12", "10.0.0-rc.1", "8.0.1"], version => Directory.CreateDirectory(Path.Combine(folder, version)));

        (await Run($"print(*dotnet._versions(r'{folder}'))")).ShouldBe("8.0.1 9.0.12 10.0.0-rc.1 10.0.0");
    }

    [Fact]
    public async Task ADotnetThatRunsAlready_IsNotReplaced()
    {
        string output = (await Processes.Run(wheels.Python, ["-c", """
            import json, os, sys, tempfile
            import second_module
            from second_module import _dotnet
            config = os.path.join(tempfile.mkdtemp(), "m.runtimeconfig.json")
            with open(config, "w") as file:
                json.dump({"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "99.0.0"}}}, file)
            try:
                _dotnet._start("m", config)
            except ImportError as e:
                print(e)
            """])).Succeeded();

        output.ShouldContain("Another .NET runs in this process, and a process can have only one: import the module that needs the newest first.\n  this process: ");
    }

    private async Task<string> Run(string code, params (string, string?)[] environment) => (await Processes.Run(
        Processes.Python,
        ["-c", Prelude + "\n" + code, Path.Combine(Repository.Root, "Tools/Loader/_dotnet.py"), wheels.NewFolder("config-" + Guid.NewGuid())],
        environment: environment)).Succeeded();

    [GeneratedRegex("\"version\": \"[^\"]+\"")]
    private static partial Regex Version();
}
