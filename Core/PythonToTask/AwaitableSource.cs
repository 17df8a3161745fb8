using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>
/// The source of a request's awaitable: a Python function, a function with arguments, an awaitable that the caller made, or a C# factory. Holds a use
/// of each object until it has made the awaitable, or is discarded.
/// </summary>
/// <remarks>
/// One word, distinguished by the type of what it refers to: a call of a function without arguments allocates nothing. A request that has failed keeps its
/// exception in the same word, because each word is allocated for every await with a token.
/// </remarks>
internal readonly struct AwaitableSource
{
    private readonly object? _source;

    private AwaitableSource(object source) => _source = source;

    /// <summary>Gets the exception that the request ended with.</summary>
    public Exception? Failure => _source as Exception;

    /// <summary>True for an awaitable that the caller made.</summary>
    public bool IsAwaitable => _source is GivenAwaitable;

    /// <summary>True if the source may produce a plain value, the return value of a function, which is then the outcome.</summary>
    public bool MayBeValue => _source is PyObject or BoundCall;

    /// <summary>True if code runs to make the awaitable, which could change context variables.</summary>
    public bool RunsCode => _source is not GivenAwaitable;

    /// <summary>Uses a C# factory.</summary>
    public static AwaitableSource Of(Func<PyObject> factory) => new(factory);

    /// <summary>Uses a Python function with arguments.</summary>
    /// <exception cref="ObjectDisposedException">One of the objects is disposed.</exception>
    public static AwaitableSource Of(PyObject function, CallArguments arguments)
    {
        function.BeginUse();
        if (arguments.IsPlainCall)
        {
            return new AwaitableSource(function);
        }

        try
        {
            arguments.BeginUse();
        }
        catch (ObjectDisposedException)
        {
            function.EndUse();
            throw;
        }

        return new AwaitableSource(new BoundCall(function, arguments));
    }

    /// <summary>Uses an awaitable that the caller made.</summary>
    /// <exception cref="ObjectDisposedException">The awaitable is disposed.</exception>
    public static AwaitableSource Of(PyObject awaitable)
    {
        awaitable.BeginUse();
        return new AwaitableSource(new GivenAwaitable(awaitable));
    }

    /// <summary>Keeps the exception that the request ended with.</summary>
    public static AwaitableSource Failed(Exception failure) => new(failure);

    /// <summary>Makes the awaitable, and ends the uses. On the loop's thread, in the request's context.</summary>
    public NewReference Create()
    {
        switch (_source)
        {
            case PyObject function:
                NewReference called = function.ReferenceInUse.Call();
                function.EndUse();
                return called.OrThrow();
            case BoundCall call:
                try
                {
                    return call.Arguments.CallInUse(call.Function.ReferenceInUse).OrThrow();
                }
                finally
                {
                    call.EndUse();
                }

            case GivenAwaitable given:
                NewReference taken = NewReference.From(given.Awaitable.ReferenceInUse);
                given.Awaitable.EndUse();
                return taken;
            default:
                using (PyObject made = ((Func<PyObject>)_source!)()
                    ?? throw new InvalidOperationException("The factory of an awaitable returned null; it must return a coroutine, a future or another awaitable."))
                {
                    return NewReference.From(made.Reference);
                }
        }
    }

    /// <summary>Ends the uses of a request that never starts. On any thread.</summary>
    public void Discard()
    {
        switch (_source)
        {
            case PyObject function:
                function.EndUse();
                break;
            case BoundCall call:
                call.EndUse();
                break;
            case GivenAwaitable given:
                Discard(given.Awaitable);
                break;
        }
    }

    /// <summary>Closes a coroutine that is never started, so that Python does not warn of it, and cancels a future.</summary>
    private static void Discard(PyObject awaitable)
    {
        using AttachScope scope = PythonThread.Attach();
        WellKnownNames names = WellKnownNames.Current;
        PyName? end = AwaitableKind.Of(awaitable.ReferenceInUse) switch
        {
            AwaitableKind.Kind.Coroutine => names.Close,
            AwaitableKind.Kind.Future => names.Cancel,
            _ => null,
        };
        if (end is not null)
        {
            using NewReference result = awaitable.ReferenceInUse.CallMethod(end);
            if (result.IsNull)
            {
                PythonErrors.Forget(); // A coroutine that runs elsewhere is not closed here.
            }
        }

        awaitable.EndUse();
    }

    /// <summary>A Python function with the arguments to call it with.</summary>
    private sealed record BoundCall(PyObject Function, CallArguments Arguments)
    {
        public void EndUse()
        {
            Arguments.EndUse();
            Function.EndUse();
        }
    }

    /// <summary>Distinguishes an awaitable from a function, which is a PyObject as well.</summary>
    private sealed record GivenAwaitable(PyObject Awaitable);
}
