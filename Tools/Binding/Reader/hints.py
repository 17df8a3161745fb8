"""Converts type hints, as the source has them, to trees that do not depend on the spelling. A tree is a dict with a `kind`:

none, any, self; name (an external type: `name`, `args`); class (`id`, `args`); union, tuple (`args`); literal (`values`); callable (`args`, null for `...`,
and `result`); alias (`id`, `name`, `args` with its value); variable (a TypeVar: `name`, `args` with its bound or constraints); unknown (`text`, `reason`).
"""

import ast
from dataclasses import replace

from .scopes import dotted

TYPING = ("typing.", "typing_extensions.", "collections.abc.", "collections.", "builtins.", "_typeshed.")

ALIASES = {
    "List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Type": "type", "Text": "str", "AbstractSet": "Set",
    "ContextManager": "AbstractContextManager", "AsyncContextManager": "AbstractAsyncContextManager", "Deque": "deque", "DefaultDict": "defaultdict",
}
WRAPPERS = {"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar", "Unpack"}
BUILTIN = {
    "list", "dict", "set", "frozenset", "tuple", "type", "str", "int", "float", "bool", "bytes", "bytearray", "memoryview", "complex", "object", "range",
}

GENERIC = {
    "list": 1, "set": 1, "frozenset": 1, "Set": 1, "MutableSet": 1, "Sequence": 1, "MutableSequence": 1, "deque": 1, "Iterable": 1, "Collection": 1, "Iterator": 1,
    "Awaitable": 1, "AsyncIterator": 1, "AsyncIterable": 1, "AsyncGenerator": 2, "Generator": 3, "Coroutine": 3, "dict": 2, "Mapping": 2, "MutableMapping": 2,
    "OrderedDict": 2, "defaultdict": 2, "KeysView": 1, "ValuesView": 1, "ItemsView": 2, "Counter": 1, "asyncio.Future": 1, "asyncio.Task": 1,
    "AbstractContextManager": 1, "AbstractAsyncContextManager": 1,
}


def canonical(name):
    """Returns the short name of a type of typing, collections or builtins, else the full name."""
    for prefix in TYPING:
        if name.startswith(prefix):
            short = name[len(prefix):]
            return ALIASES.get(short, short)
    return name.removeprefix("contextlib.")


def unknown(node, reason):
    text = node if isinstance(node, str) else ast.unparse(node)
    return {"kind": "unknown", "text": text, "reason": reason}


def union(parts):
    """Returns the union of trees: flat, each alternative once."""
    flat = []
    for part in parts:
        for inner in part["args"] if part["kind"] == "union" else [part]:
            if inner not in flat:
                flat.append(inner)
    return flat[0] if len(flat) == 1 else {"kind": "union", "args": flat}


