"""Finds the ASGI application that "module:attribute" names."""

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
import platform
import sys


class LoadError(Exception):
    """Raised for an application that cannot be found. The message is for the developer of the application."""


def load(specification, folder, is_factory):
    """Imports an application."""
    if folder and folder not in sys.path:
        sys.path.insert(0, folder)
    module_name, separator, attributes = specification.partition(":")
    if not module_name or not separator or not attributes:
        raise LoadError(f"'{specification}' does not name an ASGI application: write \"module:attribute\", such as \"main:app\"")
    check_module_name(module_name, attributes)
    found = import_module(module_name, folder)
    for attribute in attributes.split("."):
        try:
            owner, found = found, getattr(found, attribute)
        except AttributeError:
            raise LoadError(f"the Python module '{module_name}'{file_of(module_name)} has no '{attributes}'{suggest(attribute, applications_of(found))} {python()}") from None
    if is_factory:
        try:
            found = found()
        except BaseException as error:
            raise LoadError(f"the function '{attributes}' of the Python module '{module_name}' failed") from without_own_frames(error)
    if not callable(found):
        raise LoadError(
            f"'{attributes}' of the Python module '{module_name}' is of type '{type(found).__name__}', which is not callable{suggest(attribute, applications_of(owner))} {python()}"
        )
    check_parameters(found, attributes, module_name)
    return found


def check_module_name(module_name, attributes):
    """Raises an error for the path of a file."""
    if module_name.endswith(".py") or "/" in module_name or "\\" in module_name:
        dotted = module_name.removesuffix(".py").replace("\\", "/").strip("./").replace("/", ".")
        raise LoadError(f"'{module_name}' is the path of a file, not the name of a Python module: write \"{dotted}:{attributes}\"")


def import_module(name, folder):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise LoadError(f"the import of the Python module '{name}'{file_of(name)} failed") from without_own_frames(error)
        parent, _, last = error.name.rpartition(".")
        folders = getattr(sys.modules.get(parent), "__path__", [folder]) if parent else [folder]
        similar = suggest(last, [module.name for module in pkgutil.iter_modules(folders)], otherwise=False)
        raise LoadError(f"there is no Python module '{error.name}'{similar} {python()} searches {searched(folder)}") from None
    except BaseException as error:
        raise LoadError(f"the import of the Python module '{name}'{file_of(name)} failed") from without_own_frames(error)


def check_parameters(application, attributes, module_name):
    """Raises an error for a callable that is no application of ASGI 3."""
    try:
        signature = inspect.signature(application)
    except (TypeError, ValueError):
        return  # Written in C: the first call shows it.
    try:
        signature.bind({}, None, None)
    except TypeError:
        raise LoadError(
            f"'{attributes}' of the Python module '{module_name}' is no ASGI application: it takes the parameters {signature}, and not (scope, receive, send). A function that "
            "returns the application needs AsgiOptions.IsFactory, and a WSGI application an adapter, such as a2wsgi.WSGIMiddleware(app)"
        ) from None


def applications_of(owner):
    """Returns the names in a module, or in a class, that may be applications."""
    module = getattr(owner, "__name__", None)
    return [name for name, value in getattr(owner, "__dict__", {}).items() if not name.startswith("_") and may_be_application(value, module)]


def may_be_application(value, module):
    if inspect.isroutine(value) or inspect.isclass(value):
        return value.__module__ == module
    return callable(value)


def suggest(name, names, otherwise=True):
    """Returns the end of a sentence that has the names that are like a name."""
    names = [found for found in dict.fromkeys(names) if found != name]
    similar = difflib.get_close_matches(name, names, n=3, cutoff=0.75)
    if similar:
        return ": did you mean " + " or ".join(f"'{found}'" for found in similar) + "?"
    return f": it has {', '.join(sorted(names)[:10])}." if otherwise and names else "."


def file_of(module_name):
    """Returns the file of a module as a part of a message."""
    try:
        spec = getattr(sys.modules.get(module_name), "__spec__", None) or importlib.util.find_spec(module_name)
    except (ImportError, AttributeError, ValueError):
        return ""
    return f" ({spec.origin})" if spec is not None and spec.has_location else ""


def searched(folder):
    first = f"{folder} first (AsgiOptions.ApplicationDirectory, or the host's content root)"
    others = [entry for entry in sys.path if entry != folder]
    return f"{first}, then {', '.join(others)}" if others else first


def python():
    return f"Python {platform.python_version()} ({sys.executable or sys.prefix})"


def without_own_frames(error):
    """Removes the frames of the import itself from a traceback."""
    traceback = error.__traceback__
    while traceback is not None and is_of_import(traceback.tb_frame.f_code.co_filename):
        traceback = traceback.tb_next
    return error.with_traceback(traceback)


def is_of_import(file):
    return file in (load.__code__.co_filename, importlib.__file__) or file.startswith("<frozen importlib")
