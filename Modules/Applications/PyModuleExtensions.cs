using PyAsync.Interop;
using PyAsync.Modules;

namespace PyAsync;

/// <summary>Adds Python modules that are written in C# to the Python of an application.</summary>
public static class PyModuleExtensions
{
    /// <summary>
    /// Makes a module importable: <c>import shop</c>. Its functions start on the runtime's backend, and an <see cref="IRuntime"/> parameter of them is
    /// this runtime.
    /// </summary>
    /// <typeparam name="TModule">A class marked <see cref="PyModuleAttribute"/>; abstract, because a static class cannot be a type argument.</typeparam>
    /// <param name="runtime">The runtime, which has started.</param>
    /// <inheritdoc cref="AddModule(IRuntime, Type)" path="/remarks|/exception"/>
    public static void AddModule<TModule>(this IRuntime runtime)
        where TModule : class => runtime.AddModule(typeof(TModule));

    /// <inheritdoc cref="AddModule{TModule}(IRuntime)" path="/summary"/>
    /// <param name="runtime">The runtime, which has started.</param>
    /// <param name="module">A class marked <see cref="PyModuleAttribute"/>.</param>
    /// <remarks>
    /// <para>Call it from any thread, before Python code imports the module; it takes the GIL. The module is in <c>sys.modules</c> afterwards; the
    /// packages in a dotted name are imported, and created if they do not exist. Adding it again through the same runtime has no effect, nor has
    /// adding it in its own initialisation. Adding it through another runtime moves its functions, and the methods of its classes, to that runtime. If two
    /// threads add it at the same time, its initialisation can run twice; one module is kept.</para>
    /// <para>The project needs no shared library for it: in an executable the MSBuild property <c>PyModule</c> is false by default.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="module"/> is not marked.</exception>
    /// <exception cref="InvalidOperationException">Python is not running yet, or it has imported another module of that name.</exception>
    /// <exception cref="NotSupportedException">The runtime is not one that PyAsync made.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    public static void AddModule(this IRuntime runtime, Type module)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(module);
        RegisteredModule registered = ModuleRegistry.Find(module);
        Runtime owner = runtime switch
        {
            Runtime own => own,
            RuntimeInContext given => given.Owner,
            _ => throw new NotSupportedException($"{runtime.GetType()} cannot run the functions of a module: add it to the runtime that PyAsync made."),
        };
        using AttachScope scope = PythonThread.Attach();
        owner.ThrowIfEnding();
        AddedModules.Current.Add(registered, owner);
    }
}
