using System.ComponentModel;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>One call of a function. Good for the length of the call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct FunctionCall
{
    private readonly CallbackArguments _arguments;

    internal FunctionCall(CallbackArguments arguments) => _arguments = arguments;

    /// <summary>The runtime that the module's functions work with.</summary>
    public ModuleRuntime Runtime => Function.Runtime;

    // Not looked up: only a module's functions make calls.
    private ModuleFunction Function => Unsafe.As<ModuleFunction>(_arguments.Callable);

    /// <summary>Begins an asynchronous method on the calling thread.</summary>
    /// <param name="takesToken">Whether the method takes a token.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread; Python sees <c>RuntimeError: no running event loop</c>.</exception>
    public InlineCall BeginInline(bool takesToken, CancelBehavior cancel) => Runtime.BeginInline(_arguments, takesToken, cancel);

    /// <summary>An awaitable that is done already.</summary>
    /// <inheritdoc cref="BeginInline" path="/exception"/>
    internal PyResult Done<T>(T value, PyConverter<T> converter) =>
        BeginInline(takesToken: false, CancelBehavior.Abandon).Return(new ValueTask<T>(value), converter);

    /// <summary>Binds what was passed to the function's parameters.</summary>
    /// <param name="slots">Room for as many arguments as there are parameters.</param>
    /// <exception cref="PythonTypeErrorException">One is missing, or too many; Python sees a <c>TypeError</c>.</exception>
    public BoundArguments Bind(Span<ArgumentSlot> slots) => Function.Signature.Bind(_arguments, slots);

    /// <summary>Of a function without parameters: refuses what was passed.</summary>
    /// <inheritdoc cref="Bind" path="/exception"/>
    public void BindNothing()
    {
        if (_arguments.Count > 0 || _arguments.KeywordCount > 0)
        {
            Function.Signature.Bind(_arguments, []);
        }
    }
}
