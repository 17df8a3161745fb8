using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The base of the implementations of <c>[PyImport]</c> and <c>[PyProxy]</c> interfaces. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class PyTypedObject
{
    private protected PyTypedObject(IRuntime runtime) => Runtime = runtime;

    /// <summary>Gets the runtime that the calls use.</summary>
    protected internal IRuntime Runtime { get; }

    /// <summary>Calls a function that returns an async iterable, once for each reading.</summary>
    /// <param name="call">The call.</param>
    /// <param name="converter">Converts the items.</param>
    /// <param name="cancellationToken">Ends a reading, as the token of the reading itself does.</param>
    protected IAsyncEnumerable<T> Stream<T>(TypedCall call, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        IAsyncEnumerable<T> stream = Runtime.IntoAsyncEnumerable(() => Invoke(call, new StreamConverter(call.Description)), converter);
        return cancellationToken.CanBeCanceled ? new CancellableStream<T>(stream, cancellationToken) : stream;
    }

    /// <summary>Makes a call on this thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="converter">Converts the result.</param>
    /// <exception cref="PyImportException">There is no such function.</exception>
    /// <exception cref="PythonException">The call raised an exception.</exception>
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

    /// <summary>Gets the object that calls are given: <c>None</c> if the call finds it itself. Needs the GIL.</summary>
    private protected abstract NewReference Target();

    /// <summary>Reads an attribute of an object. Needs the GIL.</summary>
    private protected static T Read<T>(PyObject target, string name, PyConverter<T> converter, Func<PythonException, Exception> missing)
    {
        using NewReference self = NewReference.From(target.Reference);
        using NewReference value = self.Borrow().GetAttr(WellKnownNames.Current[name]);
        if (value.IsNull)
        {
            Exception error = PythonErrors.Take();
            throw error is PythonException python && python.IsInstanceOf("AttributeError") ? missing(python) : error;
        }

        return converter.FromReference(value.Borrow());
    }
}
