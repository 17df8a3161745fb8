using PyAsync.Interop;

namespace PyAsync.Backends;

/// <summary>
/// Makes uvloop the loop that <c>asyncio.new_event_loop()</c> and <c>asyncio.run()</c> give, for Python code that makes its loops itself. A
/// runtime's own loop does not need it.
/// </summary>
/// <remarks>
/// Event loop policies are deprecated since Python 3.14 and are to go in 3.16. Where there are none, hand
/// <see cref="EventLoopFactory.CreatePythonFactory"/> of a <see cref="UvloopFactory"/> to <c>asyncio.Runner</c> or <c>asyncio.run</c>.
/// </remarks>
public sealed class UvloopPolicy : IDisposable
{
    // Deprecation is the caller's to know of from here, not Python's to warn of at each call.
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

    /// <summary>Installs the policy for the process. The GIL is taken if the thread has it not.</summary>
    /// <returns>Disposing it puts the earlier policy back.</returns>
    /// <exception cref="UvloopNotInstalledException">The package is not installed in the Python that runs.</exception>
    /// <exception cref="NotSupportedException">This Python has no event loop policies any more.</exception>
    public static UvloopPolicy Install()
    {
        using PyObject package = UvloopFactory.Import();
        PyObject module = PyObject.ImportSource(Source, "pyasync.uvloop_policy");
        using PyObject available = module.GetAttr("available");
        if (!available.IsTrue())
        {
            module.Dispose();
            throw new NotSupportedException(
                $"Python {PythonInterpreter.Current.Installation.Version} has no event loop policies. Give asyncio.Runner or asyncio.run the loop factory instead: new UvloopFactory().CreatePythonFactory().");
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

    /// <summary>Puts the earlier policy back. Once is enough.</summary>
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
