using PyAsync.Interop;

namespace PyAsync.Modules.Generated;

/// <summary>A function of a module, as Python calls it.</summary>
internal sealed class ModuleFunction(FunctionDescription description, ModuleRuntime runtime, CallSignature signature, ModuleFunctionCode code)
    : PyCallable(description.Name)
{
    private readonly bool _isAsync = description.Kind == FunctionKind.Coroutine;
    private CoroutineFunction? _coroutines;

    public ModuleRuntime Runtime { get; } = runtime;

    public CallSignature Signature { get; } = signature;

    public override NewReference Invoke(CallbackArguments arguments)
    {
        Runtime.ImportThreading();
        if (!_isAsync)
        {
            Runtime.RecordEntry(arguments); // The start of an asynchronous method records it too.
        }

        return new NewReference(code(new FunctionCall(arguments)).Pointer);
    }

    /// <summary>Creates a coroutine, whose first await starts the method.</summary>
    public NewReference NewCoroutine(ModuleFunctionCode start)
    {
        _coroutines ??= new CoroutineFunction(description);
        return _coroutines.New(this, call => new NewReference(start(new FunctionCall(call)).Pointer));
    }
}
