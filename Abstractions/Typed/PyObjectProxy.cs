using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The base of the implementations of <c>[PyProxy]</c> interfaces. Owns the Python object. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Design", "CA1063:Implement IDisposable correctly", Justification = "The object has a finaliser; generated code adds nothing to dispose.")]
public abstract class PyObjectProxy : PyTypedObject, IPythonView, IDisposable
{
    /// <param name="runtime">The runtime that the calls use.</param>
    /// <param name="value">The object. Belongs to the proxy; its finaliser releases it if the proxy is not disposed.</param>
    protected PyObjectProxy(IRuntime runtime, PyObject value)
        : base(runtime)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
    }

    /// <summary>Gets the Python object. Belongs to the proxy.</summary>
    protected PyObject Value { get; }

    PyObject IPythonView.Object => Value;

    private protected sealed override NewReference Target() => NewReference.From(Value.Reference);

    /// <summary>Releases the object. A call in flight keeps it until the call is made.</summary>
    public void Dispose()
    {
        Value.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>True if the other object is a proxy of the same Python object (<c>is</c>).</summary>
    public override bool Equals(object? obj) => obj is PyObjectProxy other && Value.Is(other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Gets <c>str(o)</c>.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Calls a method on the loop's thread.</summary>
    /// <param name="call">The call, with its arguments.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    protected Task<T> CallAsync<T>(TypedCall call, PyConverter<T> converter, CancellationToken cancellationToken) =>
        Runtime.CallAsync(Value, CallArguments.Of(call), converter, cancellationToken);

    /// <summary>Calls a method without arguments on the loop's thread.</summary>
    /// <param name="method">The method.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    protected Task<T> CallAsync<T>(ObjectMember method, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        return CallAsync(method.WithoutArguments, converter, cancellationToken);
    }

    /// <summary>Calls a method without arguments on this thread.</summary>
    /// <inheritdoc cref="PyTypedObject.Invoke{T}" path="/exception"/>
    protected T Invoke<T>(ObjectMember method, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Invoke(method.WithoutArguments, converter);
    }

    /// <summary>Calls a method without arguments that returns an async iterable.</summary>
    /// <inheritdoc cref="PyTypedObject.Stream{T}" path="/param"/>
    protected IAsyncEnumerable<T> Stream<T>(ObjectMember method, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Stream(method.WithoutArguments, converter, cancellationToken);
    }

    /// <summary>Reads an attribute on this thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="member">The member of the interface.</param>
    /// <param name="converter">Converts the value.</param>
    /// <exception cref="PyImportException">There is no such attribute.</exception>
    protected T Get<T>(string name, string member, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        return Read(Value, name, converter, error => ImportErrors.Member(Value, name, member, error));
    }

    /// <summary>Sets an attribute on this thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="converter">Converts the value.</param>
    protected void Set<T>(string name, T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using PyObject converted = converter.ToPython(value);
        Value.SetAttr(name, converted);
    }

    /// <summary>Gets an item on this thread, as <c>o[key]</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keys">Converts the key.</param>
    /// <param name="converter">Converts the item.</param>
    protected T GetItem<TKey, T>(TKey key, PyConverter<TKey> keys, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using PyObject converted = keys.ToPython(key);
        using PyObject item = Value[converted];
        return converter.FromReference(item.Reference);
    }

    /// <summary>Sets an item on this thread, as <c>o[key] = value</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keys">Converts the key.</param>
    /// <param name="value">The item.</param>
    /// <param name="converter">Converts the item.</param>
    protected void SetItem<TKey, T>(TKey key, PyConverter<TKey> keys, T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        using PyObject convertedKey = keys.ToPython(key);
        using PyObject converted = converter.ToPython(value);
        Value[convertedKey] = converted;
    }

    /// <summary>Reads the object as an async iterable.</summary>
    /// <param name="converter">Converts the items.</param>
    protected IAsyncEnumerable<T> Items<T>(PyConverter<T> converter) => Runtime.IntoAsyncEnumerable(Value.Clone, converter);

    /// <summary>Reads the object as an iterable, on this thread.</summary>
    /// <param name="converter">Converts the items.</param>
    protected IEnumerable<T> SynchronousItems<T>(PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        foreach (PyObject item in Value.Items())
        {
            using (item)
            {
                yield return converter.FromPython(item);
            }
        }
    }

    /// <summary>Runs code inside the object, as <c>async with</c> does.</summary>
    /// <param name="converter">Converts the value that entering gives. A proxy is disposed with the end of the code.</param>
    /// <param name="body">The code.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    protected Task EnterAsync<TValue>(PyConverter<TValue> converter, Func<TValue, CancellationToken, Task> body, CancellationToken cancellationToken) =>
        Runtime.UsingAsync(
            Value.Clone,
            new BoxingConverter<TValue>(converter),
            async (value, token) =>
            {
                using IDisposable? proxy = value as PyObjectProxy;
                await body((TValue)value!, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <inheritdoc cref="EnterAsync{TValue}"/>
    protected async Task<TResult?> EnterAsync<TValue, TResult>(PyConverter<TValue> converter, Func<TValue, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken)
    {
        TResult? result = default;
        await EnterAsync<TValue>(converter, async (value, token) => result = await body(value, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return result;
    }
}