class Hints:
    """Converts the hints of all modules."""

    def __init__(self, sources):
        self._sources = sources
        self.classes = {}  # Those that hints refer to, by their names.

    def tree(self, node, module, scopes=(), expanding=()):
        """Returns the tree of an annotation, or None if there is none."""
        if node is None:
            return None
        if isinstance(node, ast.Constant):
            if node.value is None:
                return {"kind": "none"}
            if node.value is Ellipsis:
                return unknown("...", "not a type")
            if isinstance(node.value, str):
                try:
                    return self.tree(ast.parse(node.value.strip(), mode="eval").body, module, scopes, expanding)
                except SyntaxError:
                    return unknown(node.value, "not a valid expression")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return union([self.tree(node.left, module, scopes, expanding), self.tree(node.right, module, scopes, expanding)])
        if isinstance(node, ast.Subscript):
            arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
            return self._subscript(node, arguments, module, scopes, expanding)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._named(node, None, module, scopes, expanding)
        return unknown(node, "not a type that the reader knows")

    def _subscript(self, node, arguments, module, scopes, expanding):
        target = self._sources.resolve(module, dotted(node.value), scopes)
        name = canonical(target.name) if target is not None and target.kind == "external" else ""

        def inner(argument):
            return self.tree(argument, module, scopes, expanding)

        if name == "Optional":
            return union([inner(arguments[0]), {"kind": "none"}])
        if name == "Union":
            return union([inner(argument) for argument in arguments])
        if name in WRAPPERS or name == "dataclasses.InitVar":
            return inner(arguments[0])
        if name == "Literal":
            return self._literal(arguments, module, scopes)
        if name == "Callable":
            parameters = [inner(p) for p in arguments[0].elts] if isinstance(arguments[0], ast.List) else None
            return {"kind": "callable", "args": parameters, "result": inner(arguments[1]) if len(arguments) > 1 else {"kind": "any"}}
        if name == "tuple":
            if len(arguments) == 2 and isinstance(arguments[1], ast.Constant) and arguments[1].value is Ellipsis:
                return {"kind": "name", "name": "Sequence", "args": [inner(arguments[0])]}
            if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple) and not arguments[0].elts:
                return {"kind": "tuple", "args": []}
            return {"kind": "tuple", "args": [inner(argument) for argument in arguments]}
        if name in ("Concatenate", "TypeGuard", "TypeIs"):
            return {"kind": "name", "name": "bool", "args": []} if name != "Concatenate" else unknown(node, "a list of parameters is not a type")
        # Arguments such as the list of a ParamSpec are no types.
        types = [inner(argument) if not isinstance(argument, ast.List) else unknown(argument, "a list of parameters is not a type") for argument in arguments]
        return self._named(node.value, types, module, scopes, expanding)

    def _literal(self, arguments, module, scopes):
        values, others = [], []
        for argument in arguments:
            if isinstance(argument, ast.Constant):
                values.append(argument.value)
            elif isinstance(argument, ast.UnaryOp):
                values.append(ast.literal_eval(argument))
            else:
                owner = self.tree(argument.value, module, scopes) if isinstance(argument, ast.Attribute) else None
                others.append(owner if owner is not None else unknown(argument, "not a literal"))
        plain = [value.decode("latin-1") if isinstance(value, bytes) else value for value in values if value is not None]
        parts = [{"kind": "literal", "values": plain}] if plain else []
        if any(isinstance(value, bytes) for value in values):
            parts = [{"kind": "name", "name": "bytes", "args": []}]
        return union([*parts, *others, *([{"kind": "none"}] if None in values else [])])

    def _named(self, node, arguments, module, scopes, expanding):
        text = dotted(node)
        target = self._sources.resolve(module, text, scopes) if text else None
        if target is None:
            return unknown(text or node, "the name is not defined in the sources")
        if target.kind == "external":
            return self._external(target.name, arguments)
        if target.kind == "class":
            self.classes[target.name] = target
            return {"kind": "class", "id": target.name, "args": arguments or []}
        if target.kind == "value":
            return self._value(target, arguments, scopes, expanding)
        return unknown(text, f"a {target.kind} is not a type")

    def _external(self, full, arguments):
        name = canonical(full)
        if name in ("Any", "_typeshed.Incomplete", "Incomplete"):
            return {"kind": "any"}
        if name in ("None", "NoneType", "types.NoneType", "NoReturn", "Never"):
            return {"kind": "none"}
        if name == "Self":
            return {"kind": "self"}
        if name == "LiteralString":
            name = "str"
        if name == "tuple" and not arguments:
            return {"kind": "name", "name": "Sequence", "args": [{"kind": "any"}]}
        if name == "AnyStr":
            return {"kind": "variable", "name": name, "args": [{"kind": "name", "name": "str", "args": []}, {"kind": "name", "name": "bytes", "args": []}]}
        if name == "Callable":
            return {"kind": "callable", "args": None, "result": {"kind": "any"}}
        if name in ("TypeVar", "ParamSpec", "Union", "Optional", "Generic", "Protocol"):
            return unknown(name, "not complete")
        # A container without its arguments contains anything.
        return {"kind": "name", "name": name, "args": arguments or [{"kind": "any"}] * GENERIC.get(name, 0)}

    def _value(self, target, arguments, scopes, expanding):
        name = target.name
        if name in expanding:
            return unknown(name, "the alias refers to itself")
        node = target.definition.nodes[-1]
        value = node.value
        if value is None:
            return unknown(name, "the name has no value in the sources")
        expanding = (*expanding, name)

        def inner(expression):
            return self.tree(expression, target.module, scopes if target.owner is not target.module else (), expanding)

        if isinstance(value, ast.Call):
            function = self._sources.resolve(target.module, dotted(value.func))
            called = canonical(function.name) if function is not None and function.kind == "external" else ""
            if called == "TypeVar":
                bound = next((keyword.value for keyword in value.keywords if keyword.arg == "bound"), None)
                limits = [bound] if bound is not None else value.args[1:]
                return {"kind": "variable", "name": name, "args": [inner(limit) for limit in limits]}
            if called == "NewType" and len(value.args) == 2:
                return inner(value.args[1])
            if called in ("namedtuple", "NamedTuple", "TypedDict", "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"):
                self.classes[name] = replace(target, kind="class")
                return {"kind": "class", "id": name, "args": []}
            return unknown(name, "a value is not a type")
        if not isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.Constant)):
            return unknown(name, "a value is not a type")
        if isinstance(value, ast.Constant) and not isinstance(value.value, str) and value.value is not None:
            return unknown(name, "a value is not a type")
        tree = inner(value)
        return {"kind": "alias", "id": name, "name": name.rsplit(".", 1)[-1], "args": [tree]} if tree["kind"] in ("literal", "callable") else tree
