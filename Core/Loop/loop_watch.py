"""Tells when an event loop that belongs to somebody else is closed."""


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
