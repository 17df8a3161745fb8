using System.ComponentModel;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>One call of a function. Valid during the call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct FunctionCall
{
    private readonly CallbackArguments _arguments;

    internal FunctionCall(CallbackArguments arguments) => _arguments = arguments;

    /// <summary>Gets the runtime of the module's functions.</summary>
    public ModuleRuntime Runtime => Function.Runtime;

    // No type check: only a module's functions make calls.
    private ModuleFunction Function => Unsafe.As<ModuleFunction>(_arguments.Callable);

    /// <summary>Begins an asynchronous method on the calling thread.</summary>
    /// <param name="takesToken">True if the method takes a token.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public InlineCall BeginInline(bool takesToken, CancelBehavior cancel) => Runtime.BeginInline(_arguments, takesToken, cancel);

    /// <summary>Returns a coroutine, whose first await starts an asynchronous method.</summary>
    /// <param name="start">Starts the method, with the arguments that the call has read.</param>
    public PyResult Coroutine(ModuleFunctionCode start) => new(Function.NewCoroutine(start));

    /// <summary>Creates an awaitable that is done.</summary>
    /// <inheritdoc cref="BeginInline" path="/exception"/>
    internal PyResult Done<T>(T value, PyConverter<T> converter) =>
        BeginInline(takesToken: false, CancelBehavior.Abandon).Return(new ValueTask<T>(value), converter);

    /// <summary>Binds the passed arguments to the function's parameters.</summary>
    /// <param name="slots">Space for one argument for each parameter.</param>
    /// <exception cref="PythonTypeErrorException">An argument is missing, or there are too many; Python sees a <c>TypeError</c>.</exception>
    public BoundArguments Bind(Span<ArgumentSlot> slots) => Function.Signature.Bind(_arguments, slots);

    /// <summary>Refuses any argument, for a function without parameters.</summary>
    /// <inheritdoc cref="Bind" path="/exception"/>
    public void BindNothing()
    {
        if (_arguments.Count > 0 || _arguments.KeywordCount > 0)
        {
            Function.Signature.Bind(_arguments, []);
        }
    }
}
