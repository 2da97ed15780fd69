"""Templates compiled once a process: each test has an application of its own, and all of them the same templates."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class InMemory(BytecodeCache):
    """Compiled templates by their file; one whose text has changed is compiled again (Jinja compares its checksum)."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (known := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Every application made from now on in this process shares the cache."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": InMemory()}
