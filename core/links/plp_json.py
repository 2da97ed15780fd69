"""Strict JSON of the partner link: UTF-8, no repeated member, no number out of range (PLP-003)."""

from __future__ import annotations

import json
import math
from typing import Any

#: Members that say nothing of a snapshot's content (PLP-099).
_APART = ("status_label", "documents")


def parse(body: bytes) -> Any:
    """The value. Raises ValueError for what is not JSON in UTF-8, names a member twice, or nests beyond reason.

    A text with NUL is refused too: none of ours may hold it, and what is shown to people is plain text (PLP-006).
    """
    text = body.decode("utf-8")
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
        if "\\u0000" in text and _has_nul(value):
            raise ValueError("a text holds NUL")
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal content (PLP-099): any member order, absent equals null, labels and documents apart."""
    return _content(one) == _content(other)


def _content(value: dict[str, Any]) -> str:
    kept = {key: item for key, item in value.items() if key not in _APART}
    # As text: in Python true equals 1, and 1 equals 1.0; as JSON values they differ.
    return json.dumps(_pruned(kept), sort_keys=True)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(item) for name, item in value.items())
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member is named twice")
    return made


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is out of range")
    return value
