using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The module <c>pyasync</c>, in plain Python: there, and typed, without any module written in C#.</summary>
public sealed class SharedPackageTests(Wheels wheels)
{
    private const string ImportAlone = """
        import sys
        import pyasync
        assert not {"my_async_module", "my_test_module", "second_module"} & set(sys.modules)
        assert issubclass(pyasync.DotNetException, Exception) and pyasync.DotNetException.__module__ == "pyasync"
        print(pyasync.__file__)
        """;

    [Theory]
    [InlineData("my_test_module", "fail_later('failed')")]
    [InlineData("second_module", "fail()")]
    public async Task Import_BeforeAModule_GivesTheTypesThatTheModuleUses(string module, string call) =>
        (await Processes.Run(wheels.Python, ["-c", $$"""
            {{ImportAlone}}
            import asyncio, {{module}}
            async def main():
                try:
                    await {{module}}.{{call}}
                except pyasync.DotNetException as e:
                    print(type(e) is pyasync.DotNetException, e.dotnet_type)
            asyncio.run(main())
            assert sys.modules["pyasync"] is pyasync
            """])).Succeeded().Split('\n')[1..].ShouldBe(["True System.InvalidOperationException"]);

    [Fact]
    public async Task Import_AfterAModule_GivesTheSame() =>
        (await Processes.Run(wheels.Python, ["-c", """
            import my_test_module, pyasync, second_module, sys
            assert sys.modules["pyasync"] is pyasync
            print(pyasync.DotNetException.__qualname__)
            """])).Succeeded().ShouldBe("DotNetException");

    [Fact]
    public async Task Uninstall_OfOneOfTwoWheels_LeavesTheOtherWhole()
    {
        string python = await wheels.NewEnvironmentWithPip("two-wheels");
        string packages = (await Processes.Run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])).Succeeded();
        await wheels.Install(python, wheels.HostedSample, wheels.Second);
        (await Processes.Run(python, ["-c", ImportAlone])).Succeeded().ShouldStartWith(packages);

        await wheels.Uninstall(python, "my_async_module");
        (await Processes.Run(python, ["-c", ImportAlone])).Succeeded().ShouldStartWith(Path.Combine(packages, "second_module"));
        await wheels.Install(python, wheels.HostedSample);
        await wheels.Uninstall(python, "second_module");
        (await Processes.Run(python, ["-c", ImportAlone])).Succeeded().ShouldStartWith(Path.Combine(packages, "my_async_module"));

        await wheels.Uninstall(python, "my_async_module");
        (await Processes.Run(python, ["-c", "import pyasync"])).Errors.ShouldContain("ModuleNotFoundError: No module named 'pyasync'");
        Directory.GetFileSystemEntries(packages).Select(Path.GetFileName).ShouldNotContain(name => name!.Contains("module", StringComparison.Ordinal) || name.Contains("pyasync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Develop_InstallsItToo_AndAgain()
    {
        string python = await wheels.NewEnvironment("shared-develop"), environment = Path.GetDirectoryName(Path.GetDirectoryName(python))!;
        for (int i = 0; i < 2; i++)
        {
            (await Processes.Tool(["develop", Path.Combine(Repository.Root, "tests/Shipping.Tests/Modules/second_module"), "-c", Processes.Metadata("Configuration")], null, ("VIRTUAL_ENV", environment))).Succeeded();
            (await Processes.Run(python, ["-c", ImportAlone])).Succeeded().ShouldContain("second_module/_pyasync/pyasync/__init__.py");
        }
    }

    [Fact]
    public async Task Stub_DeclaresWhatTheModuleHas()
    {
        string folder = wheels.NewFolder("typings");
        string stub = (await Processes.Tool(["stub", folder])).Succeeded();
        stub.ShouldBe(Path.Combine(folder, "pyasync/__init__.pyi"));

        (await Processes.Run(wheels.Python, ["-c", """
            import ast, pathlib, sys
            import pyasync

            private = {"_T"}  # The type variable of the stub alone.

            def declared(path):
                found = {}
                for node in ast.parse(path.read_text()).body:
                    if isinstance(node, ast.ClassDef):
                        found[node.name] = {ast.unparse(n.target if isinstance(n, ast.AnnAssign) else n.targets[0]) for n in node.body if isinstance(n, (ast.AnnAssign, ast.Assign))}
                    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) not in private:
                        found[ast.unparse(node.targets[0])] = ast.unparse(node.value)
                return found

            source = pathlib.Path(pyasync.__file__)
            assert (source.parent / "py.typed").exists()
            assert declared(source) == declared(source.with_suffix(".pyi")), (declared(source), declared(source.with_suffix(".pyi")))
            assert source.with_suffix(".pyi").read_text() == pathlib.Path(sys.argv[1]).read_text()
            print(*sorted(declared(source)["DotNetException"]))
            """, stub])).Succeeded().ShouldBe("dotnet_type stack_trace");
    }
}
