using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Programs of PyAsyncApp whose main work blocks its thread, or all threads of the pool. A separate class, whose processes run beside those of the others.</summary>
public sealed class BlockedMainWorkTests
{
    [Theory]
    [InlineData("waits", "ThreadPool")]
    [InlineData("waits", "DedicatedThread")]
    [InlineData("waits", "LoopThread")]
    [InlineData("waits-for-python", "ThreadPool")]
    [InlineData("waits-for-python", "DedicatedThread")]
    [InlineData("waits-for-python", "LoopThread")]
    [InlineData("waits-attached", "ThreadPool")]
    [InlineData("waits-attached", "DedicatedThread")]
    [InlineData("waits-attached", "LoopThread")]
    [InlineData("waits-on-loop", "ThreadPool")]
    [InlineData("waits-on-loop", "DedicatedThread")]
    [InlineData("waits-on-loop", "LoopThread")]
    [InlineData("blocks-pool", "ThreadPool")]
    [InlineData("blocks-pool", "DedicatedThread")]
    public async Task Sigterm_MainWorkThatBlocksThreads_EndsInTimeWithItsExitCode(string scenario, string backend)
    {
        // No wait is refused: it would end the main work.
        (int code, string output, string errors) = await AppProcessTests.Signalled(scenario, "TERM", "--PyAsync:Backend=" + backend, "--PyAsync:BlockingWaitTimeout=1.00:00:00");

        errors.ShouldContain("without waiting longer (ShutdownTimeout is 00:00:00.3000000)");
        errors.ShouldNotContain("   at ");
        output.ShouldContain("finalised");
        code.ShouldBe(143, errors);
    }
}
