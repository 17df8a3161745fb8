"""Report when an event loop that other code runs is closed."""

import inspect


def watch(loop, on_closed):
    """Call on_closed() once the loop is closed. Returns an object to keep until then, which does not keep the loop alive."""
    original = loop.close

    # A reference cycle with the loop: close() breaks it, or Python's collector does if close() is not called.
    def close():
        try:
            return original()
        finally:
            if loop.is_closed():
                vars(loop).pop("close", None)
                on_closed()

    try:
        loop.close = close
    except AttributeError:
        return sentinel(on_closed)
    return None


def sentinel(on_closed):
    """Watch a loop that takes no attributes: asyncio.run ends the async generators of a loop before it closes the loop."""

    async def generator():
        try:
            yield
        finally:
            on_closed()

    kept = generator()
    try:
        kept.asend(None).send(None)
    except StopIteration:
        pass
    return kept


def let_go(tasks):
    """Release tasks that a closed loop never resumes. Their awaiters are notified, so asyncio need not warn when the tasks are freed."""
    for task in tasks:
        task._log_destroy_pending = False
        coroutine = task.get_coro()
        if inspect.iscoroutine(coroutine) and inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            coroutine.close()  # Python would warn that it was never awaited.
