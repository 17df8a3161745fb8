using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>samples/HttpModule, which checks itself. Its comparison with aiohttp is for reading: speed fails nothing.</summary>
public sealed class HttpSampleTests(Wheels wheels)
{
    [Theory]
    [InlineData("aot")]
    [InlineData("hosted")]
    public async Task App_EndsWell(string form)
    {
        string wheel = await wheels.Build("samples/HttpModule", "--form", form);
        string python = await wheels.NewEnvironment("http-" + form, "--system-site-packages"); // For aiohttp, if it is there.
        await wheels.Pip(python, "install", "--no-index", wheel);

        string output = (await Processes.Run(python, [Path.Combine(Repository.Root, "samples/HttpModule/app.py")])).Succeeded();

        TestContext.Current.TestOutputHelper!.WriteLine(output);
        output.ShouldEndWith("all right");
    }
}
