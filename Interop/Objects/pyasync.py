"""What PyAsync adds to Python. Registered once per process, in sys.modules; every copy of PyAsync uses the same."""

# A Python module written in C# has this compiled when it is imported: nothing here may take time.
import sys

__all__ = ["DotNetException"]


class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's own.

    Exceptions that do have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    #: The full name of the .NET exception's type, such as "System.InvalidOperationException".
    dotnet_type = ""
    #: Where the .NET exception was thrown, as .NET writes it.
    stack_trace = ""


def __getattr__(name):
    global _TimeoutError
    if name != "_TimeoutError":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _TimeoutError = TimeoutError
    if sys.version_info < (3, 11):
        import asyncio

        doc = "Caught by code that names either of 3.10's two time-out types."
        _TimeoutError = type("TimeoutError", (asyncio.TimeoutError, TimeoutError), {"__doc__": doc, "__module__": __name__})
    return _TimeoutError
