"""The Python side of PyAsync."""

import asyncio
import sys
from typing import TypeVar

__all__ = ["DotNetException", "Queue", "QueueShutDown", "ScopeAbandoned"]

_T = TypeVar("_T")

class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's own.

    Exceptions that do have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    dotnet_type: str
    stack_trace: str

class ScopeAbandoned(Exception):
    """The exception that __exit__ receives when .NET code leaves a scope without completing it."""

if sys.version_info >= (3, 13):
    from asyncio import Queue as Queue
    from asyncio import QueueShutDown as QueueShutDown
else:
    class QueueShutDown(Exception):
        """Raised by put() of a queue that was shut down, and by get() of one that is empty too."""

    class Queue(asyncio.Queue[_T]):
        """An asyncio.Queue with the shutdown() of Python 3.13."""

        def shutdown(self, immediate: bool = False) -> None: ...
