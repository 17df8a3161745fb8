using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The body of a function: reads the arguments, calls the C# method, converts what it gives.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate PyResult ModuleFunctionCode(FunctionCall call);

/// <summary>A function of a module, as Python calls it.</summary>
internal sealed class ModuleFunction(string name, ModuleRuntime runtime, CallSignature signature, ModuleFunctionCode code) : PyCallable(name)
{
    public ModuleRuntime Runtime { get; } = runtime;

    public CallSignature Signature { get; } = signature;

    public override NewReference Invoke(CallbackArguments arguments)
    {
        Runtime.ImportThreading();
        return new NewReference(code(new FunctionCall(arguments)).Pointer);
    }
}
