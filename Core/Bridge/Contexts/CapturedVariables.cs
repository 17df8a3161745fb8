using PyAsync.Interop;

namespace PyAsync;

/// <summary>Makes contexts of the context variables that Python code has set; calls that follow each other mostly share them. The GIL guards it.</summary>
internal sealed class CapturedVariables
{
    // Weak, since a loop is not to keep alive what the variables of a call of long ago refer to.
    private readonly WeakReference<EventLoopContext?> _last = new(null);

    /// <summary>The context of a loop with these variables. Takes the reference, to a <c>contextvars.Context</c> that nobody else enters.</summary>
    public EventLoopContext Of(EventLoop loop, NewReference variables)
    {
        if (ContextIdentity.IsSupported
            && _last.TryGetTarget(out EventLoopContext? last)
            && CPython.PyContext_Variables(last.ContextVariables!.Reference) == CPython.PyContext_Variables(variables.Borrow()))
        {
            variables.Dispose();
            return last;
        }

        var made = new EventLoopContext(loop, variables.ToPyObject(), null);
        _last.SetTarget(made);
        return made;
    }
}
