"""Async iteration between Python and .NET."""

import asyncio
import os
import sys
import types


async def pump(source, put):
    """Read an async iterable into .NET, by put(items, was_suspended)."""
    pump = Pump(put)
    try:
        await pump.forward(pump.read(aiter(source)))
    finally:
        put([], False)
        # The traceback of a failure refers to this frame, the .NET stream holds the failure, and put holds the stream: a reference cycle that
        # neither garbage collector can collect.
        pump.put = pump.failure = put = None


class Pump:
    """Collects the items of an async iterator, and hands them over in chunks: when a chunk is full, and when the iterator waits.

    put(items, was_suspended) returns the size of the next chunk, 0 if the loop is to have a turn first, -1 if the reader has stopped and the task is or will
    be cancelled, or an awaitable of the size. An empty list is the end.
    """

    __slots__ = ("put", "items", "size", "was_suspended", "was_cancelled", "failure")

    def __init__(self, put):
        self.put = put
        self.items = []
        self.size = 1
        self.was_suspended = True
        self.was_cancelled = False
        self.failure = None

    async def read(self, iterator):
        items = self.items
        append = items.append
        try:
            while True:
                try:
                    append(await anext(iterator))
                except StopAsyncIteration:
                    return
                if len(items) >= self.size:
                    size = self.hand_over()
                    if size.__class__ is not int:
                        size = await size
                    elif size < 0:
                        if self.was_cancelled:
                            return  # The iterator has swallowed the cancellation.
                        # The iterator is not resumed any more: only the cancellation ends this wait.
                        await asyncio.get_running_loop().create_future()
                    elif size == 0:
                        await asyncio.sleep(0)
                        size = 1
                    self.size = size
        finally:
            # The finally blocks of a generator that was stopped early run, and are waited for.
            close = getattr(iterator, "aclose", None)
            if close is not None:
                await close()

    @types.coroutine
    def forward(self, reading):
        """Run the coroutine that reads. Hand over the items whenever it waits, and after its end."""
        resume, value = reading.send, None
        try:
            while True:
                try:
                    awaited = resume(value)
                except StopIteration:
                    return
                self.size = 1
                self.was_suspended = True
                if self.items and self.failure is None:
                    try:
                        self.hand_over()
                    except Exception as e:
                        # The iterator waits and cannot get this error: it is stopped, as by a reader that stops early.
                        self.failure = e
                        asyncio.current_task().cancel()
                try:
                    value = yield awaited
                    resume = reading.send
                except BaseException as e:
                    self.was_cancelled = True
                    resume, value = reading.throw, e
        finally:
            resume = value = reading = None
            if self.failure is not None:
                self.fail()
            if self.items:
                self.hand_over()

    def hand_over(self):
        if self.failure is not None:
            self.fail()
        was_suspended, self.was_suspended = self.was_suspended, False
        try:
            return self.put(self.items, was_suspended)
        finally:
            self.items.clear()

    def fail(self):
        failure = self.failure
        try:
            raise failure
        finally:
            del failure


class AsyncIterator:
    """An async iterator over .NET items. It has the methods of an async generator, for code that takes one: asynccontextmanager, fixtures."""

    __slots__ = ("_items", "_step", "_take", "_move_next", "_close", "_drop", "_end", "_ending", "__weakref__")

    def __init__(self, take, move_next, close, drop, end):
        # take() returns a list of items that are available, or None; move_next(self) an awaitable of the next item.
        self._items = ()
        self._step = None
        self._take = take
        self._move_next = move_next
        self._close = close
        self._drop = drop
        self._end = end
        self._ending = None

    def __aiter__(self):
        return self

    def __anext__(self):
        # A coroutine is the cheapest awaitable that Python has. It takes the item when it runs, so that none is lost if it is cancelled before.
        return self._next() if self._items else self._fetch()

    async def _next(self):
        return self._items.pop() if self._items else await self._fetch()

    async def _missed(self):
        # The outcome was there when the task that awaited it was cancelled. Once: other code may have retrieved it before this coroutine runs.
        step = self._step
        return await (step if step is not None and step._is_missed else self.__anext__())

    def _fetch(self):
        step = self._step
        if step is not None and step._is_missed:
            return self._missed()
        if self._ending is None:
            self._ending = Ending(self._end)
            register(self._ending)
        items = self._take()
        if items is None:
            future = self._move_next(self)
            if step is None or step.done():
                self._step = future  # Else a step runs, and the future refuses another.
            return future
        items.reverse()
        self._items = items
        return self._next()

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
            await self.aclose()

    def aclose(self):
        """End the iteration early: the .NET enumerator is disposed."""
        self._items = ()
        self._step = None
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
