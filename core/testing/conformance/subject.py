"""The plugin under test as files: its entry point, its package, its sources. Nothing of it is run here."""

from __future__ import annotations

import ast
import inspect
import tomllib
import traceback
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

from core.hooks.registry import GROUP


@dataclass(frozen=True)
class Source:
    """A Python file. `tree` is None where it cannot be read; `fault` then says why."""

    path: Path
    text: str
    tree: ast.Module | None
    fault: str = ""


@dataclass(frozen=True)
class Subject:
    """A plugin's distribution. `entries`: all entry points of this name; `folder`: its package."""

    name: str
    entries: tuple[EntryPoint, ...]
    folder: Path | None

    @property
    def module(self) -> str:
        """The package's import name: `encours_carnet`, `plugins.outils`."""
        return self.entries[0].value.split(":")[0].rpartition(".")[0] if self.entries else f"encours_{self.name}"

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every Python file of the package, and of the distribution beside it."""
        if self.folder is None:
            return ()
        paths = set(self.folder.rglob("*.py"))
        dist = self.entries[0].dist if self.entries else None
        if dist is not None and not self.module.startswith("plugins."):
            listed = (Path(str(file.locate())) for file in dist.files or () if file.suffix == ".py")
            paths |= {path for path in listed if path.is_file()}
        return tuple(_source(path) for path in sorted(paths))

    @cached_property
    def templates(self) -> tuple[Path, ...]:
        """Its templates (of the pages that Encours shows: those under `templates/<name>/`)."""
        return tuple(sorted(self.folder.glob(f"templates/{self.name}/**/*.html"))) if self.folder else ()

    @cached_property
    def quality(self) -> dict[str, Any]:
        """What its quality.toml says; empty where it has none that can be read."""
        try:
            return tomllib.loads((self.folder / "quality.toml").read_text("utf-8")) if self.folder else {}
        except (OSError, ValueError):
            return {}

    def place(self, path: Path | str, line: int | None = None) -> str:
        """A file of the plugin as people name it."""
        root = self.folder.parent if self.folder else Path()
        inside = Path(path)
        shown = inside.relative_to(root) if inside.is_relative_to(root) else inside
        return f"{shown}:{line}" if line else str(shown)

    def owns(self, path: str | Path) -> bool:
        """Whether a file is the plugin's."""
        return self.folder is not None and Path(path).is_relative_to(self.folder)

    def place_of(self, function: Callable[..., Any]) -> str:
        """Where a function is written."""
        code = getattr(inspect.unwrap(function), "__code__", None)
        return self.place(code.co_filename, code.co_firstlineno) if code is not None else ""

    def place_in(self, trace: TracebackType | None) -> str:
        """The innermost line of the plugin's own in a traceback."""
        frames = [frame for frame in traceback.extract_tb(trace) if self.owns(frame.filename)]
        return self.place(frames[-1].filename, frames[-1].lineno) if frames else ""


def find(name: str) -> Subject:
    """The subject of this name; one without entries where none is installed."""
    entries = tuple(entry for entry in entry_points(group=GROUP) if entry.name == name)
    module = entries[0].value.split(":")[0] if entries else f"encours_{name}.plugin"
    return Subject(name, entries, _folder(module.rpartition(".")[0] or module))


def _folder(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ())
    return Path(places[0]).resolve() if places else None


def _source(path: Path) -> Source:
    try:
        text = path.read_text("utf-8")
        return Source(path, text, ast.parse(text))
    except (OSError, ValueError, SyntaxError) as error:
        return Source(path, "", None, str(error))


def walk(subject: Subject) -> Iterator[tuple[Source, ast.AST]]:
    """Every node of every file."""
    for source in subject.sources:
        if source.tree is not None:
            for node in ast.walk(source.tree):
                yield source, node
