using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>A process that starts Python itself.</summary>
internal static class StartScenarios
{
    /// <summary>Prints the values that depend on how Python was started. <c>python3 -c</c> runs the same code.</summary>
    public const string Report = """
        import codecs, faulthandler, json, locale, os, sys, warnings
        report = {name: str(value) for name, value in {
            "filesystem": (sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()),
            "streams": [(codecs.lookup(s.encoding).name, s.errors, s.line_buffering) for s in (sys.stdin, sys.stdout, sys.stderr)],
            "preferred": locale.getpreferredencoding(False),
            "ctype": locale.setlocale(locale.LC_CTYPE),
            "LC_CTYPE": os.environ.get("LC_CTYPE"),
            "flags": sys.flags,
            "warnings": (sys.warnoptions, len(warnings.filters)),
            "executable": (sys.executable, sys._base_executable),
            "prefix": (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix),
            "path": [p for p in sys.path if p and p != os.environ.get("TEST_APPLICATION")],
            "hash": hash("a") if os.environ.get("PYTHONHASHSEED") else None,
            "faulthandler": faulthandler.is_enabled(),
        }.items()}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        """;

    public const string Streams = """
        import sys
        def write(file):
            print("nowhere, if stdout is closed")
            with open(file, "w") as f:
                f.write(str([s is None for s in (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__)]))
        """;

    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["report"]:
                PythonInterpreter.Start();
                PyObject.ImportSource(Report).Dispose();
                return 0;
            case ["fail", .. var named]:
                // Twice: a start that failed is kept.
                Fail(named);
                Fail(named);
                return 0;
            case ["faults", var steps, .. var end]:
                return CatchesFaults(steps, end);
            case ["deleted", ..]:
                DirectoryInfo deleted = Directory.CreateTempSubdirectory("pyasync");
                Directory.SetCurrentDirectory(deleted.FullName);
                deleted.Delete();
                Fail([]);
                return 0;
            case ["streams", var file]:
                PythonInterpreter.Start();
                using (PyObject module = PyObject.ImportSource(Streams))
                {
                    module.CallMethod("write", [file]).Dispose();
                }

                return 0;
            case ["environment"]:
                return SetsVariables();
            default:
                return 2;
        }
    }

    private static void Fail(string[] named)
    {
        try
        {
            PythonInterpreter.Start(new PythonInterpreterOptions { Python = named.FirstOrDefault() });
            Console.WriteLine("started");
        }
        catch (PythonNotFoundException e)
        {
            Console.WriteLine($"caught: {e.Message}");
        }
        finally
        {
            Console.WriteLine("finally");
        }
    }

    private static int SetsVariables()
    {
        Environment.SetEnvironmentVariable("TEST_SET", "grün");
        Environment.SetEnvironmentVariable("TEST_CHANGED", "2");
        Environment.SetEnvironmentVariable("TEST_REMOVED", null);
        Environment.SetEnvironmentVariable("PYTHONPATH", "/nowhere/x");
        Environment.SetEnvironmentVariable("PYTHONOPTIMIZE", "2");
        PythonInterpreter.Start();
        PyObject.ImportSource("""
            import os, sys
            seen = [os.environ.get(name) for name in ("TEST_SET", "TEST_CHANGED", "TEST_REMOVED", "TEST_KEPT")]
            sys.stdout.buffer.write(f"{seen} {'/nowhere/x' in sys.path} {sys.flags.optimize}\n".encode())
            sys.stdout.flush()
            """).Dispose();
        return 0;
    }

    /// <summary>Code that Python runs, in which C# calls catch hardware faults; then a real one, if the arguments say so.</summary>
    private static int CatchesFaults(string steps, string[] end)
    {
        PythonInterpreter.Start();
        using PyObject module = PyObject.ImportSource("def run(steps, fault):\n    import faulthandler\n    exec(steps)");
        using PyObject fault = PyFunction.Create("fault", () => Console.WriteLine(Faults()));
        module.CallMethod("run", [steps, fault]).Dispose();
        Console.WriteLine(Faults());
        foreach (string last in end)
        {
            module.CallMethod("run", [last, fault]).Dispose();
        }

        return 0;
    }

    private static string Faults()
    {
        string caught = "";
        for (int i = 0; i < 2; i++)
        {
            try
            {
                caught += Environment.GetEnvironmentVariable("TEST_NO_SUCH")!.Length;
            }
            catch (NullReferenceException)
            {
                caught += "n";
            }

            try
            {
                caught += 1 / caught.Length.CompareTo(caught.Length);
            }
            catch (DivideByZeroException)
            {
                caught += "d";
            }
        }

        return caught;
    }
}
