using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The base of the implementations of <c>[PyProxy]</c> interfaces. Owns the Python object. For generated code.</summary>
/// <inheritdoc path="/remarks"/>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Design", "CA1063:Implement IDisposable correctly", Justification = "The object has a finaliser; generated code adds nothing to dispose.")]
public abstract class PyObjectProxy : PyTypedObject, IPythonView, IDisposable
{
    private readonly PyObject _value;
    private readonly string _interface;

    /// <param name="runtime">The runtime that the calls use.</param>
    /// <param name="value">The object. Belongs to the proxy; its finaliser releases it if the proxy is not disposed.</param>
    /// <param name="interface">The interface's name, for messages.</param>
    protected PyObjectProxy(IRuntime runtime, PyObject value, string @interface)
        : base(runtime)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
        _interface = @interface;
    }

    /// <summary>Gets the Python object. Belongs to the proxy.</summary>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected PyObject Value => _value.IsDisposed ? throw new ObjectDisposedException(_interface) : _value;

    PyObject IPythonView.Object => _value;

    string IPythonView.Name => _interface;

    private protected sealed override NewReference Target() => NewReference.From(Value.Reference);

    private protected sealed override PyObject Owner() => Value;

    private protected sealed override Exception Missing(PyObject owner, string name, string member, PythonException error) => ImportErrors.Member(owner, name, member, error);

    /// <summary>Releases the object. A call in flight keeps it until the call is made.</summary>
    public void Dispose()
    {
        _value.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>True if the other object is a proxy of the same Python object (<c>is</c>). A disposed proxy equals itself only.</summary>
    public override bool Equals(object? obj) => obj is PyObjectProxy other && _value.Equals(other._value);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Gets <c>str(o)</c>.</summary>
    public override string ToString() => _value.ToString();

    /// <summary>Calls a method on the loop's thread.</summary>
    /// <param name="call">The call, with its arguments.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    /// <exception cref="ObjectDisposedException">The proxy, or an argument, is disposed.</exception>
    protected Task<T> CallAsync<T>(TypedCall call, PyConverter<T> converter, CancellationToken cancellationToken) =>
        Runtime.CallAsync(Value, CallArguments.Of(call), converter, cancellationToken);

    /// <summary>Calls a method without arguments on the loop's thread.</summary>
    /// <param name="method">The method.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected Task<T> CallAsync<T>(ObjectMember method, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        return CallAsync(method.WithoutArguments, converter, cancellationToken);
    }

    /// <summary>Gets <c>len(o)</c> on this thread.</summary>
    /// <param name="member">The member of the interface.</param>
    /// <exception cref="PyImportException">The object has no length.</exception>
    /// <exception cref="PythonException">The object's <c>__len__</c> raised an exception.</exception>
    /// <exception cref="PythonOverflowException">The length does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected int Length(string member)
    {
        PyObject value = Value;
        try
        {
            return value.Length;
        }
        catch (PythonException e) when (ImportErrors.Protocol(value, "__len__", member, e) is { } missing)
        {
            throw missing;
        }
    }

    /// <summary>Gets an item on this thread, as <c>o[key]</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keys">Converts the key.</param>
    /// <param name="member">The member of the interface.</param>
    /// <param name="converter">Converts the item.</param>
    /// <exception cref="PyImportException">The object has no items.</exception>
    /// <exception cref="PythonException">The object raised an exception: <c>KeyError</c> or <c>IndexError</c> if there is no such item.</exception>
    /// <exception cref="PythonTypeErrorException">The item is of another type.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected T GetItem<TKey, T>(TKey key, PyConverter<TKey> keys, string member, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(converter);
        PyObject value = Value;
        using AttachScope scope = PythonThread.Attach();
        using PyObject converted = keys.ToPython(key);
        try
        {
            using PyObject item = value[converted];
            return converter.FromReference(item.Reference);
        }
        catch (PythonException e) when (ImportErrors.Protocol(value, "__getitem__", member, e) is { } missing)
        {
            throw missing;
        }
    }

    /// <summary>Sets an item on this thread, as <c>o[key] = value</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keys">Converts the key.</param>
    /// <param name="member">The member of the interface.</param>
    /// <param name="value">The item.</param>
    /// <param name="converter">Converts the item.</param>
    /// <exception cref="PyImportException">The object's items cannot be set.</exception>
    /// <exception cref="PythonException">The object raised an exception.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected void SetItem<TKey, T>(TKey key, PyConverter<TKey> keys, string member, T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(converter);
        PyObject self = Value;
        using AttachScope scope = PythonThread.Attach();
        using PyObject convertedKey = keys.ToPython(key);
        using PyObject converted = converter.ToPython(value);
        try
        {
            self[convertedKey] = converted;
        }
        catch (PythonException e) when (ImportErrors.Protocol(self, "__setitem__", member, e) is { } missing)
        {
            throw missing;
        }
    }

    /// <summary>Reads the object as an async iterable.</summary>
    /// <param name="member">The interface. A reading fails with a <see cref="PyImportException"/> that names it if the object is no async iterable.</param>
    /// <param name="converter">Converts the items.</param>
    protected IAsyncEnumerable<T> Items<T>(string member, PyConverter<T> converter) => Runtime.IntoAsyncEnumerable(() => CloneWith(member, "__aiter__"), converter);

    /// <summary>Reads the object as an iterable, on this thread.</summary>
    /// <param name="member">The interface. A reading fails with a <see cref="PyImportException"/> that names it if the object is no iterable.</param>
    /// <param name="converter">Converts the items.</param>
    protected IEnumerable<T> SynchronousItems<T>(string member, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using PyObject value = CloneWith(member, "__iter__", "__getitem__");
        foreach (PyObject item in value.Items())
        {
            using (item)
            {
                yield return converter.FromPython(item);
            }
        }
    }

    /// <summary>Runs code inside the object, as <c>async with</c> does.</summary>
    /// <param name="member">The member of the interface. The Task fails with a <see cref="PyImportException"/> that names it if the object is no context manager.</param>
    /// <param name="converter">Converts the value that entering gives. A proxy is disposed with the end of the code.</param>
    /// <param name="body">The code.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    protected Task EnterAsync<TValue>(string member, PyConverter<TValue> converter, Func<TValue, CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        _ = Value;
        return Runtime.UsingAsync(
            () => CloneWith(member, "__aenter__", "__enter__", "__await__"),
            new BoxingConverter<TValue>(converter),
            async (value, token) =>
            {
                using IDisposable? proxy = value as PyObjectProxy;
                await body((TValue)value!, token).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc cref="EnterAsync{TValue}"/>
    protected async Task<TResult?> EnterAsync<TValue, TResult>(
        string member, PyConverter<TValue> converter, Func<TValue, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken)
    {
        TResult? result = default;
        await EnterAsync<TValue>(member, converter, async (value, token) => result = await body(value, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Creates a second owner of the object, whose type has one of the methods.</summary>
    /// <exception cref="PyImportException">The type has none of the methods.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    private PyObject CloneWith(string member, params ReadOnlySpan<string> methods)
    {
        using AttachScope scope = PythonThread.Attach();
        PyObject value = Value.Clone();
        using PyObject type = value.GetPythonType();
        foreach (string method in methods)
        {
            if (type.HasAttr(method))
            {
                return value;
            }
        }

        using (value)
        {
            throw ImportErrors.Protocol(value, methods[0], member);
        }
    }
}
