namespace PyAsync.Conversion;

/// <summary>A .NET view of a Python object, which is passed back to Python as that object.</summary>
internal interface IPythonView
{
    PyObject Object { get; }
}
