using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The base of the implementations of <c>[PyImport]</c> and <c>[PyProxy]</c> interfaces. For generated code.</summary>
/// <remarks>From any thread. What returns a Task or a stream runs on the loop's thread; the other members take the GIL on the calling thread.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class PyTypedObject
{
    private protected PyTypedObject(IRuntime runtime) => Runtime = runtime;

    /// <summary>Gets the runtime that the calls use.</summary>
    protected internal IRuntime Runtime { get; }

    /// <summary>Calls a function without arguments that returns an async iterable, once for each reading.</summary>
    /// <param name="function">The function.</param>
    /// <param name="converter">Converts the items.</param>
    /// <param name="cancellationToken">Ends a reading, as the token of the reading itself does.</param>
    protected IAsyncEnumerable<T> Stream<T>(CallTarget function, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Stream(function.WithoutArguments, converter, cancellationToken);
    }

    /// <summary>Calls a function that returns an async iterable, once for each reading.</summary>
    /// <param name="call">The call.</param>
    /// <param name="converter">Converts the items.</param>
    /// <param name="cancellationToken">Ends a reading, as the token of the reading itself does.</param>
    protected IAsyncEnumerable<T> Stream<T>(TypedCall call, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        IAsyncEnumerable<T> stream = Runtime.IntoAsyncEnumerable(() => Invoke(call, new AsyncIterableConverter(call.Description)), converter);
        return cancellationToken.CanBeCanceled ? new CancellableStream<T>(stream, cancellationToken) : stream;
    }

    /// <summary>Calls a function without arguments on this thread.</summary>
    /// <param name="function">The function.</param>
    /// <param name="converter">Converts the result.</param>
    /// <inheritdoc cref="Invoke{T}(TypedCall, PyConverter{T})" path="/exception"/>
    protected T Invoke<T>(CallTarget function, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Invoke(function.WithoutArguments, converter);
    }

    /// <summary>Makes a call on this thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="converter">Converts the result.</param>
    /// <exception cref="PyImportException">There is no such function.</exception>
    /// <exception cref="PythonException">The call raised an exception.</exception>
    /// <exception cref="PythonTypeErrorException">The function does not take the arguments, or the result is of another type.</exception>
    /// <exception cref="ObjectDisposedException">The proxy, or an argument, is disposed.</exception>
    protected T Invoke<T>(TypedCall call, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        call.BeginUse();
        try
        {
            using NewReference target = Target();
            using NewReference result = call.CallInUse(target.Borrow()).OrThrow();
            return converter.FromReference(result.Borrow());
        }
        finally
        {
            call.EndUse();
        }
    }

    /// <summary>Reads an attribute on this thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="member">The member of the interface.</param>
    /// <param name="converter">Converts the value.</param>
    /// <exception cref="PyImportException">There is no such attribute.</exception>
    /// <exception cref="PythonException">The attribute raised an exception.</exception>
    /// <exception cref="PythonTypeErrorException">The value is of another type.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected T Get<T>(string name, string member, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        PyObject owner = Owner();
        using NewReference self = NewReference.From(owner.Reference);
        using NewReference value = self.Borrow().GetAttr(WellKnownNames.Current[name]);
        if (value.IsNull)
        {
            Exception error = PythonErrors.Take();
            throw error is PythonException python && python.IsInstanceOf("AttributeError") ? Missing(owner, name, member, python) : error;
        }

        return converter.FromReference(value.Borrow());
    }

    /// <summary>Sets an attribute on this thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="converter">Converts the value.</param>
    /// <exception cref="PythonException">The object does not take the attribute.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected void Set<T>(string name, T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using PyObject converted = converter.ToPython(value);
        Owner().SetAttr(name, converted);
    }

    /// <summary>Gets the object that calls are given: <c>None</c> if the call finds it itself. Needs the GIL.</summary>
    private protected abstract NewReference Target();

    /// <summary>Gets the object whose attributes the properties are. Needs the GIL.</summary>
    private protected abstract PyObject Owner();

    /// <summary>Creates the exception for an attribute that the object lacks; returns the error itself if the object has it. Needs the GIL.</summary>
    private protected abstract Exception Missing(PyObject owner, string name, string member, PythonException error);
}
