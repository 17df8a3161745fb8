"""Reads the type hints of Python modules for `dotnet pyasync bind`. Needs the standard library only."""
