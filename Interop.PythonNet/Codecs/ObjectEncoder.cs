using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>Encodes PyAsync's own objects and exceptions as the Python objects that they represent, rather than as .NET objects.</summary>
internal sealed class ObjectEncoder(Connection connection) : IPyObjectEncoder
{
    /// <summary>pythonnet raises any exception of C# with the declared type <see cref="Exception"/>.</summary>
    public bool CanEncode(Type type) =>
        type == typeof(PyObject) || type == typeof(object) || type == typeof(Exception) || typeof(IPythonError).IsAssignableFrom(type);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet catches nothing here. Null leaves the value to pythonnet.")]
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
