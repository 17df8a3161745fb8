namespace PyAsync.Exceptions;

/// <summary>
/// Another bridge between .NET and Python in the process, with its own exceptions on both sides. An exception that one library carried across is
/// returned unchanged by the other. Called with the GIL held.
/// </summary>
internal abstract class NeighbourLibrary
{
    /// <summary>Gets or sets the other library in this process; null if there is none.</summary>
    public static NeighbourLibrary? Current { get; set; }

    /// <summary>Gets the .NET exception that a Python exception of that library represents; null for other exceptions.</summary>
    public abstract Exception? ExceptionOf(PyObject error);

    /// <summary>Gets the Python exception that a .NET exception of that library carries; null for other exceptions. It belongs to the caller.</summary>
    public abstract PyObject? PythonExceptionOf(Exception exception);
}
