using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

// Conversions from and to .NET values.
public sealed partial class PyObject
{
    /// <summary>Converts a .NET value to Python.</summary>
    /// <exception cref="NotSupportedException">There is no converter for <typeparamref name="T"/>.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public static PyObject From<T>(T value) => From(value, PyConvert.For<T>());

    /// <summary>Converts a .NET value to Python with a given converter.</summary>
    public static PyObject From<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return converter.ToPython(value);
    }

    /// <summary>Converts to a .NET value.</summary>
    /// <exception cref="InvalidCastException">The object's type cannot be converted to <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    /// <exception cref="NotSupportedException">There is no converter for <typeparamref name="T"/>.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T As<T>() => As(PyConvert.For<T>());

    /// <summary>Converts to a .NET value with a given converter.</summary>
    /// <exception cref="InvalidCastException">The object's type cannot be converted to <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public T As<T>(PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return converter.FromPython(this);
    }

    /// <summary>Gets an attribute and converts it.</summary>
    /// <exception cref="PythonException"><c>AttributeError</c>: the object has no attribute of that name.</exception>
    /// <exception cref="InvalidCastException">The attribute's type cannot be converted to <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    /// <exception cref="NotSupportedException">There is no converter for <typeparamref name="T"/>.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T GetAttr<T>(string name) => GetAttr(name, PyConvert.For<T>());

    /// <summary>Gets an attribute and converts it with a given converter.</summary>
    /// <exception cref="PythonException"><c>AttributeError</c>: the object has no attribute of that name.</exception>
    /// <exception cref="InvalidCastException">The attribute's type cannot be converted to <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public T GetAttr<T>(string name, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using NewReference value = Attribute(name);
        try
        {
            return converter.FromReference(value.Borrow());
        }
        catch (Exception e) when (ConversionErrors.At(e, $"the attribute '{name}'"))
        {
            throw;
        }
    }

    /// <summary>Sets an attribute to a .NET value, which is converted.</summary>
    /// <exception cref="NotSupportedException">There is no converter for the value's type.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public void SetAttr<T>(string name, T value)
    {
        using PyObject converted = From(value);
        SetAttr(name, converted);
    }
}
