using PyAsync.Interop;
using PyAsync.Testing;
using PyAsync.Testing.Host;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// A method of the loop fails once, as it does where there is no memory: nothing crashes, the stop of the runtime settles what the failure has left behind,
/// and the failure reaches an awaiter or is reported.
/// </summary>
public sealed class HostileLoopTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("call_soon")]
    [InlineData("call_soon_threadsafe")]
    [InlineData("call_at")]
    [InlineData("create_future")]
    [InlineData("create_task")]
    [InlineData("call_exception_handler")]
    [InlineData("get_debug")]
    [InlineData("is_running")]
    [InlineData("is_closed")]
    [InlineData("time")]
    public async Task Loop_WhoseMethodFailsOnce_LosesNothingSilently(string method)
    {
        for (int call = 1; call <= Repetitions.Of(12); call++)
        {
            using var factory = new HostileLoopFactory(method, call);
            using var mix = new Mix();
            var reports = new WarningLog();
            await using IRuntime runtime = new ThreadPoolBackend().CreateRuntime(new PyAsyncOptions { ShutdownTimeout = TimeSpan.FromSeconds(1) }, factory, reports);
            await runtime.StartAsync();
            await factory.Arm(runtime);
            IReadOnlyList<(string What, Task Work)> works = mix.Start(runtime);
            Task all = Task.WhenAll(works.Select(static work => work.Work));
            bool stuck = await LostWork.IsLeft(all, () => factory.HasFailed);

            bool reported = false, hasRunFailed = false;
            try
            {
                await runtime.DisposeAsync().AsTask().WaitAsync(s_soon);
            }
            catch (PythonException e) when (e.Message.Contains(HostileLoopFactory.Injected, StringComparison.Ordinal))
            {
                reported = hasRunFailed = true;
            }

            reported |= reports.Entries.Any(static entry => entry.Contains(HostileLoopFactory.Injected, StringComparison.Ordinal));
            foreach ((string what, Task work) in works)
            {
                string which = $"{what}, at call {call} of {method}";
                await Task.WhenAny(work, Task.Delay(s_soon));
                work.IsCompleted.ShouldBeTrue(which);
                reported |= work.Exception?.ToString().Contains(HostileLoopFactory.Injected, StringComparison.Ordinal) ?? false;
                if (work.IsFaulted)
                {
                    Exception e = work.Exception.InnerException!;
                    (e.ToString().Contains(HostileLoopFactory.Injected, StringComparison.Ordinal) || ((stuck || hasRunFailed) && e is ObjectDisposedException)).ShouldBeTrue($"{which}: {e}");
                }
                else if (work.IsCanceled)
                {
                    (stuck || hasRunFailed).ShouldBeTrue($"{which} was cancelled");
                }
            }

            if (stuck)
            {
                reported.ShouldBeTrue($"{method} failed at call {call}, work was lost, and nothing says so: {string.Join(", ", works.Where(static work => work.Work.IsCanceled).Select(static work => work.What))}");
            }
        }

        // The interpreter is as good as before.
        await using IRuntime another = new ThreadPoolBackend().CreateRuntime();
        await another.StartAsync();
        using var whole = new Mix();
        await Task.WhenAll(whole.Start(another).Select(static work => work.Work)).WaitAsync(s_soon);
    }
}
