namespace PyAsync.Interpreter.Ending;

/// <summary>
/// Runs Python's exit functions, which wait for its threads and executors, except for a thread that has called <c>Environment.Exit</c>: that thread waits
/// for the end of the process. Needs the GIL.
/// </summary>
internal sealed class ExitFunctions
{
    private readonly PyObject _module;

    public ExitFunctions()
    {
        _module = PySource.Run(PySource.Embedded(typeof(ExitFunctions).Assembly, "exit_functions.py"), "pyasync_exit").ToPyObject();
        using PyObject exits = PyFunction.Create(new Exits(), doc: null);
        _module.CallMethod("leave_out", [exits]).Dispose();
    }

    public static ExitFunctions Current => InterpreterState.Current.Attachment<ExitFunctions>();

    /// <summary>From here on, joins of a thread that has called <c>Environment.Exit</c> return. Called while the process ends.</summary>
    public static void LeaveOutExitingThreads() => _ = Current;

    /// <summary>Runs the exit functions.</summary>
    /// <param name="timeForThreads">The time after which the exit functions run although threads still do.</param>
    public void Run(TimeSpan timeForThreads) => _module.CallMethod("run", [timeForThreads.TotalSeconds]).Dispose();

    /// <summary>Answers whether the thread with the given identity has called <c>Environment.Exit</c>.</summary>
    private sealed class Exits() : PyCallable("exits")
    {
        public override NewReference Invoke(CallbackArguments arguments) =>
            PyConvert.Boolean.ToReference(ProcessExit.HasThread((nuint)arguments.Get(0, PyConvert.UInt64)));
    }
}
