"""One door: `core.api` and its modules, and no other plugin; also where an import is written as a text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.testing.conformance.findings import Finding
from core.testing.conformance.subject import Source
from core.testing.conformance.subject import Subject
from core.testing.conformance.subject import walk

#: Calls that import what their first argument names.
_BY_TEXT = ("import_module", "__import__", "find_spec", "run_module", "resolve_name")


def check(subject: Subject) -> Iterator[Finding]:
    """Every import of every file."""
    for source, node in walk(subject):
        for name, line in _named(node):
            if fault := _fault(subject, source, name):
                yield Finding("", fault, subject.place(source.path, line))


def _named(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, node.lineno) for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
    elif isinstance(node, ast.Call) and node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in _BY_TEXT and (text := _text(node.args[0])):
            yield text, node.lineno
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "modules":
        yield _text(node.slice), node.lineno


def _text(node: ast.AST) -> str:
    """A text, or the beginning of one that is put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and node.values:
        return _text(node.values[0])
    return _text(node.left) if isinstance(node, ast.BinOp) else ""


def _fault(subject: Subject, source: Source, name: str) -> str:
    root, second = [*name.split("."), "", ""][:2]
    if root == "core" and second != "api" and not (second == "testing" and _is_test(source)):
        return f"il importe {name} : seul core.api est ouvert aux modules"
    if root == "plugins" and second and not f"{name}.".startswith(f"{subject.module}."):
        return f"il importe un autre module : {name}"
    if root.startswith("encours_") and root != subject.module.split(".")[0]:
        return f"il importe un autre module : {name}"
    return ""


def _is_test(source: Source) -> bool:
    return "tests" in source.path.parts or source.path.name.startswith(("test_", "conftest"))
