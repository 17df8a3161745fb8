using System.Diagnostics;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The command: when it writes, when it fails, and which files it reads.</summary>
public sealed class BindCommandTests : IDisposable
{
    private const string Module = """
        async def forecast(city: str) -> str:
            return city
        """;

    private readonly BindTool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task SecondRun_ChangesNothing()
    {
        _tool.Write("weather.py", Module);
        (await _tool.Bind("weather")).ShouldContain("Weather.g.cs: 1 members, 1 with complete hints (1 without PyObject), 0 with Any or missing hints, 0 without hints.");
        string first = _tool.Read("Weather.g.cs");
        DateTime time = Age("Weather.g.cs");

        (await _tool.Bind("weather.py")).ShouldContain("Weather.g.cs is up to date.");

        _tool.Read("Weather.g.cs").ShouldBe(first);
        File.GetLastWriteTimeUtc(Path.Combine(_tool.Folder, "Weather.g.cs")).ShouldBe(time);
    }

    [Fact]
    public async Task ChangedBody_IsNoChangeOfTheHints()
    {
        _tool.Write("weather.py", Module);
        await _tool.Bind("weather");
        DateTime time = Age("Weather.g.cs");
        _tool.Write("weather.py", Module.Replace("return city", "return city.upper()") + "\nimport asyncio\n_cache = {}\n");

        await _tool.Bind("weather");
        await _tool.Bind("weather", "--check");

        File.GetLastWriteTimeUtc(Path.Combine(_tool.Folder, "Weather.g.cs")).ShouldBe(time);
    }

    [Theory]
    [InlineData("city: str", "city: str, days: int = 3")]
    [InlineData("-> str", "-> bytes")]
    [InlineData("async def forecast", "async def predict")]
    public async Task Check_StaleFile_FailsWithTheCommand(string before, string after)
    {
        _tool.Write("weather.py", Module);
        await _tool.Bind("weather");
        _tool.Write("weather.py", Module.Replace(before, after));

        (await _tool.Fails("weather", "--check")).ShouldBe(
            $"{_tool.Folder}/Weather.g.cs : error PYASYNC070: The file is stale: the type hints of weather, or the command's options, have changed since it was written. Write it again: dotnet pyasync bind weather");
        _tool.Read("Weather.g.cs").ShouldContain("ForecastAsync(string city");
    }

    /// <summary>The command in the message has the namespace, so that it can be copied.</summary>
    [Fact]
    public async Task Check_WithAnotherNamespace_FailsWithTheCommand()
    {
        _tool.Write("weather.py", Module);
        await _tool.Bind("weather");

        (await _tool.Fails("weather", "--check", "--namespace", "Shop.Weather")).ShouldEndWith("Write it again: dotnet pyasync bind weather --namespace Shop.Weather");
    }

