using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Faults that only a process can show that has not used the library before.</summary>
public sealed class FirstUseTests
{
    [Fact]
    public async Task SeveralRuntimes_StartAtOnceWhileOthersAsk_InTwentyProcesses()
    {
        for (int i = 0; i < Repetitions.Of(20); i++)
        {
            (int code, string output, string errors) = await ChildProcess.Run(["first-starts"]);

            errors.ShouldBeEmpty();
            (code, output.Trim()).ShouldBe((0, "started"));
        }
    }

    [Fact]
    public async Task SeveralLoops_AreTheFirstToUseTheLibrary_InTenProcesses()
    {
        for (int i = 0; i < Repetitions.Of(10); i++)
        {
            (int code, string output, string errors) = await ChildProcess.Run(["first-use"]);

            errors.ShouldBeEmpty();
            (code, output.Trim()).ShouldBe((0, "120"));
        }
    }
}
