"""Describes classes: records, enums, and objects with their members."""

import ast
import builtins

from .hints import canonical
from .members import SPECIAL, Members, is_public
from .scopes import class_scope, dotted

ENUMS = {"enum.Enum": "", "enum.IntEnum": "int", "enum.StrEnum": "str", "enum.Flag": "flag", "enum.IntFlag": "flag"}
DATACLASSES = ("dataclasses.dataclass", "attr.s", "attr.attrs", "attr.dataclass", "attr.define", "attr.frozen", "attr.mutable", "attrs.define", "attrs.frozen",
               "attrs.mutable", "pydantic.dataclasses.dataclass")
PROPERTIES = ("cached_property", "reify", "under_cached_property", "lazy_property", "hybrid_property")


class Classes(Members):
    """Describes the classes that the sources define."""

    def class_(self, target):
        """Describes a class: its kind, fields, members, and the classes that it derives from."""
        node = target.definition.nodes[-1]
        if not isinstance(node, ast.ClassDef):
            return self._functional(target, node)
        module = target.module
        scope = class_scope(node)
        scopes = ((scope, target.name),)
        described = {"id": target.name, "name": node.name, "module": module.name, "doc": self._doc(node), "kind": "object", "bases": [], "fields": [],
                     "methods": [], "properties": [], "constructor": None}
        bases = [self._sources.resolve(module, dotted(base.value if isinstance(base, ast.Subscript) else base)) for base in node.bases]
        for base in filter(None, bases):
            self._derive(described, base)
        self._bases(described, node, module, scopes)
        if described["kind"] == "object" and any(self._is_dataclass(decorator, module) for decorator in node.decorator_list):
            described["kind"] = "dataclass"
        if described["kind"] in ("dataclass", "typeddict", "namedtuple", "model"):
            self._fields(described, node, module, scope, scopes, bases)
        elif described["kind"] in ENUMS or described["kind"] == "enum":
            self._enum(described, scope)
            return described
        self._attributes(described, scope, module, scopes)
        return described

    def _bases(self, described, node, module, scopes):
        """Adds the bases as hints, and the type variables of a generic class."""
        variables, generic = [], None
        for base in node.bases:
            target = self._sources.resolve(module, dotted(base.value if isinstance(base, ast.Subscript) else base))
            if target is None:
                continue
            if target.kind == "external" and canonical(target.name) in ("Generic", "Protocol"):
                arguments = base.slice if isinstance(base, ast.Subscript) else None
                trees = [self._hints.tree(argument, module) for argument in (arguments.elts if isinstance(arguments, ast.Tuple) else [arguments])]
                generic = [tree["name"] for tree in trees if tree is not None and tree["kind"] == "variable"] or generic
                continue
            tree = self._hints.tree(base, module)
            if tree["kind"] in ("class", "name"):
                described["bases"].append(tree)
                variables += [argument["name"] for argument in tree["args"] if argument["kind"] == "variable" and argument["name"] not in variables]
        described["variables"] = generic if generic is not None else variables

    def _derive(self, described, base):
        if base.kind == "external":
            name = canonical(base.name)
            if name == "TypedDict":
                described["kind"] = "typeddict"
            elif name == "NamedTuple":
                described["kind"] = "namedtuple"
            elif name in ENUMS:
                described["kind"], described["values"] = "enum", ENUMS[name]
            elif name in ("str", "int") and described["kind"] == "object":
                described["values"] = name
            elif name == "Protocol":
                described["isProtocol"] = True
            elif base.name in ("pydantic.BaseModel", "pydantic.main.BaseModel"):
                described["kind"] = "model"
            elif isinstance(getattr(builtins, name, None), type) and issubclass(getattr(builtins, name), BaseException):
                described["kind"] = "exception"
        elif base.kind == "class":
            if base.name.startswith("pydantic.") and base.name.endswith(".BaseModel"):
                described["kind"] = "model"
                return
            parent = self._kinds(base)
            if parent != "object":
                described["kind"] = parent
        if described["kind"] == "enum":
            described.setdefault("values", "")

    def _kinds(self, target, seen=frozenset()):
        """Returns the kind of a class that others derive from."""
        if target.name in seen or not isinstance(target.definition.nodes[-1], ast.ClassDef):
            return "namedtuple" if target.name not in seen else "object"
        node = target.definition.nodes[-1]
        probe = {"kind": "object", "bases": []}
        for base in node.bases:
            parent = self._sources.resolve(target.module, dotted(base.value if isinstance(base, ast.Subscript) else base))
            if parent is not None and parent.name not in seen:
                self._derive(probe, parent)
        if probe["kind"] == "object" and any(self._is_dataclass(decorator, target.module) for decorator in node.decorator_list):
            return "dataclass"
        return probe["kind"]

    def _is_dataclass(self, decorator, module):
        target = self._sources.resolve(module, dotted(decorator))
        if target is None:
            return False
        # attr.s without auto_attribs takes its fields from attr.ib(): without hints.
        return target.name in DATACLASSES or target.name.endswith((".attr.s", ".dataclasses.dataclass")) or dotted(decorator) in DATACLASSES

    def _fields(self, described, node, module, scope, scopes, bases):
        total = not any(keyword.arg == "total" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False for keyword in node.keywords)
        fields = {}
        for base in filter(None, bases):
            if base.kind == "class":
                parent = self.class_(base)
                fields.update({field["name"]: field for field in parent["fields"]})
        for name, definition in scope.names.items():
            statement = definition.nodes[0] if definition.nodes else None
            if not isinstance(statement, ast.AnnAssign) or name.startswith("__"):
                continue
            wrappers = _wrappers(statement.annotation)
            if "ClassVar" in wrappers or (not is_public(name) and described["kind"] != "typeddict"):
                continue
            default, is_required, is_init = self._field_default(statement.value, module, scopes)
            if described["kind"] == "typeddict":
                is_required = "Required" in wrappers or (total and "NotRequired" not in wrappers)
            if is_init:
                fields[name] = {"name": name, "hint": self._hints.tree(statement.annotation, module, scopes), "default": default, "required": is_required}
        described["fields"] = list(fields.values())

    def _field_default(self, value, module, scopes):
        """Returns the default of a field, whether it is required, and whether it is a parameter of the constructor."""
        if value is None:
            return None, True, True
        if isinstance(value, ast.Call) and dotted(value).split(".")[-1] in ("field", "ib", "attrib", "Field"):
            keywords = {keyword.arg: keyword.value for keyword in value.keywords}
            is_init = not (isinstance(keywords.get("init"), ast.Constant) and keywords["init"].value is False)
            first = value.args[0] if value.args else keywords.get("default")
            if isinstance(first, ast.Constant) and first.value is Ellipsis:
                return None, True, is_init
            if first is not None:
                return self._default(first, module, scopes), False, is_init
            factory = keywords.get("default_factory") or keywords.get("factory")
            return ({"kind": "factory", "text": ast.unparse(factory)}, False, is_init) if factory is not None else (None, True, is_init)
        return self._default(value, module, scopes), False, True

    def _enum(self, described, scope):
        members, values = [], described.get("values", "")
        for name, definition in scope.names.items():
            statement = definition.nodes[0] if definition.nodes else None
            if definition.kind != "value" or not isinstance(statement, ast.Assign) or name.startswith("_"):
                continue
            try:
                value = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError):
                value = None
            if value is None and isinstance(statement.value, ast.Call) and dotted(statement.value).split(".")[-1] == "auto":
                value = name.lower() if values == "str" else (1 << len(members)) if values == "flag" else len(members) + 1
            if isinstance(value, tuple):
                value = value[0] if value else None
            members.append({"name": name, "value": value if isinstance(value, (int, str)) and not isinstance(value, bool) else None})
        described["members"] = members

    def _attributes(self, described, scope, module, scopes):
        properties = {}
        for name, definition in scope.names.items():
            if definition.kind == "function":
                self._function(described, properties, name, definition.nodes, module, scopes)
            elif definition.kind == "value" and is_public(name) and described["kind"] == "object":
                constant = self.constant(name, definition, module, scopes)
                properties[name] = {**constant, "settable": False, "doc": None}
        initializer = scope.names.get("__init__")
        for statement in ast.walk(initializer.nodes[-1]) if initializer is not None and initializer.nodes else []:
            # self.name: str = …
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Attribute) and dotted(statement.target.value) == "self":
                name = statement.target.attr
                if is_public(name) and name not in properties and described["kind"] == "object":
                    properties[name] = {"name": name, "hint": self._hints.tree(statement.annotation, module, scopes), "settable": True, "doc": None}
        described["properties"] = list(properties.values())

    def _function(self, described, properties, name, nodes, module, scopes):
        kinds = [dotted(decorator).split(".") for node in nodes for decorator in node.decorator_list]
        if any(kind[-1] == "property" or kind[-1] in PROPERTIES for kind in kinds):
            if is_public(name):
                getter = nodes[0]
                properties[name] = {"name": name, "hint": self._hints.tree(getter.returns, module, scopes), "doc": self._doc(getter),
                                    "settable": any(kind[-1] == "setter" for kind in kinds)}
            return
        if not (is_public(name) or name in SPECIAL or name == "__init__" or name == "__new__"):
            return
        function = self.function(name, nodes, module, scopes)
        of = "static" if any(kind[-1] == "staticmethod" for kind in kinds) else "class" if any(kind[-1] == "classmethod" for kind in kinds) else "instance"
        for signature in [function, *function["overloads"]]:
            if of != "static" and signature["parameters"] and signature["parameters"][0]["kind"] in ("normal", "positional"):
                signature["parameters"] = signature["parameters"][1:]
        function["of"] = of
        if name == "__init__":
            described["constructor"] = function
        elif name == "__new__":
            described["constructor"] = described["constructor"] or function
        else:
            described["methods"].append(function)

    def _functional(self, target, node):
        """Describes `namedtuple("P", "x y")`, `NamedTuple(…)`, `TypedDict("T", {…})`, `Enum("Color", "RED GREEN")`."""
        call, module = node.value, target.module
        function = self._sources.resolve(module, dotted(call.func))
        name = canonical(function.name)
        described = {"id": target.name, "name": target.name.rsplit(".", 1)[-1], "module": module.name, "doc": None, "bases": [], "fields": [], "methods": [],
                     "properties": [], "constructor": None}
        argument = call.args[1] if len(call.args) > 1 else None
        total = not any(keyword.arg == "total" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False for keyword in call.keywords)

        def field(field_name, annotation, required=True):
            return {"name": field_name, "hint": self._hints.tree(annotation, module), "default": None, "required": required}

        if name in ENUMS:
            names = _names(argument)
            described |= {"kind": "enum", "values": ENUMS[name],
                          "members": [{"name": member, "value": member.lower() if ENUMS[name] == "str" else i + 1} for i, member in enumerate(names)]}
        elif name == "TypedDict":
            entries = zip(argument.keys, argument.values) if isinstance(argument, ast.Dict) else []
            described |= {"kind": "typeddict", "fields": [
                field(key.value, value, ("Required" in _wrappers(value)) or (total and "NotRequired" not in _wrappers(value))) for key, value in entries]}
        elif name == "NamedTuple":
            pairs = [element.elts for element in getattr(argument, "elts", []) if isinstance(element, ast.Tuple)]
            described |= {"kind": "namedtuple", "fields": [field(pair[0].value, pair[1]) for pair in pairs]}
        else:
            described |= {"kind": "namedtuple", "fields": [field(field_name, None) for field_name in _names(argument)]}
        return described


def _names(node):
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return []
    return value.replace(",", " ").split() if isinstance(value, str) else [entry if isinstance(entry, str) else entry[0] for entry in value]


def _wrappers(node):
    """Returns the names of what wraps an annotation: Required, NotRequired, ClassVar, ReadOnly, Annotated."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return []
    if isinstance(node, ast.Subscript):
        name = dotted(node.value).split(".")[-1]
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return [name, *_wrappers(inner)] if name in ("Required", "NotRequired", "ClassVar", "ReadOnly", "Annotated", "Final") else []
    return [dotted(node).split(".")[-1]]
