using PyAsync.Interop;

namespace PyAsync;

/// <summary>uvloop (on Windows, winloop) is not installed in the running Python; the message has the command that installs it.</summary>
public sealed class UvloopNotInstalledException : InvalidOperationException
{
    internal UvloopNotInstalledException(PythonException cause)
        : base(Describe(PythonInterpreter.Current.Installation), cause)
    {
    }

    private static string Describe(PythonInstallation python) =>
        $"{UvloopFactory.Package} is not installed in Python {python.Version} ({python.Executable ?? python.LibraryPath}). "
        + $"Install it: {InstallHint.ForPackage(UvloopFactory.Package, python.Executable)}. Or select asyncio's own loop: PyAsync:EventLoop = \"asyncio\".";
}
