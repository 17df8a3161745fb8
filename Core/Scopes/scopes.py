"""Python context managers that .NET code enters."""

import inspect

from pyasync import ScopeAbandoned


async def hold(make, body):
    """Run .NET code inside a context manager: one task makes it, enters it, awaits the code and exits it.

    make() returns the manager: some can be made in a task only, such as anyio.fail_after(1).
    body(value) returns an awaitable, whose result is False if the .NET code abandoned the scope.
    """
    abandoned = ScopeAbandoned("The .NET scope ended without a call of Complete().")
    rest = None
    try:
        await hold_for(make, body, abandoned)
    except ScopeAbandoned as e:
        if e is not abandoned:
            raise
    except BaseExceptionGroup as group:
        # A task group raises the exception of its body as a member of a group.
        matched, rest = group.split(lambda e: e is abandoned)
        if matched is None:
            rest = None
            raise  # The group itself: the rest is a copy, which C# would not recognise as its own exception.
        matched = None
    finally:
        # The traceback of a failure refers to this frame, the .NET scope holds the failure, and body holds the scope: a reference cycle that
        # neither garbage collector can collect.
        make = body = abandoned = None

    if rest is not None:
        try:
            raise rest
        finally:
            rest = None


async def hold_for(make, body, abandoned):
    manager = value = None
    try:
        manager = make()
        if not is_manager(manager):
            manager = await manager_of(manager)
        if hasattr(type(manager), "__aenter__"):
            async with manager as value:
                if not await body(value):
                    raise abandoned
        else:
            with manager as value:
                if not await body(value):
                    raise abandoned
    finally:
        make = manager = body = abandoned = value = None


def is_manager(candidate):
    return hasattr(type(candidate), "__aenter__") or hasattr(type(candidate), "__enter__")


async def manager_of(candidate):
    """Await the coroutine of an asynchronous function that returns a context manager."""
    found = await candidate if inspect.isawaitable(candidate) else candidate
    if not is_manager(found):
        raise TypeError(
            f"'{type(found).__name__}' object is not a context manager: it has neither __aenter__ and __aexit__ nor __enter__ and __exit__"
        )
    return found


class AsyncDisposable:
    """An asynchronous context manager over a .NET resource, whose exit disposes it."""

    __slots__ = ("_value", "_dispose", "_drop", "__weakref__")

    def __init__(self, value, dispose, drop):
        self._value = value
        self._dispose = dispose
        self._drop = drop

    async def __aenter__(self):
        if self._dispose is None:
            raise RuntimeError("the .NET resource has been disposed: its context manager can be entered before that only")
        return self._value

    async def __aexit__(self, type, error, traceback):
        await self.aclose()

    async def aclose(self):
        """Dispose the resource, unless that has begun already."""
        dispose, self._dispose, self._value = self._dispose, None, None
        if dispose is not None:
            await dispose()

    def __del__(self):
        if self._dispose is not None:
            self._drop()
