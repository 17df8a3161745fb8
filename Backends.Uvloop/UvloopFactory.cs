using PyAsync.Interop;

namespace PyAsync;

/// <summary>Creates uvloop's event loops; on Windows those of winloop, its port. Uses no policy, so it works on every Python.</summary>
public sealed class UvloopFactory : EventLoopFactory
{
    /// <summary>Gets the Python package of the loops.</summary>
    public static string Package => OperatingSystem.IsWindows() ? "winloop" : "uvloop";

    /// <inheritdoc/>
    public override string Name => "uvloop";

    /// <inheritdoc/>
    /// <exception cref="UvloopNotInstalledException">The package is not installed in the running Python.</exception>
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
