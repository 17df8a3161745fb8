using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// The arguments of a call, positional ones first, then those by keyword. Written as a collection:
/// <c>[1, "two", PyArgument.Named("timeout", 3.0)]</c>. Values are converted when the call is made, which for a runtime's
/// <c>Call</c> is later, on the loop's thread.
/// </summary>
[CollectionBuilder(typeof(CallArguments), nameof(Create))]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are passed, never compared.")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Reads as what it is; it is a collection for the syntax's sake.")]
public readonly struct CallArguments : IEnumerable<PyArgument>
{
    private readonly PyArgument[]? _arguments;

    private CallArguments(PyArgument[] arguments) => _arguments = arguments;

    /// <summary>How many there are.</summary>
    public int Count => _arguments?.Length ?? 0;

    private ReadOnlySpan<PyArgument> Span => _arguments;

    /// <summary>What a collection expression calls.</summary>
    /// <exception cref="ArgumentException">A positional argument follows one by keyword.</exception>
    public static CallArguments Create(ReadOnlySpan<PyArgument> arguments)
    {
        bool named = false;
        foreach (PyArgument argument in arguments)
        {
            if (named && argument.Name is null)
            {
                throw new ArgumentException("A positional argument follows an argument by keyword.", nameof(arguments));
            }

            named |= argument.Name is not null;
        }

        return arguments.IsEmpty ? default : new CallArguments(arguments.ToArray());
    }

    /// <inheritdoc/>
    public IEnumerator<PyArgument> GetEnumerator() => ((IEnumerable<PyArgument>)(_arguments ?? [])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Keeps the Python objects among the arguments alive until <see cref="EndUse"/>.</summary>
    /// <exception cref="ObjectDisposedException">One of them is disposed.</exception>
    internal void BeginUse()
    {
        int begun = 0;
        try
        {
            foreach (PyArgument argument in Span)
            {
                argument.AsPyObject?.BeginUse();
                begun++;
            }
        }
        catch (ObjectDisposedException)
        {
            EndUses(Span[..begun]);
            throw;
        }
    }

    internal void EndUse() => EndUses(Span);

    /// <summary>Calls, converting each argument now. NULL, with the Python error set, when the call fails.</summary>
    internal NewReference Call(BorrowedReference callable)
    {
        if (_arguments is null)
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

    /// <summary>As <see cref="Call"/>, when a use of the arguments has begun.</summary>
    internal unsafe NewReference CallInUse(BorrowedReference callable)
    {
        if (_arguments is not { } arguments)
        {
            return callable.Call();
        }

        const int StackLimit = 8;

        // SAFETY: one slot more than arguments, as the offset flag promises; every filled slot owns its reference until
        // the loop at the end.
        nint* onStack = stackalloc nint[StackLimit + 1];
        nint[]? onHeap = arguments.Length > StackLimit ? new nint[arguments.Length + 1] : null;
        fixed (nint* pinned = onHeap)
        {
            nint* slots = onHeap is null ? onStack : pinned;
            int filled = 0;
            NewReference names = default;
            try
            {
                foreach (PyArgument argument in arguments)
                {
                    slots[1 + filled] = argument.ToReference().Take();
                    filled++;
                }

                names = KeywordNames(arguments, out int keywords);
                nuint positional = (nuint)(arguments.Length - keywords);
                return ForkedChild.Checked(CPython.PyObject_Vectorcall(callable, slots + 1, positional | CPython.PY_VECTORCALL_ARGUMENTS_OFFSET, names.Borrow()));
            }
            finally
            {
                names.Dispose();
                for (int i = 1; i <= filled; i++)
                {
                    new NewReference(slots[i]).Dispose();
                }
            }
        }
    }

    private static NewReference KeywordNames(PyArgument[] arguments, out int count)
    {
        count = arguments.Count(static argument => argument.Name is not null);
        if (count == 0)
        {
            return default;
        }

        using NewReference names = CPython.PyTuple_New(count).OrThrow();
        for (int i = 0; i < count; i++)
        {
            string name = arguments[arguments.Length - count + i].Name!;
            PyTuple.Set(names.Borrow(), i, PyText.FromString(name));
        }

        return NewReference.From(names.Borrow());
    }

    private static void EndUses(ReadOnlySpan<PyArgument> arguments)
    {
        foreach (PyArgument argument in arguments)
        {
            argument.AsPyObject?.EndUse();
        }
    }
}
