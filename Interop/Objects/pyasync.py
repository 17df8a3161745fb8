"""The Python side of PyAsync. One module per process, in sys.modules; all copies of PyAsync in the process use it.

A wheel has this file too, so that the module can be imported before any module written in C#.
"""

# Compiled when a Python module written in C# is imported, so it must be fast.
__all__ = ["DotNetException", "ScopeAbandoned"]


class DotNetException(Exception):
    """A .NET exception that has no counterpart among Python's exceptions.

    Exceptions that have one (ValueError, TimeoutError, ...) carry the same two attributes.
    """

    #: The full name of the .NET exception's type, such as "System.InvalidOperationException".
    dotnet_type = ""
    #: Where the .NET exception was thrown, as .NET writes it.
    stack_trace = ""


class ScopeAbandoned(Exception):
    """The exception that __exit__ receives when .NET code leaves a scope without completing it.

    .NET code that entered a context manager by EnterAsync calls Complete() at its end. Without that call the code has failed, or has returned early,
    and the context manager is to undo its work.
    """
