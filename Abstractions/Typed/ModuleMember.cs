using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>A function of a module, found once. For generated code: each instance of an interface's implementation has one for each method.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleMember : CallTarget
{
    private readonly PyModuleImport _module;
    private readonly string _name;
    private volatile PyObject? _function;

    /// <param name="module">The module.</param>
    /// <param name="name">The function's name; names with dots are attributes of attributes.</param>
    /// <param name="member">The member of the interface.</param>
    public ModuleMember(PyModuleImport module, string name, string member)
        : base($"{module?.ModuleName}.{name}", member)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _name = name;
    }

    /// <summary>Gets the function; null before the first call.</summary>
    internal PyObject? Known => _function;

    /// <summary>Finds the function; imports the module first if necessary. Needs the GIL.</summary>
    /// <exception cref="PyImportException">There is no such module or function.</exception>
    internal override NewReference Resolve(BorrowedReference given) =>
        given.IsNone ? NewReference.From((_function ??= _module.Find(_name, Member)).Reference) : NewReference.From(given);
}
