"""Disarms the types that are written in C#, first of all in a forked child.

Only the forking thread exists in the child, without .NET's other threads. No C# code may run there, because it would wait for those threads and
never continue. So the types are disarmed, by this code and memory that was prepared before.

.NET's signal handlers would notify the parent, through a pipe that both share: Python's handling of the signals that end a process is restored.

Run in the namespace of fork_guard.py. types: (type, words, attributes); words: (memory of one machine word, bits to keep, bits to set);
attributes: (name of an attribute that would run C# code, True for a property). callbacks: (callback, future, context), which C# code would have run
next in the loop of the thread that forked.
"""

import signal


def refuse(self, *args, **kwargs):
    # Callbacks of the bridge itself (a loop was closed, an iterator dropped) do nothing.
    if getattr(self, "__name__", "").startswith("pyasync_"):
        return None
    raise RuntimeError(MESSAGE)


class Refused:
    """A property that refuses."""

    def __get__(self, instance, owner=None):
        raise RuntimeError(MESSAGE)


# A future never ends in the child, but can be cancelled by code that ends its loop and waits for the tasks that await it.
cancelled = {}


def cancel(self, msg=None):
    if self._is_done or id(self) in cancelled:
        return False
    cancelled[id(self)] = self
    for callback, context in [(self._callback, self._callback_context), *(self._more_callbacks or [])]:
        if callback is not None:
            self._loop.call_soon(callback, self, context=context)
    return True


def done(self):
    return self._is_done or id(self) in cancelled


def is_cancelled(self):
    return id(self) in cancelled


def result(self):
    if id(self) in cancelled:
        from asyncio import CancelledError

        raise CancelledError
    raise RuntimeError(MESSAGE)


def throw(self, exception, value=None, traceback=None):
    raise exception if value is None else value


def close(self):
    pass


def nothing(self):
    return iter(())


def stop(self):
    raise StopIteration


instead = {
    ("Function", "__code__"): None,
    ("Function", "__defaults__"): None,
    ("Function", "__kwdefaults__"): None,
    ("Function", "_is_coroutine"): None,
    ("Function", "_is_coroutine_marker"): None,
    ("Future", "_asyncio_awaited_by"): None,
    ("Future", "_cancel_message"): None,
    ("Future", "cancel"): cancel,
    ("Future", "cancelled"): is_cancelled,
    ("Future", "done"): done,
    ("Future", "result"): result,
    ("FutureIterator", "close"): close,
    ("FutureIterator", "cr_await"): None,
    ("FutureIterator", "cr_frame"): None,
    ("FutureIterator", "throw"): throw,
    ("Drain", "__iter__"): nothing,
    ("Callbacks", "__next__"): stop,
}

for word, keep, set_ in words:
    word[0] = word[0] & keep | set_

for type_, words_of_type, attributes in types:
    for word, keep, set_ in words_of_type:
        word[0] = word[0] & keep | set_
    for name, is_property in attributes:
        other = Refused() if is_property else refuse
        setattr(type_, name, instead.get((type_.__name__, name), other) if type_.__module__ == "pyasync" else other)
    type_.__repr__ = object.__repr__

for callback, future, context in callbacks:
    loop.call_soon(callback, future, context=context)

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    handler = signal.getsignal(number)
    if handler is not None:  # None: a handler that was not installed from Python stays.
        signal.signal(number, handler)
