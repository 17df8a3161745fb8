using PyAsync.Interop;

namespace PyAsync.Contexts;

/// <summary>Makes contexts of the context variables that Python code has set. Consecutive calls usually share one. The GIL guards it.</summary>
internal sealed class CapturedVariables
{
    // Weak, so that the loop does not keep alive the objects that the variables of an old call refer to.
    private readonly WeakReference<EventLoopContext?> _last = new(null);

    /// <summary>Gets the context of a loop with these variables. Takes the reference, to a <c>contextvars.Context</c> that no other code enters.</summary>
    public EventLoopContext Of(EventLoop loop, NewReference variables)
    {
        if (_last.TryGetTarget(out EventLoopContext? last) && ContextVariables.AreSame(last.ContextVariables!.Reference, variables.Borrow()))
        {
            variables.Dispose();
            return last;
        }

        var made = new EventLoopContext(loop, variables.ToPyObject(), null);
        _last.SetTarget(made);
        return made;
    }
}
