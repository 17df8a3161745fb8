using Xunit;

namespace PyAsync.Tests;

/// <summary><c>Environment.Exit</c> in hosts, as <see cref="ExitTests"/>. A separate class, whose processes run beside those of the others.</summary>
public sealed class HostExitTests
{
    private static readonly string[] s_bootstraps = ["host", "main-host"];

    public static TheoryData<string, string> Exits() => ExitTests.ExitsOf(s_bootstraps);

    [Theory]
    [MemberData(nameof(Exits))]
    public Task Exit_WhereverCSharpRuns_RunsPythonsExitFunctions(string bootstrap, string place) => ExitTests.RunsPythonsExitFunctions(bootstrap, place);
}
