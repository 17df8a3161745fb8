"""What a forked child does first with the types that are written in C#.

Only the thread that forks goes on in the child. .NET's other threads do not, so that no C# code may run there: it would wait for them for
ever. So the types are disarmed. That takes nothing but this code and memory that was prepared before.

.NET's handlers of signals would tell the parent, by a pipe that both have: the signals that end a process are as Python has them again.

Run in the namespace of fork_guard.py. types: (type, words, attributes); words: (memory of one machine word, bits to keep, bits to set);
attributes: (name of what would run C# code, whether it is a property).
"""

import signal

MESSAGE = (
    "this process was forked from one that runs .NET code, and .NET does not go on in a forked child: "
    "fork before the module that is written in C# is imported, or start a process of its own "
    "(multiprocessing.set_start_method('spawn'), subprocess)"
)


def refuse(self, *args, **kwargs):
    # What the bridge has Python call for itself (a loop was closed, an iterator dropped) has nothing left to do.
    if getattr(self, "__name__", "").startswith("pyasync_"):
        return None
    raise RuntimeError(MESSAGE)


class Refused:
    """A property that refuses."""

    def __get__(self, instance, owner=None):
        raise RuntimeError(MESSAGE)


for type_, words, attributes in types:
    for word, keep, set_ in words:
        word[0] = word[0] & keep | set_
    for name, is_property in attributes:
        setattr(type_, name, Refused() if is_property else refuse)
    type_.__repr__ = object.__repr__

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    handler = signal.getsignal(number)
    if handler is not None:  # None: somebody else's, and no business of ours.
        signal.signal(number, handler)
