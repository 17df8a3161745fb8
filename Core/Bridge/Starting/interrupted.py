"""Puts right what a signal's handler has broken off in an event loop that is written in Python."""


def step_soon(loop, step, context):
    """Put a task's step into the queue, unless one is there: the handler may have come before that, or just after.

    uvloop, which hides its queue, is not written in Python: nothing breaks it off.
    """
    task = step.__self__
    if not any(getattr(handle._callback, "__self__", None) is task for handle in list(getattr(loop, "_ready", ()))):
        loop.call_soon(step, context=context)
