using PyAsync.Interop;
using PyAsync.Testing;
using PyAsync.Testing.Host;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Slow and dying threads of a backend.</summary>
public sealed class BackendFaultTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task SlowBackend_DoesAll()
    {
        await using IRuntime runtime = new FaultyBackend(BackendFault.Slow, 0).CreateRuntime(eventLoop: TestLoops.Create());
        await runtime.StartAsync();
        for (int i = 0; i < Repetitions.Of(20); i++)
        {
            using var mix = new Mix();
            await Task.WhenAll(mix.Start(runtime).Select(static work => work.Work)).WaitAsync(s_soon);
        }
    }

    /// <summary>
    /// If scheduling throws, the work fails with that exception. Lost items are settled by the end of the runtime: it settles awaits of both sides, and reports
    /// spawned work by name.
    /// </summary>
    [Theory]
    [InlineData(BackendFault.Dies)]
    [InlineData(BackendFault.Loses)]
    public async Task BackendWhoseThreadDies_LeavesNothingPending(BackendFault fault)
    {
        for (int after = 0; after < Repetitions.Of(20); after++)
        {
            var reports = new WarningLog();
            using var mix = new Mix();
            var backend = new FaultyBackend(fault, after);
            await using IRuntime runtime = backend.CreateRuntime(new PyAsyncOptions { ShutdownTimeout = TimeSpan.FromSeconds(1) }, TestLoops.Create(), reports);
            await runtime.StartAsync();
            IReadOnlyList<(string What, Task Work)> works = mix.Start(runtime);
            Task all = Task.WhenAll(works.Select(static work => work.Work));
            bool stuck = await LostWork.IsLeft(all, () => backend.HasFailed);

            await runtime.DisposeAsync().AsTask().WaitAsync(s_soon);

            foreach ((string what, Task work) in works)
            {
                // The body of a group runs as spawned work does.
                if (what is "spawn" or "pinned" or "group" && !work.IsFaulted)
                {
                    (work.IsCompleted || reports.Entries.Any(static entry => entry.Contains("C# work", StringComparison.Ordinal))).ShouldBeTrue($"{what}, {fault} after {after}");
                    continue;
                }

                await Task.WhenAny(work, Task.Delay(s_soon));
                work.IsCompleted.ShouldBeTrue($"{what}, {fault} after {after}");
                if (work.IsFaulted)
                {
                    Exception e = work.Exception.InnerException!;
                    (e.ToString().Contains("has died", StringComparison.Ordinal) || (stuck && e is ObjectDisposedException or EventLoopClosedException)).ShouldBeTrue($"{what}, {fault} after {after}: {e}");
                }
            }

            if (stuck && works.Any(static work => work.Work.IsCanceled))
            {
                reports.Entries.ShouldNotBeEmpty($"{fault} after {after}: work was lost, and nothing says so");
            }
        }
    }
}
