using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The objects that Python finalises at the end, and uses of Python after the end.</summary>
internal static partial class ProcessEndScenarios
{
    /// <summary>Leaves objects behind that write a line at each stage of Python's end, and a file with the name in <c>PYASYNC_TEST_FILE</c> that is neither flushed nor closed.</summary>
    private static async Task LeaveTraces(IRuntime runtime, CancellationToken ct)
    {
        using PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource("""
            import atexit, os, tempfile, threading, time, warnings, weakref

            warnings.simplefilter("ignore", ResourceWarning)

            class Last:
                def __del__(self, write=os.write):
                    write(1, b"finalised\n")

            last = Last()
            weakref.finalize(last, print, "weakref")
            atexit.register(print, "atexit")
            file = open(os.environ["PYASYNC_TEST_FILE"], "w")
            file.write("kept in the file's buffer")
            binary = open(os.environ["PYASYNC_TEST_FILE"] + "2", "wb")
            binary.write(b"binary")
            folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            go = threading.Event()
            threading._register_atexit(go.set)

            def wait():
                go.wait()
                print("thread")

            threading.Thread(target=wait, daemon=False).start()

            # In a separate namespace, or the thread would keep the objects here.
            daemon = {"time": time}
            exec("def run_without_end():\n    while True:\n        time.sleep(0.0001)", daemon)
            threading.Thread(target=daemon["run_without_end"], daemon=True).start()

            async def f():
                print(folder.name, flush=True)
                print("ran")
            """, "traces"));

        // Kept in sys.modules, as an imported module is.
        await runtime.InvokeAsync(() =>
        {
            using PyObject modules = PyObject.Import("sys").GetAttr("modules");
            modules["traces"] = module;
            return true;
        });
        using PyObject f = module.GetAttr("f");
        (await runtime.CallAsync(f, cancellationToken: ct)).Dispose();
    }

    private static async Task LeaveTracesAndExit(IRuntime runtime, CancellationToken ct)
    {
        await LeaveTraces(runtime, ct);
        Environment.Exit(8);
    }

    private static async Task LeaveTracesAndFail(IRuntime runtime, CancellationToken ct)
    {
        await LeaveTraces(runtime, ct);
        using PyObject sys = PyObject.Import("sys");
        sys.CallMethod("exit", [9]).Dispose();
    }

    /// <summary>A use of Python after it was finalised is refused with an exception, and a disposal then does nothing.</summary>
    private static int UseAfterTheEnd()
    {
        PyObject? kept = null;
        PyAsyncApp.Run(
            async (runtime, ct) =>
            {
                await Greet(runtime);
                kept = PyObject.Import("math");
            },
            s_quiet,
            UseLoop,
            finalizePython: true);
        int refused = 0;
        Action[] uses =
        [
            () => kept!.GetAttr("pi"), () => PyObject.Import("sys"), () => PythonThread.Attach().Dispose(), () => PythonInterpreter.Start(),
            () => PyAsyncApp.Run(static (_, _) => Task.CompletedTask, s_quiet),
        ];
        foreach (Action use in uses)
        {
            foreach (Action<Action> where in (Action<Action>[])[static use => use(), static use => Task.Run(use).GetAwaiter().GetResult()])
            {
                try
                {
                    where(use);
                }
                catch (ObjectDisposedException)
                {
                    refused++;
                }
            }
        }

        kept!.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return !PythonInterpreter.IsRunning && refused == 2 * uses.Length ? 0 : 1;
    }
}
