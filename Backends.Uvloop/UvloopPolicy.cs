using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Makes <c>asyncio.new_event_loop()</c> and <c>asyncio.run()</c> create uvloops, for Python code that creates its loops itself. A runtime's own loop does not need it.
/// </summary>
/// <remarks>
/// Event loop policies are deprecated since Python 3.14 and will be removed in 3.16. Without policies, pass
/// <see cref="EventLoopFactory.CreatePythonFactory"/> of a <see cref="UvloopFactory"/> to <c>asyncio.Runner</c> or <c>asyncio.run</c>.
/// </remarks>
public sealed class UvloopPolicy : IDisposable
{
    // The deprecation concerns the caller of this class: Python need not warn at each call.
    private const string Source = """
        import asyncio, warnings

        def exchange(policy):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                before = asyncio.get_event_loop_policy()
                asyncio.set_event_loop_policy(policy)
                return before

        def make(package, prepare):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)

                class Policy(package.EventLoopPolicy):
                    def new_event_loop(self):
                        loop = super().new_event_loop()
                        prepare(loop)
                        return loop

                return Policy()

        available = hasattr(asyncio, "set_event_loop_policy")
        """;

    private readonly PyObject _module;
    private PyObject? _before;

    private UvloopPolicy(PyObject module, PyObject before)
    {
        _module = module;
        _before = before;
    }

    /// <summary>Installs the policy for the process. Takes the GIL if the thread does not hold it.</summary>
    /// <returns>A handle that restores the earlier policy when it is disposed.</returns>
    /// <exception cref="UvloopNotInstalledException">The package is not installed in the running Python.</exception>
    /// <exception cref="NotSupportedException">This Python has no event loop policies.</exception>
    public static UvloopPolicy Install()
    {
        using PyObject package = UvloopFactory.Import();
        PyObject module = PyObject.ImportSource(Source, "pyasync.uvloop_policy");
        using PyObject available = module.GetAttr("available");
        if (!available.IsTrue())
        {
            module.Dispose();
            throw new NotSupportedException(
                $"Python {PythonInterpreter.Current.Installation.Version} has no event loop policies. Pass the loop factory to asyncio.Runner or asyncio.run instead: new UvloopFactory().CreatePythonFactory().");
        }

        using PyObject prepare = PyFunction.Create("prepare", static arguments =>
        {
            using PyObject loop = arguments[0];
            UvloopChildren.Share(loop);
            return null;
        });
        using PyObject policy = module.CallMethod("make", [package, prepare]);
        return new UvloopPolicy(module, module.CallMethod("exchange", [policy]));
    }

    /// <summary>Restores the earlier policy. Further calls have no effect.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _before, null) is { } before)
        {
            _module.CallMethod("exchange", [before]).Dispose();
            before.Dispose();
            _module.Dispose();
        }
    }
}
