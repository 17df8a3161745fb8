using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>One call of a function. Good for the length of the call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct FunctionCall
{
    private readonly CallSignature _signature;
    private readonly CallbackArguments _arguments;

    internal FunctionCall(ModuleRuntime runtime, CallSignature signature, CallbackArguments arguments)
    {
        Runtime = runtime;
        _signature = signature;
        _arguments = arguments;
    }

    /// <summary>The runtime that the module's functions work with.</summary>
    public ModuleRuntime Runtime { get; }

    /// <summary>Binds what was passed to the function's parameters.</summary>
    /// <param name="slots">Room for as many arguments as there are parameters.</param>
    /// <exception cref="PythonTypeErrorException">One is missing, or too many; Python sees a <c>TypeError</c>.</exception>
    public BoundArguments Bind(Span<ArgumentSlot> slots) => _signature.Bind(_arguments, slots);

    /// <summary>Of a function without parameters: refuses what was passed.</summary>
    /// <inheritdoc cref="Bind" path="/exception"/>
    public void BindNothing()
    {
        if (_arguments.Count > 0 || _arguments.KeywordCount > 0)
        {
            _signature.Bind(_arguments, []);
        }
    }
}
