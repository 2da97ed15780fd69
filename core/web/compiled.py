"""Compiled templates, kept beside the code as Python keeps its own: a program that starts does not compile them again.

Several hundred templates take some seconds of a processor. Jinja compares a text's checksum before it takes what was
kept. Where the folder of the code cannot be written (an installation of root's), each process keeps its own.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import jinja2
from flask import Flask
from jinja2.bccache import Bucket

from core.web import words

_CORE = Path(__file__).parents[1]


class Compiled(jinja2.FileSystemBytecodeCache):
    """In this process's memory, then in a folder."""

    def __init__(self, folder: Path) -> None:
        """Write nothing yet; `folder` may be one that nobody can write."""
        self.directory, self.pattern = str(folder), "%s.bin"
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Empty where it was never compiled."""
        if (known := self._kept.get(bucket.key)) is None:
            super().load_bytecode(bucket)
        else:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """A file that cannot be written is no fault: the next process compiles again."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)


def folder() -> Path:
    """Beside the code, by all that decides what a template becomes: Jinja, and what we add to it (`core.web.words`)."""
    made_of = sha256(f"{jinja2.__version__} {sys.version} {Path(words.__file__).read_text('utf-8')}".encode())
    return _CORE / "__pycache__" / f"templates-{made_of.hexdigest()[:12]}"


_shared = Compiled(folder())


def install(app: Flask) -> None:
    """Before anything asks for the application's templates. All applications of a process share what is kept."""
    app.jinja_options = {**app.jinja_options, "bytecode_cache": _shared}
