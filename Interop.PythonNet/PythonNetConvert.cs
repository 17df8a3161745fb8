using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Creates converters that convert as pythonnet does, for PyAsync's calls.</summary>
public static class PythonNetConvert
{
    /// <summary>Gets the converter of a type. A <see cref="ForeignObject"/> is passed unchanged.</summary>
    /// <typeparam name="T">Any type that pythonnet converts.</typeparam>
    public static PyConverter<T> For<T>() => Cache<T>.Converter;

    private static class Cache<T>
    {
        internal static readonly PyConverter<T> Converter =
            typeof(T) == typeof(ForeignObject) ? (PyConverter<T>)(object)new ObjectConverter() : new Converter<T>();
    }

    private sealed class ObjectConverter : PyConverter<ForeignObject>
    {
        public override PyObject ToPython(ForeignObject value) => value is null ? PyObject.None : value.ToPyAsync();

        public override ForeignObject FromPython(PyObject value) => value.ToPythonNet();
    }

    private sealed class Converter<T> : PyConverter<T>
    {
        public override PyObject ToPython(T value)
        {
            using AttachScope scope = PythonThread.Attach();
            using ForeignObject converted = value.ToPythonAs();
            return converted.ToPyAsync();
        }

        public override T FromPython(PyObject value)
        {
            using AttachScope scope = PythonThread.Attach();
            using ForeignObject theirs = value.ToPythonNet();
            return theirs.As<T>();
        }
    }
}
