using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The base of the implementations of <c>[PyImport]</c> interfaces. For generated code.</summary>
/// <inheritdoc path="/remarks"/>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class PyModuleImport : PyTypedObject
{
    private readonly string _interface;
    private volatile PyObject? _module;

    /// <param name="runtime">The runtime that the calls use.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="interface">The interface's name, for messages.</param>
    protected PyModuleImport(IRuntime runtime, string module, string @interface)
        : base(runtime)
    {
        ModuleName = module;
        _interface = @interface;
    }

    /// <summary>Gets the module's name.</summary>
    internal string ModuleName { get; }

    /// <summary>Gets the module and its interface.</summary>
    public override string ToString() => $"{ModuleName} ({_interface})";

    /// <summary>Finds an attribute; imports the module first if necessary. Needs the GIL.</summary>
    /// <param name="name">Its name; names with dots are attributes of attributes.</param>
    /// <param name="member">The member of the interface.</param>
    /// <exception cref="PyImportException">There is no such module or attribute.</exception>
    internal PyObject Find(string name, string member)
    {
        PyObject found = Module();
        try
        {
            foreach (string part in name.Split('.'))
            {
                PyObject next = found.GetAttr(part);
                if (found != _module)
                {
                    found.Dispose();
                }

                found = next;
            }

            return found;
        }
        catch (PythonException e) when (e.IsInstanceOf("AttributeError"))
        {
            throw ImportErrors.Member(ModuleName, found, name, member, e);
        }
    }

    /// <summary>Calls a function on the loop's thread.</summary>
    /// <param name="function">The function.</param>
    /// <param name="call">The call, with its arguments.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    protected Task<T> CallAsync<T>(ModuleMember function, TypedCall call, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Runtime.CallAsync(function.Known ?? PyObject.None, CallArguments.Of(call), converter, cancellationToken);
    }

    /// <summary>Calls a function without arguments on the loop's thread.</summary>
    /// <inheritdoc cref="CallAsync{T}(ModuleMember, TypedCall, PyConverter{T}, CancellationToken)" path="/param"/>
    protected Task<T> CallAsync<T>(ModuleMember function, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function is { IsProven: true, Known: { } known }
            ? Runtime.CallAsync(known, default, converter, cancellationToken)
            : CallAsync(function, function.WithoutArguments, converter, cancellationToken);
    }

    private protected sealed override NewReference Target() => NewReference.From(InterpreterState.Current.None);

    private protected sealed override PyObject Owner() => Module();

    private protected sealed override Exception Missing(PyObject owner, string name, string member, PythonException error) =>
        ImportErrors.Member(ModuleName, owner, name, member, error);

    /// <summary>Gets the module. A failed import is not kept: the next use imports again.</summary>
    private PyObject Module()
    {
        if (_module is { } known)
        {
            return known;
        }

        try
        {
            PyObject imported = PyObject.Import(ModuleName);
            if (Interlocked.CompareExchange(ref _module, imported, null) is not { } earlier)
            {
                return imported;
            }

            imported.Dispose();
            return earlier;
        }
        catch (PythonException e)
        {
            throw ImportErrors.Module(ModuleName, _interface, e);
        }
    }
}
