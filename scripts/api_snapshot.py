"""The public interface as text, in docs/api.txt: names, signatures, fields of `core.api`, and the hooks' specifications.

A change of it is a line of that file, to be read in review. Run it after a change that is meant; a test holds the file to it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import MISSING
from dataclasses import fields
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import core.api
import core.testing
import core.testing.conformance
from core.api import API_VERSION
from core.hooks.described import Described
from core.hooks.results import named
from core.hooks.specs import Plugin
from core.hooks.specs import specs

FILE = Path(__file__).parent.parent / "docs" / "api.txt"
HEAD = "# The public interface of core.api {version}, by scripts/api_snapshot.py: a change here is one for every author."


def text() -> str:
    """The whole file."""
    lines = [HEAD.format(version=API_VERSION)]
    for module in modules():
        lines += ["", f"[{module.__name__}]", *sorted(line for name in names(module) for line in described(module, name))]
    lines += ["", "[hooks]", *hooks()]
    return "\n".join(lines) + "\n"


def modules() -> list[ModuleType]:
    """`core.api`, its modules, and what authors' tests may use."""
    names = sorted(one.name for one in pkgutil.iter_modules(core.api.__path__))
    return [core.api, *(importlib.import_module(f"core.api.{name}") for name in names), core.testing, core.testing.conformance]


def names(module: ModuleType) -> list[str]:
    """What a module gives: what it lists, else all that it holds."""
    held = [name for name in vars(module) if not name.startswith("_") and name != "annotations"]
    return list(getattr(module, "__all__", held))


def described(module: ModuleType, name: str) -> Iterator[str]:
    """One public name: a line, and one for each field or method."""
    item: Any = getattr(module, name)
    if isinstance(item, ModuleType):
        yield f"{name}: module {item.__name__}"
        for inner in sorted(getattr(item, "__all__", None) or _own(item)):
            yield from (f"{name}.{line}" for line in described(item, inner))
    elif inspect.isclass(item):
        yield f"{name}: class({', '.join(base.__name__ for base in item.__bases__)})"
        yield from (f"{name}.{line}" for line in sorted({line for one in _shares(item) for line in _members(one)}))
    elif callable(item):
        yield f"{name}{_signature(item)}"
    else:
        yield f"{name}: {type(item).__name__}"


def _own(module: ModuleType) -> list[str]:
    """Public names that a module without `__all__` defines itself."""
    own = ((name, item) for name, item in vars(module).items() if not name.startswith("_"))
    return [name for name, item in own if getattr(item, "__module__", None) == module.__name__ and callable(item)]


def _shares(cls: type[Any]) -> list[type[Any]]:
    """The class, and what it is built on where that has no public name: the links' own bases, which authors reach by it."""
    if cls is Plugin:
        return [cls, Described]
    return [cls, *(one for one in cls.__mro__[1:] if issubclass(one, Plugin) and one is not Plugin)]


def _members(cls: type[Any]) -> Iterator[str]:
    if issubclass(cls, Enum):
        yield from (one.name for one in cls)
        return
    if is_dataclass(cls):
        for one in fields(cls):
            optional = one.default is not MISSING or one.default_factory is not MISSING
            yield f"{one.name}: {_written(one.type)}{' = …' if optional else ''}"
    if "__init__" in vars(cls) and not is_dataclass(cls):
        yield f"__init__{_signature(cls.__init__)}"
    for name, item in vars(cls).items():
        if name.startswith("_"):
            continue
        if inspect.isfunction(item) or isinstance(item, staticmethod | classmethod):
            yield f"{name}{_signature(item)}"
        elif isinstance(item, property):
            yield f"{name}: property"
    for name, annotation in inspect.get_annotations(cls).items():
        if not is_dataclass(cls) and not name.startswith("_"):
            yield f"{name}: {_written(annotation)}"


def _signature(item: Any) -> str:
    try:
        found = inspect.signature(getattr(item, "__func__", item))
    except (ValueError, TypeError):
        return "(…)"
    parts, star = [], False
    for one in found.parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        prefix = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        star = star or one.kind is one.VAR_POSITIONAL
        annotation = "" if one.annotation is one.empty else f": {_written(one.annotation)}"
        parts.append(f"{prefix}{one.name}{annotation}{'' if one.default is one.empty else ' = …'}")
    returned = "" if found.return_annotation is found.empty else f" -> {_written(found.return_annotation)}"
    return f"({', '.join(parts)}){returned}"


def _written(annotation: Any) -> str:
    """A type as it is written, without where it lies."""
    said = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", said)


def hooks() -> list[str]:
    """Each hook: its lane, kind, shape, limit, and signature."""
    return [
        f"{name}{_signature(getattr(Plugin, name))} [{spec.lane} {spec.kind} {spec.shape} of {named(spec.item)}, "
        f"{spec.limit:g} s, since {spec.since}]"
        for name, spec in sorted(specs().items())
    ]


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
