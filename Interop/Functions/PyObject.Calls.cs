using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

public sealed partial class PyObject
{
    /// <summary>True if the object can be called.</summary>
    public bool IsCallable
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            return CPython.PyCallable_Check(Reference) != 0;
        }
    }

    /// <summary>Calls the object, on this thread: <c>o.Call([1, "two", PyArgument.Named("timeout", 3.0)])</c>.</summary>
    /// <remarks>For an <c>async def</c> this creates the coroutine without running it; <c>IRuntime.CallAsync</c> awaits it.</remarks>
    /// <exception cref="PythonException">The call raised an exception.</exception>
    public PyObject Call(CallArguments arguments = default)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return arguments.Call(self.Borrow()).ToPyObject();
    }

    /// <summary>Calls the object and converts its result.</summary>
    /// <exception cref="PythonException">The call raised an exception.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T Call<T>(CallArguments arguments = default) => Call(arguments, PyConvert.For<T>());

    /// <summary>Calls the object and converts its result with a given converter.</summary>
    /// <exception cref="PythonException">The call raised an exception.</exception>
    public T Call<T>(CallArguments arguments, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference result = arguments.Call(self.Borrow()).OrThrow();
        return converter.FromReference(result.Borrow());
    }

    /// <summary>Calls a method, as <c>o.name(…)</c>.</summary>
    /// <exception cref="PythonException">The call raised an exception; <c>AttributeError</c> if there is no such method.</exception>
    public PyObject CallMethod(string name, CallArguments arguments = default)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject method = GetAttr(name);
        return method.Call(arguments);
    }

    /// <summary>Calls a method and converts its result.</summary>
    /// <exception cref="PythonException">The call raised an exception; <c>AttributeError</c> if there is no such method.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T CallMethod<T>(string name, CallArguments arguments = default)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject method = GetAttr(name);
        return method.Call<T>(arguments);
    }
}
