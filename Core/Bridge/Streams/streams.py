"""Async iteration across the border."""


async def pump(source, put):
    """Read an async iterable into .NET. put(item) says None when there is room for another item, else what to await first."""
    iterator = aiter(source)
    room = None
    try:
        while True:
            if room is not None:
                await room
            try:
                item = await anext(iterator)
            except StopAsyncIteration:
                return
            room = put(item)
    finally:
        # A generator that was stopped early has its finally blocks run, and waited for.
        close = getattr(iterator, "aclose", None)
        if close is not None:
            await close()


class AsyncIterator:
    """An async iterator over .NET items."""

    __slots__ = ("_move_next", "_close", "_drop", "__weakref__")

    def __init__(self, move_next, close, drop):
        self._move_next = move_next
        self._close = close
        self._drop = drop

    def __aiter__(self):
        return self

    def __anext__(self):
        return self._move_next()

    def aclose(self):
        """End the iteration early: the .NET enumerator is disposed."""
        return self._close()

    def __del__(self):
        self._drop()
