using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// Python has no memory: each allocation of an operation fails once, in a separate process. The operation fails with a MemoryError or succeeds, and the process
/// lives.
/// </summary>
public sealed class MemoryFaultTests
{
    public static TheoryData<string> Operations => [.. MemoryScenario.Operations];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task EachAllocation_ThatFails_FailsTheOperationAlone(string operation)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["memory", operation]);

        Assert.SkipWhen(code == MemoryScenario.Missing, $"This Python has no module _testcapi, which makes allocations fail: {output}");
        code.ShouldBe(0, output + errors);
    }
}
