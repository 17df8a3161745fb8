using System.IO.Compression;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The wheels themselves, and what pip and Python make of them.</summary>
public sealed class WheelTests(Wheels wheels)
{
    private const string Describe = """
        import importlib, inspect, sys
        import my_async_module as m
        assert importlib.reload(m) is m
        assert m.__name__ == m.__package__ == m.__spec__.name == "my_async_module", (m.__name__, m.__package__)
        assert m.__spec__.origin == m.__file__ and m.__spec__.loader is m.__loader__
        assert m.__doc__ == "Async functions written in C#.", m.__doc__
        assert m.sleep.__module__ == "my_async_module" and inspect.getmodule(m.sleep) is m
        assert sys.modules["my_async_module"] is m and type(m).__name__ == "module"
        print(m.__file__)
        """;

    [Fact]
    public void Names_HavePythonsAndPlatform()
    {
        string architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";
        Path.GetFileName(wheels.NativeSample).ShouldBe($"my_async_module-0.1.0-cp311-abi3-linux_{architecture}.whl");
        Path.GetFileName(wheels.HostedSample).ShouldBe("my_async_module-0.1.0-py3-none-any.whl");
    }

    [Fact]
    public void Contents_AreOnePackageAndItsMetadata()
    {
        using ZipArchive native = ZipFile.OpenRead(wheels.NativeSample), hosted = ZipFile.OpenRead(wheels.HostedSample);

        Names(native).ShouldBe([
            "my_async_module-pyasync.pth", "my_async_module/__init__.abi3.so", "my_async_module/__init__.pyi",
            "my_async_module/_pyasync/pyasync/__init__.py", "my_async_module/_pyasync/pyasync/__init__.pyi", "my_async_module/_pyasync/pyasync/py.typed",
            "my_async_module/py.typed",
            "my_async_module-0.1.0.dist-info/METADATA", "my_async_module-0.1.0.dist-info/WHEEL", "my_async_module-0.1.0.dist-info/RECORD"]);
        string[] needed =
        [
            "my_async_module/__init__.py", "my_async_module/__init__.pyi", "my_async_module/py.typed", "my_async_module/_hosted.py",
            "my_async_module/my_async_module.dll", "my_async_module/my_async_module.runtimeconfig.json", "my_async_module/PyAsync.Core.dll",
        ];
        needed.ShouldBeSubsetOf(Names(hosted));
        Names(hosted).ShouldNotContain(name => name.Contains("dotnet-pyasync"));
        Text(native, "METADATA").ShouldContain("\nSummary: Async functions written in C#, for Python.\n");
        Text(native, "WHEEL").ShouldContain("\nRoot-Is-Purelib: false\nTag: cp311-abi3-linux_");
        Text(hosted, "WHEEL").ShouldContain("\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Text(native, "my_async_module/__init__.pyi").ShouldBe(Text(hosted, "my_async_module/__init__.pyi"));
        new FileInfo(wheels.NativeSample).Length.ShouldBeLessThan(4_000_000);
        native.GetEntry("my_async_module/__init__.abi3.so")!.Length.ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public void Record_ListsEveryFileWithItsHash()
    {
        foreach (string wheel in (string[])[wheels.NativeSample, wheels.HostedSample])
        {
            using ZipArchive archive = ZipFile.OpenRead(wheel);
            string[] expected = [.. archive.Entries.Select(entry => entry.Name == "RECORD" ? $"{entry.FullName},," : $"{entry.FullName},sha256={WheelWriter.Hash(Bytes(entry))},{entry.Length}")];
            Text(archive, "RECORD").TrimEnd().Split('\n').ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Build_OfTheSameSource_GivesTheSameHostedBytes()
    {
        string again = wheels.NewFolder("again");
        (await Processes.Tool(["build", Path.Combine(Repository.Root, "samples/NativeModule"), "--form", "hosted", "-c", Processes.Metadata("Configuration"), "-o", again])).Succeeded();

        string wheel = Directory.GetFiles(again).Single();
        Hashes(wheel).ShouldBe(Hashes(wheels.HostedSample)); // Says which file is another.
        File.ReadAllBytes(wheel).SequenceEqual(File.ReadAllBytes(wheels.HostedSample)).ShouldBeTrue();

        static string[] Hashes(string file)
        {
            using ZipArchive archive = ZipFile.OpenRead(file);
            return [.. archive.Entries.Where(entry => entry.Name != "RECORD").Select(entry => $"{entry.FullName} {WheelWriter.Hash(Bytes(entry))}")];
        }
    }

    [Fact]
    public async Task Pip_InstallsChecksAndUninstallsEitherForm()
    {
        string python = await wheels.NewEnvironmentWithPip("pip");
        string packages = (await Processes.Run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])).Succeeded();
        foreach (string wheel in (string[])[wheels.NativeSample, wheels.HostedSample])
        {
            await wheels.Install(python, wheel);
            (await Processes.Run(python, ["-c", Describe])).Succeeded().ShouldStartWith(Path.Combine(packages, "my_async_module/__init__."));
            (await Processes.Run(python, [Path.Combine(Repository.Root, "samples/NativeModule/app.py")])).Succeeded().ShouldEndWith("done");

            await wheels.Uninstall(python, "my_async_module");
            Directory.GetFileSystemEntries(packages, "my_async_module*").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Stub_IsPython()
    {
        string stub = wheels.NewFolder("stub");
        ZipFile.ExtractToDirectory(wheels.HostedSample, stub);

        (await Processes.Run(Processes.Python, ["-c", "import ast, sys; print(*(node.name for node in ast.parse(open(sys.argv[1]).read()).body if isinstance(node, ast.FunctionDef)))", Path.Combine(stub, "my_async_module/__init__.pyi")]))
            .Succeeded().ShouldBe("sleep await_coro await_callable");
    }

    [Fact]
    public async Task AZippedPackage_SaysThatItHasToBeUnpacked()
    {
        string zip = Path.Combine(wheels.NewFolder("zipped"), "hosted.zip");
        File.Copy(wheels.HostedSample, zip);

        Outcome outcome = await Processes.Run(Processes.Python, ["-c", "import sys; sys.path.insert(0, sys.argv[1]); import my_async_module", zip]);

        outcome.Errors.ShouldContain("ImportError: my_async_module: there is no my_async_module.dll in ");
        outcome.Errors.ShouldContain(".NET loads only files: unpack the archive, or install the wheel with pip.");
    }

    [Theory]
    [InlineData("my_async_module")]
    [InlineData("second_module")]
    public async Task ASubinterpreter_GetsAnImportError(string module)
    {
        string output = (await Processes.Run(wheels.Python, ["-c", $"""
            import os, sys
            try:
                import _interpreters as interpreters
            except ImportError:
                import _xxsubinterpreters as interpreters
            code = "try:\n    import {module}\nexcept ImportError as e:\n    print(type(e).__name__, flush=True)\nelse:\n    print('imported', flush=True)"
            interpreters.run_string(interpreters.create(), code)
            """])).Succeeded();

        output.ShouldBeText("ImportError");
    }

    private static string[] Names(ZipArchive archive) => [.. archive.Entries.Select(entry => entry.FullName)];

    private static string Text(ZipArchive archive, string name) =>
        System.Text.Encoding.UTF8.GetString(Bytes(archive.Entries.Single(entry => entry.FullName == name || entry.Name == name)));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var memory = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
