using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Hosts as a shell sees them. A separate class, whose processes run beside those of the others.</summary>
public sealed class HostProcessTests
{
    [Theory]
    [InlineData("host-ignores", "stubborn")]
    [InlineData("host-blocks", "1 blocked event loop")]
    [InlineData("host-blocks-gil", "1 blocked event loop")]
    [InlineData("main-host-ignores", "stubborn")]
    [InlineData("main-host-blocks", "1 blocked event loop")]
    [InlineData("main-host-blocks-gil", "1 blocked event loop")]
    public async Task Sigterm_HostWithPythonCodeThatIgnoresIt_EndsAsAnyHostDoes(string scenario, string named)
    {
        (int code, string output, string errors) = await AppProcessTests.Signalled(scenario, "TERM");

        errors.ShouldContain(named);
        errors.ShouldNotContain("   at ");
        output.ShouldContain("ready");
        code.ShouldBe(0, errors);
    }

    [Theory]
    [InlineData("host-ignores")]
    [InlineData("main-host-ignores")]
    [InlineData("main-host-blocks")]
    public async Task Sigterm_RuntimeWithMoreTimeThanItsHost_EndsWithTheHost(string scenario)
    {
        (int code, _, string errors) = await AppProcessTests.Signalled(scenario, "TERM", "--PyAsync:ShutdownTimeout=01:00:00");

        errors.ShouldContain("HostOptions.ShutdownTimeout");
        code.ShouldBe(0, errors);
    }
}
