using PyAsync.Interop;

namespace PyAsync.Objects;

/// <summary>A C# object that represents a Python object.</summary>
internal interface IPythonView
{
    /// <summary>Gets the Python object. Belongs to the view.</summary>
    PyObject Object { get; }
}
