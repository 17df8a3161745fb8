"""Reads source files: the names of a module's or a class's body, and what binds them."""

import ast
import os
import sys
import tokenize
from dataclasses import dataclass, field


class ReaderError(Exception):
    """An error that the user can correct."""


@dataclass
class Definition:
    """A name of a module or of a class: what the source binds it to."""

    kind: str  # class, function, value, import
    nodes: list = field(default_factory=list)
    module: str = ""  # of an import
    attribute: str | None = None  # of an import
    explicit: bool = False  # `import x as x`, `from .m import x as x`: an export


class Scope:
    """The names of a module's or a class's body, in the order of the source."""

    def __init__(self, body):
        self.names: dict[str, Definition] = {}
        self.stars: list[str] = []
        self.exports: list | None = None
        self._scan(body)

    def _scan(self, body):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                known = self.names.get(node.name)
                if known is not None and known.kind == "function" and _continues(node, known.nodes):
                    known.nodes.append(node)
                else:
                    self._bind(node.name, Definition("function", [node]))
            elif isinstance(node, ast.ClassDef):
                self._bind(node.name, Definition("class", [node]))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) or type(node).__name__ == "TypeAlias":
                self._assign(node)
            elif isinstance(node, ast.AugAssign):
                if isinstance(node.target, ast.Name) and node.target.id == "__all__":
                    self.exports = [*(self.exports or []), node.value]
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    module = alias.name if alias.asname else name
                    self._bind(name, Definition("import", module=module, explicit=alias.asname == alias.name))
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    if alias.name == "*":
                        self.stars.append(module)
                    else:
                        self._bind(alias.asname or alias.name, Definition("import", module=module, attribute=alias.name, explicit=alias.asname == alias.name))
            elif isinstance(node, ast.If):
                holds = _evaluate(node.test)
                if holds is not False:
                    self._scan(node.body)
                if holds is not True:
                    self._fill(node.orelse)
            elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
                self._scan(node.body)
                for handler in node.handlers:
                    self._fill(handler.body)
                self._fill(node.orelse)
                self._fill(node.finalbody)
            elif isinstance(node, (ast.With, ast.AsyncWith)):
                self._scan(node.body)

    def _assign(self, node):
        targets = node.targets if isinstance(node, ast.Assign) else [node.name if hasattr(node, "name") else node.target]
        for target in targets:
            for name in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(name, ast.Name):
                    if name.id == "__all__" and node.value is not None:
                        self.exports = [node.value]
                    # A value after its annotation (`x: int` and then `x = 1`) keeps the annotation.
                    known = self.names.get(name.id)
                    if known is None or known.kind != "value" or not any(isinstance(n, ast.AnnAssign) for n in known.nodes):
                        self._bind(name.id, Definition("value", [node]))

    def _bind(self, name, definition):
        self.names[name] = definition

    def _fill(self, body):
        """Adds the names of a branch that runs instead of another one, which has priority."""
        other = Scope(body)
        for name, definition in other.names.items():
            self.names.setdefault(name, definition)
        self.stars += other.stars
        self.exports = self.exports or other.exports


def _continues(node, known):
    """Returns true if a second function of the same name is a further overload, their implementation, or an accessor of the property."""
    def is_overload(function):
        return any(dotted(decorator).split(".")[-1] == "overload" for decorator in function.decorator_list)

    is_accessor = any(dotted(decorator).split(".")[0] == node.name and "." in dotted(decorator) for decorator in node.decorator_list)
    return is_accessor or is_overload(known[-1])


def dotted(node):
    """Returns the name of an expression such as `a.b` or `a.b(…)`, or an empty string."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _evaluate(test):
    """Evaluates the conditions that type checkers evaluate; None if the condition is another one."""
    name = dotted(test)
    if name in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING"):
        return True
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _evaluate(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        values = [_evaluate(value) for value in test.values]
        decisive = isinstance(test.op, ast.Or)
        return decisive if decisive in values else (None if None in values else not decisive)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        names = {"sys.version_info": sys.version_info[:3], "sys.platform": sys.platform, "os.name": os.name}
        left = names.get(dotted(test.left))
        try:
            right = ast.literal_eval(test.comparators[0])
            if left is None and isinstance(test.left, ast.Subscript):
                # sys.version_info[0], sys.version_info[:2]
                part = compile(ast.Expression(test.left.slice), "", "eval") if not isinstance(test.left.slice, ast.Slice) else None
                upper = test.left.slice.upper if part is None else None
                if dotted(test.left.value) != "sys.version_info":
                    return None
                left = sys.version_info[: ast.literal_eval(upper)] if part is None else sys.version_info[eval(part)]
            if left is None:
                return None
            return {
                ast.GtE: lambda: left >= right, ast.Gt: lambda: left > right, ast.LtE: lambda: left <= right,
                ast.Lt: lambda: left < right, ast.Eq: lambda: left == right, ast.NotEq: lambda: left != right,
            }[type(test.ops[0])]()
        except (ValueError, TypeError, KeyError):
            return None
    return None


class Module(Scope):
    """A module's source."""

    def __init__(self, name, path, is_package):
        self.name, self.path, self.is_package = name, path, is_package
        self.is_stub = path is not None and path.endswith(".pyi")
        if path is None:
            self.tree = ast.Module([], [])
        else:
            try:
                with tokenize.open(path) as file:
                    self.tree = ast.parse(file.read(), path)
            except (SyntaxError, UnicodeDecodeError) as error:
                where = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
                raise ReaderError(f"{path}{where} is not valid Python {sys.version_info[0]}.{sys.version_info[1]}: {getattr(error, 'msg', error)}") from None
        super().__init__(self.tree.body)

    def absolute(self, module):
        """Returns the full name of a module that this one imports, which may be relative."""
        level = len(module) - len(module.lstrip("."))
        if level == 0:
            return module
        parts = self.name.split(".")
        parts = parts[: len(parts) - level + (1 if self.is_package else 0)]
        return ".".join([*parts, *filter(None, [module[level:]])])


_class_scopes: dict[int, tuple] = {}


def class_scope(node):
    """Returns the names of a class's body."""
    if id(node) not in _class_scopes:
        _class_scopes[id(node)] = (node, Scope(node.body))  # With the node, whose id is then unique.
    return _class_scopes[id(node)][1]
