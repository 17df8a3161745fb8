using PyAsync.Interop;

namespace PyAsync;

/// <summary>A function of Python's with the arguments to call it with. Holds a use of each.</summary>
internal sealed record BoundCall(PyObject Function, CallArguments Arguments);

/// <summary>An awaitable that the caller made, and holds. The request uses it until the loop has taken it over.</summary>
internal sealed record GivenAwaitable(PyObject Awaitable);

/// <summary>
/// Where the awaitable of a request comes from: a function of Python's (a <see cref="PyObject"/>, or a <see cref="BoundCall"/> if it takes
/// arguments), a <see cref="GivenAwaitable"/>, or a C# factory (<see cref="Func{PyObject}"/>). Told apart by type, so that a plain call
/// costs no object of its own.
/// </summary>
internal static class AwaitableSource
{
    /// <summary>A use of the function and of the arguments begins.</summary>
    /// <exception cref="ObjectDisposedException">One of them is disposed.</exception>
    public static object Call(PyObject function, CallArguments arguments)
    {
        function.BeginUse();
        if (arguments.Count == 0)
        {
            return function;
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

        return new BoundCall(function, arguments);
    }

    /// <summary>A use of the awaitable begins.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public static object Given(PyObject awaitable)
    {
        awaitable.BeginUse();
        return new GivenAwaitable(awaitable);
    }

    /// <summary>Whether what comes out may be a plain value, to be given as it is: what a function returned.</summary>
    public static bool MayBeValue(object source) => source is PyObject or BoundCall;

    /// <summary>Whether code runs to make the awaitable, which could change context variables.</summary>
    public static bool RunsCode(object source) => source is not GivenAwaitable;

    /// <summary>Makes or takes the awaitable, and ends the uses. On the loop's thread, in the request's context.</summary>
    public static NewReference Create(object source)
    {
        switch (source)
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
                    EndUse(call);
                }

            case GivenAwaitable given:
                NewReference taken = NewReference.From(given.Awaitable.ReferenceInUse);
                given.Awaitable.EndUse();
                return taken;
            default:
                using (PyObject made = ((Func<PyObject>)source)()
                    ?? throw new InvalidOperationException("The factory of an awaitable gave null; it has to give a coroutine, a future or another awaitable."))
                {
                    return NewReference.From(made.Reference);
                }
        }
    }

    /// <summary>The request ends before the awaitable was made or taken. On any thread.</summary>
    public static void Discard(object source)
    {
        switch (source)
        {
            case PyObject function:
                function.EndUse();
                break;
            case BoundCall call:
                EndUse(call);
                break;
            case GivenAwaitable given:
                Discard(given.Awaitable);
                break;
        }
    }

    private static void EndUse(BoundCall call)
    {
        call.Arguments.EndUse();
        call.Function.EndUse();
    }

    /// <summary>A coroutine that is never started is closed, so that Python does not warn of it; a future is cancelled.</summary>
    private static void Discard(PyObject awaitable)
    {
        using AttachScope scope = PythonThread.Attach();
        WellKnownNames names = PythonInterpreter.Current.Names;
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
                PythonErrors.Forget(); // A coroutine that runs elsewhere is not ours to close.
            }
        }

        awaitable.EndUse();
    }
}
