using PyAsync.Interop;

namespace PyAsync;

/// <summary>The Python objects behind the objects of <c>[PyProxy]</c> interfaces.</summary>
public static class PyProxies
{
    /// <summary>Gets the Python object of a proxy.</summary>
    /// <remarks>From any thread; takes the GIL.</remarks>
    /// <param name="proxy">An object of a <c>[PyProxy]</c> interface.</param>
    /// <returns>A separate owner of the object. Belongs to the caller.</returns>
    /// <exception cref="ArgumentException">The object is not a proxy of a Python object, but another implementation of the interface.</exception>
    /// <exception cref="ObjectDisposedException">The proxy is disposed.</exception>
    public static PyObject ObjectOf(object proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        using AttachScope scope = PythonThread.Attach();
        return proxy is IPythonView python
            ? PyObject.FromBorrowed(python.Reference)
            : throw new ArgumentException($"A {proxy.GetType()} is not a proxy of a Python object.", nameof(proxy));
    }
}
