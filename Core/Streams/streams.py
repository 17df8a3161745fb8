"""Async iteration between Python and .NET."""

import asyncio
import os
import sys


async def pump(source, put):
    """Read an async iterable into .NET. put(item) returns None if there is room for another item, else an object to await first."""
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
        # The finally blocks of a generator that was stopped early run, and are waited for.
        close = getattr(iterator, "aclose", None)
        try:
            if close is not None:
                await close()
        finally:
            # The traceback of a failure refers to this frame, the .NET stream holds the failure, and put holds the stream: a reference cycle that
            # neither garbage collector can collect.
            del put, room


class AsyncIterator:
    """An async iterator over .NET items. It has the methods of an async generator, for code that takes one: asynccontextmanager, fixtures."""

    __slots__ = ("_move_next", "_close", "_drop", "_end", "_ending", "__weakref__")

    def __init__(self, move_next, close, drop, end):
        self._move_next = move_next
        self._close = close
        self._drop = drop
        self._end = end
        self._ending = None

    def __aiter__(self):
        return self

    def __anext__(self):
        if self._ending is None:
            self._ending = Ending(self._end)
            register(self._ending)
        return self._move_next(self)

    def asend(self, value):
        """Return the next item, as a generator that ignores the sent value does."""
        return self.__anext__()

    async def athrow(self, type, value=None, traceback=None):
        """End the iteration early, and raise the exception: .NET code has no way to catch it where it yields."""
        error = value if value is not None else type
        if isinstance(error, BaseException):
            error = error if traceback is None else error.with_traceback(traceback)
        try:
            raise error
        finally:
            await self._close(self)

    def aclose(self):
        """End the iteration early: the .NET enumerator is disposed."""
        return self._close(self)

    def __del__(self):
        self._drop(self._ending)


class Ending:
    """An object that an event loop closes when its run ends, as an open asynchronous generator."""

    __slots__ = ("_aclose", "_process", "__weakref__")

    def __init__(self, aclose):
        self._aclose = aclose
        self._process = os.getpid()

    def aclose(self):
        # A forked child runs no C# code, and the stream is its parent's: the child's loop ends without it.
        return self._aclose() if os.getpid() == self._process else nothing()

    def __repr__(self):
        return "<.NET stream>"


async def nothing():
    """Do nothing."""


def register(ending):
    """Add to the asynchronous generators of the running loop, which the loop holds weakly: shutdown_asyncgens() calls aclose()."""
    first = sys.get_asyncgen_hooks().firstiter
    if first is not None and getattr(first, "__self__", None) is asyncio._get_running_loop():
        first(ending)
