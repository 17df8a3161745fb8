"""Replaces the package that this file is in by a module written in C#.

Pure Python over ctypes, so one wheel serves every platform that .NET runs on. `_dotnet.py` finds and starts .NET; this file gets the module's
definition from the assembly, and creates the module as the import system creates any extension module with multi-phase initialisation (PEP 489).
"""
import importlib.machinery
import importlib.util
import os
import sys

try:
    import ctypes
except ImportError as error:
    if "subinterpreters" not in str(error):
        raise
    # Python 3.12's ctypes does not support them: report the requested module.
    raise ImportError(f"module {__package__} does not support loading in subinterpreters", name=__package__) from error

from . import _dotnet, _forked

_PYTHON_API_VERSION = 1013

# Called with the GIL held; a separate instance, because other code declares types on ctypes.pythonapi.
_python = ctypes.PyDLL(None, handle=ctypes.pythonapi._handle)
_python.PyInterpreterState_Get.restype = ctypes.c_void_p
_python.PyInterpreterState_Main.restype = ctypes.c_void_p
_python.PyModule_FromDefAndSpec2.restype = ctypes.py_object
_python.PyModule_FromDefAndSpec2.argtypes = (ctypes.c_void_p, ctypes.py_object, ctypes.c_int)
_python.PyModule_ExecDef.argtypes = (ctypes.py_object, ctypes.c_void_p)

_loaded: dict[str, object] = {}


def load(name, assembly, init_type):
    """Create the module `name` that `init_type` of `assembly`.dll defines, and enter it into sys.modules."""
    if name in _loaded and sys.modules.get(name) is _loaded[name]:
        return  # importlib.reload: as for any extension module, there is nothing to run again.
    if _python.PyInterpreterState_Get() != _python.PyInterpreterState_Main():
        raise ImportError(f"module {name} does not support loading in subinterpreters", name=name)

    package = sys.modules[name]
    spec = package.__spec__
    folder = os.path.dirname(spec.origin)
    if not os.path.isfile(os.path.join(folder, assembly + ".dll")):
        raise ImportError(
            f"{name}: there is no {assembly}.dll in {folder}. .NET loads only files: unpack the archive, or install the wheel with pip.",
            name=name, path=folder)

    spec.loader = _Loader(spec, _definition(name, folder, assembly, init_type))
    module = importlib.util.module_from_spec(spec)
    # The import system returns the entry here after the package's __init__.py has run.
    _loaded[name] = sys.modules[name] = module
    spec.loader.exec_module(module)
    # A thread that imported meanwhile has looked the package up and waits for it: it finds the same attributes there.
    vars(package).update(vars(module))


def _definition(name, folder, assembly, init_type):
    """Return the module's PyModuleDef, created by its C# code."""
    function = _dotnet.function(name, folder, assembly, init_type, "Init")
    if not _loaded:
        _forked.install()
    # PYFUNCTYPE: called with the GIL held, and the current Python error is raised here.
    definition = ctypes.PYFUNCTYPE(ctypes.c_void_p)(function)()
    if not definition:
        raise ImportError(f"{name}: {init_type}.Init returned no module", name=name, path=folder)
    return definition


class _Loader(importlib.machinery.SourceFileLoader):
    """The module's loader for the import system. It creates the module; resources are found as in any package."""

    def __init__(self, spec, definition):
        super().__init__(spec.name, spec.origin)
        self._definition = definition

    def create_module(self, spec):
        return _python.PyModule_FromDefAndSpec2(self._definition, spec, _PYTHON_API_VERSION)

    def exec_module(self, module):
        _python.PyModule_ExecDef(module, self._definition)
