"""Strict JSON of the partner link: UTF-8, no repeated member, no NaN (PLP-003)."""

from __future__ import annotations

import json
from typing import Any


def parse(body: bytes) -> Any:
    """The value. Raises ValueError for what is not JSON in UTF-8, or names a member twice."""
    return json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal content (PLP-099): any member order, absent equals null, labels and documents apart."""
    return _content(one) == _content(other)


def _content(value: dict[str, Any]) -> Any:
    return _pruned({key: item for key, item in value.items() if key not in ("status_label", "documents")})


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member is named twice")
    return made


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
