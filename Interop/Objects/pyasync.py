"""The Python side of PyAsync. One module per process, in sys.modules; all copies of PyAsync in the process use it.

A wheel has this file too, so that the module can be imported before any module written in C#.
"""

# Compiled when a Python module written in C# is imported, so it must be fast.
__all__ = ["DotNetException", "Queue", "QueueShutDown", "ScopeAbandoned"]


class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's exceptions.

    Exceptions that have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    #: The full name of the .NET exception's type, such as "System.InvalidOperationException".
    dotnet_type = ""
    #: The place where the .NET exception was thrown, as .NET writes it.
    stack_trace = ""


class ScopeAbandoned(Exception):
    """The exception that __exit__ receives when .NET code leaves a scope without completing it.

    .NET code that entered a context manager by EnterAsync calls Complete() at its end. Without that call the code has failed, or has returned early,
    and the context manager is to undo its work.
    """


def __getattr__(name):
    """Define Queue and QueueShutDown at their first use, which imports asyncio."""
    if name not in ("Queue", "QueueShutDown"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import asyncio

    types = (asyncio.Queue, asyncio.QueueShutDown) if hasattr(asyncio, "QueueShutDown") else _queue_types(asyncio)
    for type in types:
        globals().setdefault(type.__name__, type)
    return globals()[name]


def _queue_types(asyncio):
    """Make the types for Python 3.11 and 3.12, whose queues have no shutdown()."""

    class QueueShutDown(Exception):
        """Raised by put() of a queue that was shut down, and by get() of one that is empty too.

        The class itself is the last item of an asyncio.Queue that C# code completes: those queues cannot be shut down before Python 3.13.
        """

    class Queue(asyncio.Queue):
        """An asyncio.Queue with the shutdown() of Python 3.13."""

        _is_shutdown = False

        def shutdown(self, immediate=False):
            """Make put() raise QueueShutDown, and get() too once the queue is empty; at once if immediate."""
            self._is_shutdown = True
            if immediate:
                while not self.empty():
                    self._get()
                    if self._unfinished_tasks > 0:
                        self.task_done()
            for waiters in self._getters, self._putters:
                while waiters:
                    waiter = waiters.popleft()
                    if not waiter.done():
                        waiter.set_result(None)

        async def put(self, item):
            while self.full() and not self._is_shutdown:
                await self._wait(self._putters, self.full)
            self.put_nowait(item)

        def put_nowait(self, item):
            if self._is_shutdown:
                raise QueueShutDown
            super().put_nowait(item)

        async def get(self):
            while self.empty() and not self._is_shutdown:
                await self._wait(self._getters, self.empty)
            return self.get_nowait()

        def get_nowait(self):
            if self._is_shutdown and self.empty():
                raise QueueShutDown
            return super().get_nowait()

        async def _wait(self, waiters, must_wait):
            waiter = self._get_loop().create_future()
            waiters.append(waiter)
            try:
                await waiter
            except BaseException:
                waiter.cancel()
                if waiter in waiters:
                    waiters.remove(waiter)
                if not must_wait() and not waiter.cancelled():
                    self._wakeup_next(waiters)
                raise

    for type in Queue, QueueShutDown:
        type.__module__, type.__qualname__ = __name__, type.__name__
    return Queue, QueueShutDown
