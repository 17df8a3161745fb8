using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PyAsync.Interop;
using PyAsync.Modules;

namespace PyAsync;

/// <summary>Python modules and objects as C# interfaces. They work under trimming and NativeAOT.</summary>
public static class PyImportExtensions
{
    /// <summary>
    /// Gets a Python module as an interface that is marked <c>[PyImport]</c>: one instance for each runtime. Python imports the module at the first use of a member; the members find each
    /// function once.
    /// </summary>
    /// <remarks>
    /// From any thread, without the GIL; Python need not run yet. Methods that return a Task or a stream call Python on the loop's thread. Methods that return
    /// a plain value, and properties, run on the calling thread and take the GIL, which can wait while Python runs other code.
    /// </remarks>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="runtime">The runtime whose loop the calls use.</param>
    /// <exception cref="InvalidOperationException">The interface has no implementation: it is not marked, or its project does not run the generator.</exception>
    public static T Import<T>(this IRuntime runtime)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(runtime);
        Func<IRuntime, T> create = PyImports.Module<T>();
        return runtime.Imports is { } imports
            ? (T)imports.GetOrAdd(typeof(T), static (_, state) => state.create(state.runtime), (create, runtime))
            : create(runtime);
    }

    /// <summary>Makes a Python object that you have an interface that is marked <c>[PyProxy]</c>.</summary>
    /// <remarks>From any thread; takes the GIL.</remarks>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="runtime">The runtime whose loop the calls use.</param>
    /// <param name="value">The object. Borrowed: the proxy has a separate reference.</param>
    /// <returns>The proxy. Belongs to the caller. That the object has the interface's members is found out when they are used.</returns>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The interface has no implementation: it is not marked, or its project does not run the generator.</exception>
    public static T ToProxy<T>(this IRuntime runtime, PyObject value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(value);
        return PyImports.Proxy<T>()(runtime, value.Clone());
    }

    /// <summary>
    /// Registers a Python module as a singleton of an interface that is marked <c>[PyImport]</c>, under the builder's key if it has one. Its calls use the builder's runtime.
    /// </summary>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <exception cref="InvalidOperationException">The interface has no implementation: it is not marked, or its project does not run the generator.</exception>
    public static IPyAsyncBuilder AddPyImport<T>(this IPyAsyncBuilder builder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = PyImports.Module<T>();
        if (builder.Key is { } key)
        {
            builder.Services.TryAddKeyedSingleton(key, static (provider, key) => provider.GetRequiredKeyedService<IRuntime>(key).Import<T>());
        }
        else
        {
            builder.Services.TryAddSingleton(static provider => provider.GetRequiredService<IRuntime>().Import<T>());
        }

        return builder;
    }
}
