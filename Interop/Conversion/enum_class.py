# Creates the classes of C# enums. Run when a module with enums is imported.
from enum import IntEnum, IntFlag


def make(name, module, doc, is_flags, members):
    made = (IntFlag if is_flags else IntEnum)(name, members, module=module, qualname=name)
    if doc is not None:
        made.__doc__ = doc
    return made
