using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>.NET awaits coroutines that fail, one after another; docs/exceptions.md quotes the ratios.</summary>
internal static class FailureSuite
{
    private const int Count = 1_000;

    public static async Task Run(BenchRun run)
    {
        if (run.Quick)
        {
            return;
        }

        Subject subject = run.Subjects.Single(static subject => subject.IsOnLoop);
        await run.Contest("Awaits that fail, one after another, on the loop's own thread")
            .Add("`return 1`", () => subject.OneByOne(run.Python["one"], Count))
            .Add("`raise`, one frame", () => Fail(subject, run.Python["fail"]))
            .Add("`raise`, one frame, KeepTracebackLocals", () => FailKeepingLocals(subject, run.Python["fail"]))
            .Add("`raise`, ten frames", () => Fail(subject, run.Python["fail_below"]))
            .Add("`raise`, ten frames, KeepTracebackLocals", () => FailKeepingLocals(subject, run.Python["fail_below"]))
            .Add("`return 1`, a task within Python", () => subject.OnLoop(run.Python["tasks_one_by_one"], [run.Python["one"], Count], Count))
            .Add("`raise`, one frame, a task within Python", () => subject.OnLoop(run.Python["failing_tasks_one_by_one"], [run.Python["fail"], Count], Count))
            .Add("`raise`, ten frames, a task within Python", () => subject.OnLoop(run.Python["failing_tasks_one_by_one"], [run.Python["fail_below"], Count], Count))
            .Run();
    }

    private static Task<double> Fail(Subject subject, PyObject function) =>
        subject.Runtime.Spawn(async _ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Count; i++)
            {
                try
                {
                    await subject.Runtime.CallAsync(function, default, PyConvert.Int32);
                }
                catch (PythonException e)
                {
                    e.Value.Dispose();
                }
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        });

    private static async Task<double> FailKeepingLocals(Subject subject, PyObject function)
    {
        FrameLocals.AreKept = true;
        try
        {
            return await Fail(subject, function);
        }
        finally
        {
            FrameLocals.AreKept = false;
        }
    }
}
