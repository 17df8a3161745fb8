"""Describes functions and attributes: what a module offers, as plain data."""

import ast

from . import docs
from .scopes import dotted
from .sources import OVERLOAD

SPECIAL = {"__getitem__", "__setitem__", "__len__", "__aiter__", "__iter__", "__aenter__", "__enter__", "__call__", "__await__", "__anext__"}


def is_public(name):
    return not name.startswith("_")


class Members:
    """Describes the functions and attributes that the sources define."""

    def __init__(self, sources, hints):
        self._sources, self._hints = sources, hints

    def function(self, name, nodes, module, scopes=()):
        """Describes a function, with its overloads if it has some."""
        overloads = [node for node in nodes if self._has_decorator(node, module, scopes, OVERLOAD)]
        implementation = nodes[-1]
        described = self._signature(name, implementation, module, scopes)
        described["overloads"] = [self._signature(name, node, module, scopes) for node in overloads]
        described["doc"] = next((doc for doc in (self._doc(node) for node in [implementation, *overloads]) if doc), None)
        # A coroutine function whose overloads are plain `def` in the source does not exist; a stub has overloads only.
        return described

    def _doc(self, node):
        text = docs.docstring(node)
        return docs.sections(text) if text else None

    def _has_decorator(self, node, module, scopes, names):
        for decorator in node.decorator_list:
            target = self._sources.resolve(module, dotted(decorator), scopes)
            if target is not None and target.name in names:
                return True
        return False

    def _signature(self, name, node, module, scopes):
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
        parameters = []

        def add(argument, kind, default):
            hint = self._hints.tree(argument.annotation, module, scopes)
            parameters.append({"name": argument.arg, "kind": kind, "hint": hint, "default": self._default(default, module, scopes)})

        for argument, default in zip(positional, defaults):
            # Before PEP 570 two underscores marked a positional-only parameter.
            is_only = argument in arguments.posonlyargs or (argument.arg.startswith("__") and not argument.arg.endswith("__"))
            add(argument, "positional" if is_only else "normal", default)
        if arguments.vararg is not None:
            add(arguments.vararg, "args", None)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
            add(argument, "keyword", default)
        if arguments.kwarg is not None and not self._unpack(arguments.kwarg.annotation, parameters, module, scopes):
            add(arguments.kwarg, "kwargs", None)
        yields = _yields(node)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        kind = ("asyncgenerator" if yields else "async") if is_async else ("generator" if yields else "function")
        manager = {"contextlib.asynccontextmanager": "asyncmanager", "contextlib.contextmanager": "manager"}
        for decorator in node.decorator_list:
            target = self._sources.resolve(module, dotted(decorator), scopes)
            if target is not None and target.name in manager:
                kind = manager[target.name]
        return {"name": name, "kind": kind, "parameters": parameters, "result": self._hints.tree(node.returns, module, scopes)}

    def _unpack(self, annotation, parameters, module, scopes):
        """Adds the keys of `**kwargs: Unpack[Options]` as keyword-only parameters."""
        if not isinstance(annotation, ast.Subscript) or dotted(annotation.value).split(".")[-1] != "Unpack":
            return False
        target = self._sources.resolve(module, dotted(annotation.slice), scopes)
        if target is None or target.kind != "class":
            return False
        for field in self.class_(target)["fields"]:
            default = None if field["required"] else {"kind": "other", "text": "not given"}
            parameters.append({"name": field["name"], "kind": "keyword", "hint": field["hint"], "default": default})
        return True

    def _default(self, node, module, scopes):
        if node is None:
            return None
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            value = Ellipsis
        if value is None:
            return {"kind": "none", "text": "None"}
        if isinstance(value, (bool, int, float, str)):
            return {"kind": type(value).__name__, "text": value if isinstance(value, str) else repr(value)}
        if isinstance(node, ast.Attribute):
            target = self._sources.resolve(module, dotted(node), scopes)
            if target is not None and target.kind == "value" and "." in target.name:
                return {"kind": "member", "text": target.name}
        return {"kind": "other", "text": "..." if value is Ellipsis and isinstance(node, ast.Constant) else _short(ast.unparse(node))}

    def constant(self, name, definition, module, scopes=()):
        """Describes an attribute: its annotation, or the type of its literal."""
        node = definition.nodes[0]
        if isinstance(node, ast.AnnAssign):
            return {"name": name, "hint": self._hints.tree(node.annotation, module, scopes)}
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError):
            value = None
        hint = {"kind": "name", "name": type(value).__name__, "args": []} if type(value) in (bool, int, float, str, bytes) else None
        is_pair = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
        return {"name": name, "hint": None if is_pair else hint}


def _yields(node):
    """Returns true if a function's body yields, apart from the functions within it."""
    pending = list(node.body)
    while pending:
        inner = pending.pop()
        if isinstance(inner, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(inner)
    return False


def _short(text):
    return text if len(text) <= 60 else text[:57] + "..."
