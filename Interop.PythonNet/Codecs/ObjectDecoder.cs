using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>
/// Decodes for C#: any Python object for a parameter of type <see cref="PyObject"/>, a .NET object that was made awaitable for any parameter that
/// accepts it, and a .NET exception that had become a Python one.
/// </summary>
internal sealed class ObjectDecoder(RegisteredCodecs codecs) : IPyObjectDecoder
{
    public bool CanDecode(PyType objectType, Type targetType)
    {
        if (targetType == typeof(PyObject))
        {
            return true;
        }

        using PyObject type = codecs.Connection.ToPyAsync(objectType);
        return codecs.Objects.IsClass(type) || (targetType == typeof(Exception) && IsException(type));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet catches nothing here.")]
    public bool TryDecode<T>(ForeignObject pyObj, out T? value)
    {
        try
        {
            PyObject o = codecs.Connection.ToPyAsync(pyObj);
            if (Decode<T>(o) is T decoded)
            {
                value = decoded;
                pyObj.Dispose();
                return true;
            }

            o.Dispose();
        }
        catch (Exception)
        {
            // Not an object for this decoder.
        }

        value = default;
        return false;
    }

    private static bool IsException(PyObject type) =>
        CPython.PyType_IsSubtype(type.Reference, WellKnownObjects.Current.Exception("BaseException")) != 0;

    /// <summary>Takes the object over if it is of the requested type.</summary>
    private object? Decode<T>(PyObject o)
    {
        if (typeof(T) == typeof(PyObject))
        {
            return o;
        }

        object? found = codecs.Objects.TryUnwrap(o, out object? value) ? value
            : typeof(T) == typeof(Exception) ? ExceptionFromPython.Original(o.Reference)
            : null;
        if (found is T)
        {
            o.Dispose();
        }

        return found;
    }
}
