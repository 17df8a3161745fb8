"""Reads docstrings. With griffe, which knows the styles of Google, NumPy and Sphinx, the sections of a docstring are separated."""

import ast
import inspect

try:
    try:
        from griffe import Docstring, Parser
    except ImportError:  # Before 1.0.
        from griffe.dataclasses import Docstring
        from griffe.docstrings.parsers import Parser
except Exception:  # A package that is not installed, or one that this Python cannot load.
    Docstring = Parser = None


def docstring(node):
    """Returns the docstring of a definition, without its indentation, or None."""
    value = node.body[0].value if node.body and isinstance(node.body[0], ast.Expr) else None
    return inspect.cleandoc(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def sections(text):
    """Returns a docstring and its parts: `raw`, `text`, `parameters`, `returns`, `raises`. Without griffe the text has everything."""
    parts = {"raw": text, "text": text, "parameters": {}, "returns": None, "raises": {}}
    if Docstring is None or not text:
        return parts
    try:
        parsed = Docstring(text, lineno=1).parse(Parser(_style(text)))
    except Exception:  # A docstring that has no style.
        return parts
    texts = []
    for section in parsed:
        kind = section.kind.value
        if kind == "text":
            texts.append(section.value)
        elif kind in ("parameters", "other parameters"):
            parts["parameters"].update({item.name.lstrip("*"): item.description for item in section.value})
        elif kind in ("returns", "yields"):
            parts["returns"] = "\n".join(item.description for item in section.value if item.description) or None
        elif kind == "raises":
            parts["raises"].update({str(item.annotation): item.description for item in section.value})
        else:
            texts.append(section.title or "")
    parts["text"] = "\n\n".join(filter(None, texts)) or text
    return parts


def _style(text):
    if ":param" in text or ":return" in text or ":raises" in text:
        return "sphinx"
    return "numpy" if "\n----" in text else "google"
