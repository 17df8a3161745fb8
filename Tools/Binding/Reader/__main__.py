"""Reads a request, a line of JSON, and writes the description of the requested modules as JSON."""

import ast
import json
import sys
from dataclasses import replace

from . import docs, imported
from .classes import Classes
from .hints import Hints, canonical
from .members import is_public
from .scopes import ReaderError, dotted
from .sources import Sources


class Reader:
    """Describes modules, and the classes that they refer to."""

    def __init__(self, request):
        self._given = {module["name"]: module["file"] for module in request["modules"] if module["file"]}
        self._names = [module["name"] for module in request["modules"]]
        self._packages = {name.split(".")[0] for name in self._names}
        self._imports = request["import"]
        self._sources = Sources(request["folders"], self._given)
        self._hints = Hints(self._sources)
        self._members = Classes(self._sources, self._hints)
        self._imported = imported.Imported()
        self._classes = {}

    def read(self):
        """Returns the description of everything that was requested."""
        modules = [self._module(name) for name in self._names]
        self._close()
        return {
            "python": ".".join(map(str, sys.version_info[:3])), "griffe": docs.Docstring is not None, "files": self._sources.files,
            "modules": modules, "classes": [self._classes[name] for name in sorted(self._classes)],
        }

    def _module(self, name):
        if self._imports:
            # Before the sources: those of the imported module have priority over another module of the same name.
            live = imported.load(name)
        source = self._sources.module(name)
        if source is None and not self._imports:
            raise ReaderError(f"There is no source and no stub of the module {name} in Python {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}). Check "
                              "the name and the environment, or read the imported module: --import")
        described = {"name": name, "file": source.path if source is not None else None, "doc": None, "functions": [], "constants": [], "constructors": []}
        if source is not None:
            text = docs.docstring(source.tree)
            described["doc"] = docs.sections(text) if text else None
        known = set()
        for public in self._public(source) if source is not None else []:
            target = self._sources.lookup(source, public)
            if target is None:
                target = self._sources.member(self._sources._import(name, None, frozenset()), public)
            if target is not None and self._add(described, public, target):
                known.add(public)
        if self._imports:
            self._add_live(described, live, known)
        return described

    def _public(self, module, seen=frozenset()):
        exports = self._sources.exports(module)
        if exports is not None:
            return list(dict.fromkeys(exports))
        names = [name for name, definition in module.names.items() if is_public(name) and (definition.kind != "import" or self._is_export(module, definition))]
        for star in module.stars:
            source = self._sources.module(module.absolute(star))
            if source is not None and source.name not in seen:
                names += self._public(source, seen | {module.name})
        return list(dict.fromkeys(names))

    def _is_export(self, module, definition):
        if definition.explicit:
            return True
        # An __init__.py imports what its package offers.
        return module.is_package and not module.is_stub and module.absolute(definition.module).split(".")[0] == module.name.split(".")[0] and definition.attribute is not None

    def _add(self, described, name, target):
        """Adds a public name; returns False for one that is not for C#: a submodule, a type variable, an alias of a type."""
        if target.kind == "function":
            described["functions"].append(self._members.function(name, target.definition.nodes, target.module))
            return True
        if target.kind == "class":
            self._describe(target)
            described["constructors"].append({"name": name, "id": target.name})
            return True
        if target.kind != "value":
            return True
        node = target.definition.nodes[0]
        alias = self._alias(node, target)
        if alias is None:
            described["constants"].append(self._members.constant(name, target.definition, target.module))
        elif alias is not True:
            return self._add(described, name, alias)
        return True

    def _alias(self, node, target):
        """Returns None for a value, the target of another name for an alias, and True for a type that is not a class."""
        if isinstance(node, ast.AnnAssign):
            return True if dotted(node.annotation).split(".")[-1] == "TypeAlias" else None
        value = node.value
        if isinstance(value, ast.Call):
            function = self._sources.resolve(target.module, dotted(value.func))
            name = canonical(function.name) if function is not None and function.kind == "external" else ""
            if name in ("TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "re.compile", "logging.getLogger"):
                return True
            tree = self._hints._value(target, None, (), ())
            if tree["kind"] == "class":
                return replace(target, kind="class")
            return None
        if isinstance(value, (ast.Name, ast.Attribute)):
            other = self._sources.resolve(target.module, dotted(value))
            if other is None:
                return None
            return True if other.kind in ("external", "module") and not other.name.startswith("builtins.") else other if other.kind in ("class", "function") else None
        if isinstance(value, (ast.Subscript, ast.BinOp)):
            return None if self._hints._value(target, None, (), ())["kind"] == "unknown" else True
        return None

    def _describe(self, target):
        if target.name not in self._classes:
            self._classes[target.name] = None  # A class may refer to itself.
            self._classes[target.name] = self._members.class_(target)

    def _add_live(self, described, live, known):
        defined = known | set(self._sources.module(live.__name__).names if self._sources.module(live.__name__) is not None else ())
        for name in imported.public_names(live):
            value = getattr(live, name)
            if name in defined and name in known or isinstance(value, type(sys)):
                continue
            if isinstance(value, type):
                full = f"{value.__module__}.{value.__qualname__}"
                self._imported.classes[full] = value
                described["constructors"].append({"name": name, "id": full})
            elif callable(value):
                described["functions"].append(self._imported.function(name, value))
            elif name not in defined:
                described["constants"].append({"name": name, "hint": self._imported.tree(type(value))})

    def _close(self):
        """Describes the classes that hints refer to, if they belong to the requested packages."""
        while True:
            pending = [target for name, target in self._hints.classes.items() if name not in self._classes and name.split(".")[0] in self._packages]
            for target in pending:
                self._describe(target)
            live = [(name, cls) for name, cls in self._imported.classes.items() if name not in self._classes and name.split(".")[0] in self._packages]
            for name, cls in live:
                found = self._sources.resolve_id(name)
                self._classes[name] = self._members.class_(found) if found is not None and found.kind == "class" else self._imported.class_(name, cls)
            if not pending and not live:
                return


def main():
    request = json.loads(sys.stdin.buffer.read())
    # A module that is imported may print.
    output, sys.stdout = sys.stdout, sys.stderr
    try:
        answer = Reader(request).read()
    except ReaderError as error:
        answer = {"error": str(error)}
    output.reconfigure(encoding="utf-8")
    json.dump(answer, output)
    output.flush()


if __name__ == "__main__":
    main()
