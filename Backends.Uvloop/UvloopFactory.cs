using PyAsync.Interop;

namespace PyAsync.Backends;

/// <summary>uvloop's event loops; on Windows those of winloop, its port. Goes by no policy, so that it works on every Python alike.</summary>
public sealed class UvloopFactory : EventLoopFactory
{
    /// <summary>The Python package that the loops come from.</summary>
    public static string Package => OperatingSystem.IsWindows() ? "winloop" : "uvloop";

    /// <inheritdoc/>
    public override string Name => "uvloop";

    /// <inheritdoc/>
    /// <exception cref="UvloopNotInstalledException">The package is not installed in the Python that runs.</exception>
    public override PyObject CreateLoop()
    {
        using PyObject package = Import();
        PyObject loop = package.CallMethod("new_event_loop");
        UvloopChildren.Share(loop);
        return loop;
    }

    internal static PyObject Import()
    {
        try
        {
            return PyObject.Import(Package);
        }
        catch (PythonException e) when (e.IsInstanceOf("ModuleNotFoundError"))
        {
            throw new UvloopNotInstalledException(e);
        }
    }
}
