"""The Python side of PyAsync."""

__all__ = ["DotNetException"]

class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's own.

    Exceptions that do have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    dotnet_type: str
    stack_trace: str
