using PyAsync.Interop;

namespace PyAsync.Scopes;

/// <summary>Converts a resource to a Python asynchronous context manager.</summary>
internal sealed class AsyncDisposableConverter<T>(IRuntime runtime, Func<T, PyObject> value) : PyConverter<T>
    where T : IAsyncDisposable
{
    public override PyObject ToPython(T resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        try
        {
            using PyObject entered = value(resource) ?? throw new InvalidOperationException("The value of a context manager is null; for Python's None return PyObject.None.");
            return runtime.AsyncDisposableIntoPy(resource, entered);
        }
        catch
        {
            _ = Task.Run(async () => await resource.DisposeAsync().ConfigureAwait(false)); // No other code has the resource.
            throw;
        }
    }

    public override T FromPython(PyObject context) =>
        throw new InvalidCastException($"A Python context manager cannot be converted to {typeof(T)}: its resource belongs to Python.");
}
