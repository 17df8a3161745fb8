using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>PyAsync's own objects and exceptions on their way to Python: what they stand for, rather than the .NET object.</summary>
internal sealed class ObjectEncoder(Connection connection) : IPyObjectEncoder
{
    /// <summary>pythonnet raises whatever C# throws under the declared type <see cref="Exception"/>.</summary>
    public bool CanEncode(Type type) =>
        type == typeof(PyObject) || type == typeof(object) || type == typeof(Exception) || typeof(IPythonError).IsAssignableFrom(type);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet catches nothing here. Null leaves the value to it.")]
    public ForeignObject? TryEncode(object value)
    {
        PyObject? standsFor = value switch
        {
            PyObject o => o,
            IPythonError e => e.Error.Value,
            _ => null,
        };
        try
        {
            return standsFor is null ? null : connection.ToPythonNet(standsFor.Reference);
        }
        catch (Exception)
        {
            return null; // Disposed.
        }
    }
}
