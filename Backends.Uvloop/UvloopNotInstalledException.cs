using PyAsync.Interop;

namespace PyAsync.Backends;

/// <summary>uvloop (on Windows, winloop) is not installed in the Python that runs; the message says how to install it.</summary>
public sealed class UvloopNotInstalledException : InvalidOperationException
{
    internal UvloopNotInstalledException(PythonException cause)
        : base(Describe(PythonInterpreter.Current.Installation), cause)
    {
    }

    private static string Describe(PythonInstallation python) =>
        $"{UvloopFactory.Package} is not installed in Python {python.Version} ({python.Executable ?? python.LibraryPath}). "
        + $"Install it: {InstallHint.ForPackage(UvloopFactory.Package, python.Executable)}. Or choose asyncio's own loop: PyAsync:EventLoop = \"asyncio\".";
}
