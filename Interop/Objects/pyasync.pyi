"""The Python side of PyAsync."""

__all__ = ["DotNetException", "ScopeAbandoned"]

class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's own.

    Exceptions that do have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    dotnet_type: str
    stack_trace: str

class ScopeAbandoned(Exception):
    """The exception that __exit__ receives when .NET code leaves a scope without completing it."""
