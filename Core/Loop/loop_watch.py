"""Tells when an event loop that belongs to somebody else is closed."""

import inspect


def watch(loop, on_closed):
    """Have on_closed() called once the loop is closed. Returns what has to be kept until then, which must not be the loop."""
    original = loop.close

    # It holds the loop, and the loop holds it: a cycle that close() breaks, and Python's collector if nobody calls close().
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
    """For loops that take no attributes: asyncio.run ends the async generators of a loop before it closes it."""

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
    """Tasks that a closed loop will never go on with. Who awaits them is told, so that asyncio need not warn of them when they are dropped."""
    for task in tasks:
        task._log_destroy_pending = False
        coroutine = task.get_coro()
        if inspect.iscoroutine(coroutine) and inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            coroutine.close()  # Python would warn that nobody has awaited it.
