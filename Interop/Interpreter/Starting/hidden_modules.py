"""Finds the files that hide modules of the standard library."""

import os
import sys


def find(text):
    """Return (module, file) for each hidden module that has been imported, and for each whose file is named in the text of an exception."""
    standard = getattr(sys, "_stdlib_dir", None) or os.path.dirname(os.__file__)
    found = []
    for folder in sys.path:
        if os.path.realpath(folder) == os.path.realpath(standard):
            return found
        for name in names_in(folder):
            file = hiding_file(folder, name)
            if file is not None and (is_imported(name, file) or file in text):
                found.append((name, file))
    return found


def names_in(folder):
    try:
        entries = os.listdir(folder)
    except OSError:
        return []
    return sorted({entry.partition(".")[0] for entry in entries} & sys.stdlib_module_names)


def hiding_file(folder, name):
    for candidate in (os.path.join(folder, name, "__init__.py"), os.path.join(folder, name + ".py")):
        if os.path.isfile(candidate):
            return candidate
    return None


def is_imported(name, file):
    return getattr(sys.modules.get(name), "__file__", None) == file
