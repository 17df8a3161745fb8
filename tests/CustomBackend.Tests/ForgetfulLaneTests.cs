using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The suite fails a backend whose lanes do not know their threads.</summary>
public sealed class ForgetfulLaneTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suite_WithABackendWhoseIsCurrentThreadIsConstant_Fails(bool answer)
    {
        await using var fixture = new ForgetfulFixture { Answer = answer };
        await fixture.InitializeAsync();
        await using var suite = new ForgetfulBaseline(fixture);

        // Not Should.ThrowAsync, which lets the failures of other assertions pass.
        Exception? failure = await Record.ExceptionAsync(suite.A_lane_knows_its_threads);

        failure.ShouldBeOfType<ShouldAssertException>().Message.ShouldContain(nameof(WorkLane.IsCurrentThread));
    }

    // Not public, so that the runner does not run its tests.
    private sealed class ForgetfulBaseline(ForgetfulFixture fixture) : BaselineTests<ForgetfulFixture>(fixture);

    private sealed class ForgetfulFixture : RuntimeFixture
    {
        public bool Answer { get; init; }

        public override RuntimeBackend CreateBackend() => new ForgetfulBackend(Answer);
    }

    private sealed class ForgetfulBackend(bool answer) : RuntimeBackend
    {
        public override string Name => "Forgetful";

        public override WorkLane OpenLane(EventLoop loop) => new Lane(answer);

        private sealed class Lane(bool answer) : WorkLane
        {
            public override bool IsCurrentThread => answer;

            public override LaneAffinity Affinity => LaneAffinity.Pool;

            public override void Schedule(Action<object?> work, object? state) => ThreadPool.UnsafeQueueUserWorkItem(item => item.work(item.state), (work, state), preferLocal: false);
        }
    }
}
