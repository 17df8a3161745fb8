"""Finds modules, and resolves names across them. Imports none of them."""

import ast
import builtins
import os
import sys
from dataclasses import dataclass

from .scopes import Definition, Module, Scope, class_scope, dotted

OVERLOAD = {"typing.overload", "typing_extensions.overload"}


@dataclass
class Target:
    """The object that a name refers to."""

    kind: str  # class, function, value, module, external
    name: str  # the qualified name
    module: Module | None = None
    definition: Definition | None = None
    owner: Scope | None = None


class Sources:
    """Every module that was read."""

    def __init__(self, folders, given):
        self._folders = folders
        self._given = given  # name → file
        self._modules: dict[str, Module | None] = {}
        sys.path[:0] = folders

    @property
    def files(self):
        return sorted(module.path for module in self._modules.values() if module is not None and module.path)

    def module(self, name):
        """Returns a module, or None if it has no source."""
        if name not in self._modules:
            self._modules[name] = None
            found = self._find(name)
            if found is not None:
                self._modules[name] = Module(name, *found)
        return self._modules[name]

    def _find(self, name):
        if name in self._given:
            path = self._given[name]
            return _stub_beside(path) or path, os.path.basename(path).startswith("__init__.")
        stub = self._stub_package(name)
        if stub is not None:
            return stub
        spec, locations, full = None, None, ""
        for part in name.split("."):
            full = f"{full}.{part}" if full else part
            spec = _spec(full, locations)
            if spec is None:
                return None
            locations = None if spec.submodule_search_locations is None else list(spec.submodule_search_locations)
            if locations is None and full != name:
                return None
        if not spec.has_location:
            return (None, True) if locations is not None else None
        path = _stub_beside(spec.origin) or spec.origin
        return (path, locations is not None) if path.endswith((".py", ".pyi")) else None

    def _stub_package(self, name):
        top, *rest = name.split(".")
        for folder in sys.path:
            base = os.path.join(folder, top + "-stubs", *rest)
            for path, is_package in ((os.path.join(base, "__init__.pyi"), True), (base + ".pyi", False)):
                if os.path.isfile(path):
                    return path, is_package
        return None

    def lookup(self, module, name, seen=frozenset()):
        """Returns the target of a name of a module's body, or None."""
        if (module.name, name) in seen:
            return None
        seen = seen | {(module.name, name)}
        definition = module.names.get(name)
        if definition is None:
            for star in module.stars:
                source = self._import(module.absolute(star), None, seen)
                if source is not None and source.kind == "module" and (not name.startswith("_") or name in (self.exports(source.module) or [])):
                    found = self.lookup(source.module, name, seen)
                    if found is not None:
                        return found
            if hasattr(builtins, name):
                return Target("external", f"builtins.{name}")
            return None
        if definition.kind == "import":
            return self._import(module.absolute(definition.module), definition.attribute, seen)
        return Target(definition.kind, f"{module.name}.{name}", module, definition, module)

    def _import(self, module_name, attribute, seen):
        qualified = module_name if attribute is None else f"{module_name}.{attribute}"
        if module_name.split(".")[0] in sys.stdlib_module_names or module_name == "typing_extensions":
            return Target("external", qualified)
        module = self.module(module_name)
        if module is None:
            return Target("external", qualified)
        if attribute is None:
            return Target("module", module_name, module)
        found = self.lookup(module, attribute, seen) if attribute in module.names or module.stars else None
        if found is not None and found.name != f"builtins.{attribute}":
            return found
        inner = self.module(qualified)
        return Target("module", qualified, inner) if inner is not None else None

    def member(self, target, name):
        """Returns the target of an attribute of a module or a class, or None."""
        if target is None:
            return None
        if target.kind == "external":
            return Target("external", f"{target.name}.{name}")
        if target.kind == "module":
            return self._import(target.name, name, frozenset())
        if target.kind == "class":
            scope = class_scope(target.definition.nodes[0])
            definition = scope.names.get(name)
            if definition is not None and definition.kind != "import":
                return Target(definition.kind, f"{target.name}.{name}", target.module, definition, scope)
        return None

    def resolve(self, module, name, scopes=()):
        """Returns the target of a dotted name, as code in the module sees it, within the bodies of classes."""
        head, *rest = name.split(".")
        target = None
        for scope, qualified in reversed(scopes):
            definition = scope.names.get(head)
            if definition is not None and definition.kind in ("class", "value"):
                target = Target(definition.kind, f"{qualified}.{head}", module, definition, scope)
                break
        if target is None:
            target = self.lookup(module, head)
        for part in rest:
            target = self.member(target, part)
        return target

    def resolve_id(self, name):
        """Returns the target of a qualified name, `package.module.Class`, or None."""
        parts = name.split(".")
        for i in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:i]))
            if module is not None:
                return self.resolve(module, ".".join(parts[i:]))
        return None

    def exports(self, module):
        """Returns the names in a module's `__all__`, or None if it has none that can be read."""
        if module.exports is None:
            return None
        names = []
        for value in module.exports:
            found = self._strings(module, value)
            if found is None:
                return None
            names += found
        return names

    def _strings(self, module, node):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._strings(module, node.left), self._strings(module, node.right)
            return None if left is None or right is None else left + right
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            names = []
            for element in node.elts:
                inner = self._strings(module, element.value) if isinstance(element, ast.Starred) else [element.value] if isinstance(element, ast.Constant) else None
                if inner is None:
                    return None
                names += inner
            return names
        if dotted(node).endswith(".__all__"):
            target = self.resolve(module, dotted(node)[: -len(".__all__")])
            return self.exports(target.module) if target is not None and target.kind == "module" else None
        return None


def _spec(name, locations):
    for finder in sys.meta_path:
        try:
            spec = finder.find_spec(name, locations)
        except (AttributeError, ImportError):
            continue
        if spec is not None:
            return spec
    return None


def _stub_beside(path):
    stub = os.path.splitext(path)[0].split(".")[0] if not path.endswith(".py") else path[:-3]
    if not path.endswith((".py", ".pyi")):
        folder, name = os.path.split(path)
        stub = os.path.join(folder, name.split(".")[0])
    return stub + ".pyi" if os.path.isfile(stub + ".pyi") else None