    [Fact]
    public async Task Check_MissingFile_Fails()
    {
        _tool.Write("weather.py", Module);

        (await _tool.Fails("weather", "--check")).ShouldContain("Weather.g.cs : error PYASYNC070: The file for weather does not exist.");
        File.Exists(Path.Combine(_tool.Folder, "Weather.g.cs")).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_FileChangedByHand_Fails()
    {
        _tool.Write("weather.py", Module);
        await _tool.Bind("weather");
        _tool.Write("Weather.g.cs", _tool.Read("Weather.g.cs").Replace("string city", "object city"));

        (await _tool.Fails("weather", "--check")).ShouldContain("The file was changed by hand.");
    }

    [Fact]
    public async Task Check_OtherLineEnds_IsNoChange()
    {
        _tool.Write("weather.py", Module);
        await _tool.Bind("weather");
        _tool.Write("Weather.g.cs", _tool.Read("Weather.g.cs").Replace("\n", "\r\n"));

        await _tool.Bind("weather", "--check");
    }

    [Fact]
    public async Task ModuleWithoutMembers_SaysWhatToBind()
    {
        _tool.Write("weather.py", "import json\n");

        (await _tool.Bind("weather")).ShouldContain("Weather.g.cs has no members: the module defines no public functions and classes itself. Bind the modules that define them.");
    }

    [Fact]
    public async Task Variable_NamesNoFile_IsNamedInTheError()
    {
        _tool.Write("weather.py", Module);
        _tool.Python = "/no/such/python3";

        (await _tool.Fails("weather")).ShouldContain("PYASYNC_PYTHON names /no/such/python3, which does not exist: correct the variable, unset it, or name an interpreter with --python.");
    }

    [Fact]
    public async Task FileOfAnotherProgram_IsNotOverwritten()
    {
        _tool.Write("weather.py", Module);
        _tool.Write("Weather.g.cs", "// mine");

        (await _tool.Fails("weather")).ShouldContain("Weather.g.cs was not written by dotnet pyasync bind. Delete it, or name another folder with --output.");
        _tool.Read("Weather.g.cs").ShouldBe("// mine");
    }

    [Fact]
    public async Task SeveralModules_ShareTheirTypes()
    {
        _tool.Write("shop/__init__.py", "");
        _tool.Write("shop/orders.py", "from dataclasses import dataclass\n@dataclass\nclass Order:\n    number: int\n");
        _tool.Write("shop/cart.py", "from .orders import Order\nasync def order() -> Order: ...\n");

        await _tool.Bind("shop.orders", "shop/cart.py", "-o", "Generated", "-n", "Shop");

        _tool.Read("Generated/ShopOrders.g.cs").ShouldContain("public partial record Order(long Number);");
        _tool.Read("Generated/ShopCart.g.cs").ShouldContain("Task<Order> OrderAsync(CancellationToken cancellationToken = default);");
        _tool.Read("Generated/ShopCart.g.cs").ShouldNotContain("record Order");
    }

    [Fact]
    public async Task Namespace_IsThatOfTheProject()
    {
        _tool.Write("weather.py", Module);
        _tool.Write("My-App.csproj", "<Project />");
        await _tool.Bind("weather");
        _tool.Read("Weather.g.cs").ShouldContain("\nnamespace My_App;\n");

        _tool.Write("My-App.csproj", "<Project><PropertyGroup><RootNamespace>Company.App</RootNamespace></PropertyGroup></Project>");
        await _tool.Bind("weather");
        _tool.Read("Weather.g.cs").ShouldContain("\nnamespace Company.App;\n");
    }

    [Fact]
    public async Task Modules_AreNotImported_UnlessImportIsGiven()
    {
        _tool.Write("weather.py", Module + "\nopen('imported', 'w').close()\nglobals()['made'] = lambda: 1\n");

        await _tool.Bind("weather");
        File.Exists(Path.Combine(_tool.Folder, "imported")).ShouldBeFalse();
        _tool.Read("Weather.g.cs").ShouldNotContain("MadeAsync");

        await _tool.Bind("weather", "--import");
        File.Exists(Path.Combine(_tool.Folder, "imported")).ShouldBeTrue();
        _tool.Read("Weather.g.cs").ShouldContain("Task<PyObject> MadeAsync(CancellationToken cancellationToken = default);");
    }

    [Fact]
    public async Task ModuleThatPrints_IsRead()
    {
        _tool.Write("weather.py", "print('loading')\n" + Module);

        await _tool.Bind("weather", "--import");
    }

    [Fact]
    public async Task ModuleNamedAsOneOfTheStandardLibrary_DoesNotDisturbTheReader()
    {
        _tool.Write("weather.py", Module);
        _tool.Write("ast.py", "raise SystemExit('the wrong ast')");
        _tool.Write("json.py", "raise SystemExit('the wrong json')");

        await _tool.Bind("weather");
    }

    [Fact]
    public async Task ExtensionModule_IsReadWithImportOnly()
    {
        (await _tool.Fails("_json")).ShouldContain("There is no source and no stub of the module _json");

        await _tool.Bind("_json", "--import");
        _tool.Read("Json.g.cs").ShouldContain("public partial interface IJson");
    }

    [Theory]
    [InlineData("no_such_module", "There is no source and no stub of the module no_such_module in Python 3.")]
    [InlineData("no/such/file.py", "There is no file no/such/file.py.")]
    [InlineData("not-a-module", "'not-a-module' is not the name of a module. Name a module (redis.asyncio) or a file (weather.py).")]
    [InlineData("broken.py", "broken.py, line 2 is not valid Python 3.")]
    [InlineData("bad-name.py", "bad-name.py cannot be imported: 'bad-name' is not the name of a module.")]
    public async Task ModuleThatCannotBeRead_IsNamed(string module, string message)
    {
        _tool.Write("broken.py", "import os\ndef f(:\n");
        _tool.Write("bad-name.py", "");

        string error = await _tool.Fails(module);

        error.ShouldStartWith("pyasync : error : ");
        error.ShouldContain(message);
        error.ShouldNotContain("Traceback");
    }

    [Fact]
    public async Task ImportThatFails_IsNamed()
    {
        _tool.Write("weather.py", "raise RuntimeError('no station')");

        (await _tool.Fails("weather", "--import")).ShouldBe("pyasync : error : import weather failed: RuntimeError: no station");
    }

    [Theory]
    [InlineData("no-such-python", "no-such-python could not be run: ")]
    [InlineData("/bin/true", "/bin/true is not a Python")]
    public async Task WrongPython_IsNamed(string python, string message)
    {
        _tool.Write("weather.py", Module);

        (await _tool.Fails("weather", "--python", python)).ShouldContain(message);
    }

    [Fact]
    public async Task Griffe_SeparatesTheSectionsOfDocstrings_AndTheFileIsTheSameToCheck()
    {
        using (Process probe = Process.Start(new ProcessStartInfo(BindTool.TestedPython, ["-c", "import griffe"]) { RedirectStandardError = true })!)
        {
            await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(probe.ExitCode != 0, $"griffe is not installed in {BindTool.TestedPython}. On Debian type: apt-get install python3-griffe");
        }

        _tool.Write("weather.py", "async def forecast(city: str) -> str:\n    \"\"\"Forecast.\n\n    Args:\n        city: The city's name.\n    \"\"\"\n");
        await _tool.Bind("weather");

        _tool.Read("Weather.g.cs").ShouldContain("/// <param name=\"city\">The city's name.</param>");

        // Another machine has no griffe: the hints are the same, so the file is up to date there.
        _tool.Write("without/griffe.py", "raise ImportError('not installed')");
        _tool.PythonPath = Path.Combine(_tool.Folder, "without");
        await _tool.Bind("weather", "--check");
        File.Delete(Path.Combine(_tool.Folder, "Weather.g.cs"));
        await _tool.Bind("weather");
        _tool.Read("Weather.g.cs").ShouldNotContain("<param name=\"city\">");
    }

    /// <summary>Sets the time of a file back, so that a second write is visible.</summary>
    private DateTime Age(string file)
    {
        string path = Path.Combine(_tool.Folder, file);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return File.GetLastWriteTimeUtc(path);
    }
}
