"""Describes what exists only at run time, in modules that were imported: with `inspect` and `typing`."""

import collections.abc
import enum
import importlib
import inspect
import sys
import types
import typing

from . import docs
from .hints import canonical, union, unknown
from .members import SPECIAL, is_public
from .scopes import ReaderError


def load(name):
    """Imports a module.

    Raises:
        ReaderError: The import failed.
    """
    try:
        return importlib.import_module(name)
    except BaseException as error:  # A module can raise SystemExit.
        raise ReaderError(f"import {name} failed: {type(error).__name__}: {error}") from None


def public_names(module):
    """Returns the names that a module offers: `__all__`, else those that it defines."""
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if hasattr(module, name)]
    return [name for name, value in vars(module).items() if is_public(name) and not inspect.ismodule(value)
            and getattr(value, "__module__", module.__name__) == module.__name__]


class Imported:
    """Describes objects, and collects the classes that their hints refer to."""

    def __init__(self):
        self.classes = {}

    def tree(self, hint):
        """Converts a hint, an object of typing, to a tree as those of the sources are."""
        if hint is inspect.Signature.empty:
            return None
        if hint is None or hint is type(None) or hint in (typing.NoReturn,):
            return {"kind": "none"}
        if hint is typing.Any:
            return {"kind": "any"}
        if isinstance(hint, (str, typing.ForwardRef)):
            return unknown(getattr(hint, "__forward_arg__", hint), "the name is not defined where the hint is")
        if isinstance(hint, typing.TypeVar):
            limits = hint.__constraints__ or ((hint.__bound__,) if hint.__bound__ is not None else ())
            return {"kind": "variable", "name": hint.__name__, "args": [self.tree(limit) for limit in limits]}
        if getattr(hint, "__supertype__", None) is not None:
            return self.tree(hint.__supertype__)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return union([self.tree(argument) for argument in arguments])
        if origin is typing.Literal:
            values = [argument for argument in arguments if isinstance(argument, (str, int, bool))]
            return {"kind": "literal", "values": values} if len(values) == len(arguments) else unknown(str(hint), "not a literal of text or numbers")
        if origin in (typing.Annotated, typing.ClassVar, typing.Final):
            return self.tree(arguments[0])
        if origin is collections.abc.Callable:
            parameters = None if arguments[0] is Ellipsis else [self.tree(argument) for argument in arguments[0]]
            return {"kind": "callable", "args": parameters, "result": self.tree(arguments[1])}
        if origin is tuple:
            if len(arguments) == 2 and arguments[1] is Ellipsis:
                return {"kind": "name", "name": "Sequence", "args": [self.tree(arguments[0])]}
            return {"kind": "tuple", "args": [self.tree(argument) for argument in arguments]}
        if hint is collections.abc.Callable or hint is typing.Callable:
            return {"kind": "callable", "args": None, "result": {"kind": "any"}}
        cls = origin or hint
        if not isinstance(cls, type):
            return {"kind": "self"} if str(cls).endswith(".Self") else unknown(str(hint), "not a type that the reader knows")
        inner = [self.tree(argument) for argument in arguments if not isinstance(argument, list)]
        full = f"{cls.__module__}.{cls.__qualname__}"
        if cls.__module__.split(".")[0] in sys.stdlib_module_names:
            return {"kind": "name", "name": canonical(full), "args": inner}
        self.classes[full] = cls
        return {"kind": "class", "id": full, "args": inner}

    def function(self, name, function, of="instance", is_member=False):
        """Describes a callable; without a signature its parameters are unknown."""
        try:
            signature = inspect.signature(function)
            hints = _hints(function)
        except (ValueError, TypeError):
            signature, hints = None, {}
        kinds = {inspect.Parameter.POSITIONAL_ONLY: "positional", inspect.Parameter.POSITIONAL_OR_KEYWORD: "normal", inspect.Parameter.VAR_POSITIONAL: "args",
                 inspect.Parameter.KEYWORD_ONLY: "keyword", inspect.Parameter.VAR_KEYWORD: "kwargs"}
        parameters = [] if signature is not None else [
            {"name": "args", "kind": "args", "hint": None, "default": None}, {"name": "kwargs", "kind": "kwargs", "hint": None, "default": None}]
        for parameter in signature.parameters.values() if signature is not None else ():
            hint = hints.get(parameter.name, inspect.Signature.empty)
            parameters.append({"name": parameter.name, "kind": kinds[parameter.kind], "hint": self.tree(hint), "default": _default(parameter.default)})
        if is_member and of != "static" and parameters and parameters[0]["kind"] in ("positional", "normal"):
            parameters = parameters[1:]
        plain = inspect.unwrap(function) if callable(function) else function
        kind = ("asyncgenerator" if inspect.isasyncgenfunction(plain) else "async" if inspect.iscoroutinefunction(plain)
                else "generator" if inspect.isgeneratorfunction(plain) else "function")
        doc = inspect.getdoc(function)
        return {"name": name, "kind": kind, "parameters": parameters, "result": self.tree(hints.get("return", inspect.Signature.empty)), "overloads": [],
                "doc": docs.sections(doc) if doc else None, "of": of}

    def class_(self, full, cls):
        """Describes a class by its attributes."""
        doc = cls.__dict__.get("__doc__")
        described = {"id": full, "name": cls.__name__, "module": cls.__module__, "doc": docs.sections(inspect.cleandoc(doc)) if isinstance(doc, str) else None,
                     "kind": "object", "bases": [], "fields": [], "methods": [], "properties": [], "constructor": None}
        if issubclass(cls, BaseException):
            return described | {"kind": "exception"}
        if issubclass(cls, enum.Enum):
            values = "flag" if issubclass(cls, enum.Flag) else "int" if issubclass(cls, int) else "str" if issubclass(cls, str) else ""
            return described | {"kind": "enum", "values": values, "members": [
                {"name": name, "value": member.value if type(member.value) in (int, str) else None} for name, member in cls.__members__.items()]}
        hints = _hints(cls)
        if hasattr(cls, "__dataclass_fields__"):
            described["kind"] = "dataclass"
            described["fields"] = [self._field(name, hints, field.default, field.default_factory) for name, field in cls.__dataclass_fields__.items() if field.init]
        elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
            described["kind"] = "namedtuple"
            described["fields"] = [self._field(name, hints, cls._field_defaults.get(name, _MISSING), _MISSING) for name in cls._fields]
        elif hasattr(cls, "__total__"):
            described["kind"] = "typeddict"
            described["fields"] = [{"name": name, "hint": self.tree(hint), "default": None, "required": name in cls.__required_keys__} for name, hint in hints.items()]
        for base in cls.__bases__:
            if base.__module__.split(".")[0] not in sys.stdlib_module_names:
                self.classes[f"{base.__module__}.{base.__qualname__}"] = base
                described["bases"].append({"kind": "class", "id": f"{base.__module__}.{base.__qualname__}", "args": []})
        for name, value in vars(cls).items():
            self._member(described, name, value, hints)
        return described

    def _field(self, name, hints, default, factory):
        is_required = default in (_MISSING, _FIELD) and factory in (_MISSING, _FIELD)
        described = None if is_required else {"kind": "factory", "text": getattr(factory, "__name__", "")} if default in (_MISSING, _FIELD) else _default(default)
        return {"name": name, "hint": self.tree(hints.get(name, inspect.Signature.empty)), "default": described, "required": is_required}

    def _member(self, described, name, value, hints):
        if name == "__init__" and not isinstance(value, types.WrapperDescriptorType):
            described["constructor"] = self.function(name, value, is_member=True)
        elif not (is_public(name) or name in SPECIAL) or described["kind"] != "object":
            return
        elif isinstance(value, property):
            hint = _hints(value.fget).get("return", inspect.Signature.empty) if value.fget else inspect.Signature.empty
            described["properties"].append({"name": name, "hint": self.tree(hint), "settable": value.fset is not None, "doc": None})
        elif isinstance(value, (staticmethod, classmethod)):
            of = "static" if isinstance(value, staticmethod) else "class"
            described["methods"].append(self.function(name, value.__func__, of, is_member=True))
        elif callable(value) and not isinstance(value, type):
            described["methods"].append(self.function(name, value, is_member=True))
        elif isinstance(value, (types.GetSetDescriptorType, types.MemberDescriptorType)):
            described["properties"].append({"name": name, "hint": self.tree(hints.get(name, inspect.Signature.empty)), "settable": True, "doc": None})


_MISSING = object()
_FIELD = getattr(sys.modules.get("dataclasses"), "MISSING", _MISSING)


def _hints(value):
    try:
        return typing.get_type_hints(value)
    except Exception:  # A hint that needs a name which does not exist at run time.
        return dict(getattr(value, "__annotations__", {}))


def _default(value):
    if value is inspect.Parameter.empty:
        return None
    if value is None:
        return {"kind": "none", "text": "None"}
    if type(value) in (bool, int, float, str):
        return {"kind": type(value).__name__, "text": value if isinstance(value, str) else repr(value)}
    if isinstance(value, enum.Enum):
        return {"kind": "member", "text": f"{type(value).__module__}.{type(value).__qualname__}.{value.name}"}
    # Not repr(): it may contain an address, and differ in each run.
    return {"kind": "other", "text": "..."}
