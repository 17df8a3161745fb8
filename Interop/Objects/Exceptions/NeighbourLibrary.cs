namespace PyAsync.Interop;

/// <summary>
/// Another library in the process that makes .NET and Python meet, with exceptions of its own in both worlds. What one library carries
/// across, the other gives back as itself. Called with the GIL held.
/// </summary>
internal abstract class NeighbourLibrary
{
    /// <summary>The .NET exception that a Python one of that library stands for; null if it is none of them.</summary>
    public abstract Exception? ExceptionOf(PyObject error);

    /// <summary>The Python exception that a .NET one of that library carries, which belongs to the caller; null if it is none of them.</summary>
    public abstract PyObject? PythonExceptionOf(Exception exception);
}
