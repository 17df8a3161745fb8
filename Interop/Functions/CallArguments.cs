using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Modules;

namespace PyAsync.Interop;

/// <summary>
/// The arguments of a call, positional ones first, then those by keyword. Written as a collection of any values: <c>[1, "two", null, new[] { 1, 2 },
/// PyArgument.Named("timeout", 3.0)]</c>; the items of an array are spread: <c>[.. values]</c>.
/// </summary>
/// <remarks>
/// <para>Each value is converted as <see cref="PyConvert.Object"/> does, by its type at run time and without reflection; <see cref="PyArgument.Of{T}"/>
/// sets a converter. A value without a conversion fails the call with a <see cref="MissingConverterException"/>.</para>
/// <para>The conversion happens when the call is made, with the GIL held. For a runtime's <c>CallAsync</c> that is later, on the loop's
/// thread: a list that is an argument must not change until then, and a <see cref="PyObject"/> inside a list must live until then. A
/// <see cref="PyObject"/> that is an argument itself may be disposed right after the call.</para>
/// </remarks>
[CollectionBuilder(typeof(CallArguments), nameof(Create))]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are passed, never compared.")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "The name describes it; it is a collection only for the syntax.")]
public readonly struct CallArguments : IEnumerable<object?>
{
    private readonly object?[]? _arguments;

    // The name of a method, or a TypedCall, which has its own arguments: one word, because each word is allocated for every call.
    private readonly object? _form;

    private CallArguments(object?[]? arguments, object? form = null)
    {
        _arguments = arguments;
        _form = form;
    }

    /// <summary>Gets the number of arguments.</summary>
    public int Count => _arguments?.Length ?? 0;

    /// <summary>True if there are no arguments and the object itself is called.</summary>
    internal bool IsPlainCall => _arguments is null && _form is null;

    private ReadOnlySpan<object?> Span => _arguments;

    /// <summary>Creates the arguments for a collection expression.</summary>
    /// <exception cref="ArgumentException">A positional argument follows one by keyword.</exception>
    public static CallArguments Create(ReadOnlySpan<object?> arguments)
    {
        bool named = false;
        foreach (object? argument in arguments)
        {
            bool isNamed = argument is PyArgument { Name: not null };
            if (named && !isNamed)
            {
                throw new ArgumentException("A positional argument follows an argument by keyword.", nameof(arguments));
            }

            named |= isNamed;
        }

        return arguments.IsEmpty ? default : new CallArguments(arguments.ToArray());
    }

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)(_arguments ?? [])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets the arguments of a call whose function and converters are known.</summary>
    internal static CallArguments Of(TypedCall call) => new(null, call);

    /// <summary>Gets the same arguments for a call of the object's method.</summary>
    internal CallArguments OfMethod(string name) => new(_arguments, name);

    /// <summary>Keeps the Python objects among the arguments alive until <see cref="EndUse"/>.</summary>
    /// <exception cref="ObjectDisposedException">One of the objects is disposed.</exception>
    internal void BeginUse()
    {
        if (_form is TypedCall typed)
        {
            typed.BeginUse();
            return;
        }

        int begun = 0;
        try
        {
            foreach (object? argument in Span)
            {
                PyArgument.BeginUse(argument);
                begun++;
            }
        }
        catch (ObjectDisposedException)
        {
            EndUses(Span[..begun]);
            throw;
        }
    }

    internal void EndUse()
    {
        (_form as TypedCall)?.EndUse();
        EndUses(Span);
    }

    /// <summary>Calls an object, and converts each argument now. NULL, with the Python error set, if the call fails.</summary>
    internal NewReference Call(BorrowedReference callable)
    {
        if (IsPlainCall)
        {
            return callable.Call();
        }

        BeginUse();
        try
        {
            return CallInUse(callable);
        }
        finally
        {
            EndUse();
        }
    }

    /// <summary>Calls as <see cref="Call"/> does, after a use of the arguments has begun.</summary>
    internal NewReference CallInUse(BorrowedReference callable)
    {
        if (_form is TypedCall typed)
        {
            return typed.CallInUse(callable);
        }

        if (_form is string name)
        {
            using NewReference key = PyText.FromString(name);
            using NewReference method = CPython.PyObject_GetAttr(callable, key.Borrow());
            return method.IsNull ? default : new CallArguments(_arguments).CallInUse(method.Borrow());
        }

        if (_arguments is not { } arguments)
        {
            return callable.Call();
        }

        var writer = new ArgumentWriter(stackalloc nint[ArgumentWriter.StackLimit + 1], default);
        try
        {
            foreach (object? argument in arguments)
            {
                writer.AddConverted(PyArgument.ToReference(argument), (argument as PyArgument)?.Name);
            }

            return new NewReference(writer.Call(callable));
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static void EndUses(ReadOnlySpan<object?> arguments)
    {
        foreach (object? argument in arguments)
        {
            PyArgument.EndUse(argument);
        }
    }
}
