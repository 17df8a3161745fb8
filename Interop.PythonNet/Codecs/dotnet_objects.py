"""The Python classes of .NET objects that can be awaited, or iterated over asynchronously. Their other attributes are those of pythonnet's object."""

import asyncio
import weakref

#: bind(holder): the future of a Task, the async iterator of a stream, of the running loop. show(holder): pythonnet's object.
bind = show = None

_started = weakref.WeakKeyDictionary()


class _DotNetObject:
    __slots__ = ("_holder", "_shown", "__weakref__")

    def __init__(self, holder):
        self._holder = holder
        self._shown = None

    def _show(self):
        if self._shown is None:
            self._shown = show(self._holder)
        return self._shown

    def __getattr__(self, name):
        return getattr(self._show(), name)

    def __dir__(self):
        return sorted({*object.__dir__(self), *dir(self._show())})

    def __repr__(self):
        return repr(self._show())


class Awaitable(_DotNetObject):
    """A Task that was passed where no event loop ran."""

    __slots__ = ()

    def __await__(self):
        return bind(self._holder).__await__()


class AsyncIterable(_DotNetObject):
    """An IAsyncEnumerable, which each iteration reads from its beginning."""

    __slots__ = ()

    def __aiter__(self):
        return bind(self._holder)


def start(awaitable):
    """Return the future of an awaitable. A coroutine is started at the first request only."""
    try:
        future = _started.get(awaitable)
    except TypeError:  # neither hashable nor to be referred to weakly
        return asyncio.ensure_future(awaitable)
    if future is None:
        future = asyncio.ensure_future(awaitable)
        if future is not awaitable:
            _started[awaitable] = future
    return future
