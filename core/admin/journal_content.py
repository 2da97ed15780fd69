"""What a line of the journal holds, as a table: before and after, or what was noted (US-02)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from core.admin import journal_words as words
from core.contacts.history import said as contact_value
from core.web import formats

_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that changed, or that was noted (`before` is None then)."""

    label: str
    before: str | None
    after: str


def rows(code: str, payload: Mapping[str, Any], names: Mapping[str, str]) -> list[Row]:
    """A line's content. `names`: of the people and codes that it may name."""
    if code == "user.file_changed":  # written as pairs
        pairs = [_pair(name, *pair, names=names) for name, pair in payload.items() if isinstance(pair, list)]
        return [*pairs, *(Row(_label(name), None, str(way)) for name, way in payload.items() if name == "via")]
    if "before" not in payload and "after" not in payload:
        return [Row(_label(name), None, _said(name, value, names)) for name, value in payload.items()]
    before, after = payload.get("before"), payload.get("after")
    others = {name: value for name, value in payload.items() if name not in ("before", "after")}
    rest = [Row(_label(name), None, _said(name, value, names)) for name, value in others.items()]
    if isinstance(before or {}, dict) and isinstance(after or {}, dict):
        old, new = dict(before or {}), dict(after or {})
        keys = list(dict.fromkeys([*old, *new]))
        return [*(_pair(name, old.get(name), new.get(name), names=names) for name in keys), *rest]
    return [Row("Valeur", _said("", before, names), _said("", after, names)), *rest]


def _pair(name: str, before: Any, after: Any, *, names: Mapping[str, str]) -> Row:
    return Row(_label(name), _said(name, before, names), _said(name, after, names))


def _label(name: str) -> str:
    return words.FIELDS.get(name, name)


def _said(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return formats.NOTHING
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, dict):
        return "\u202f; ".join(f"{_label(str(key))}\u202f: {_said(str(key), one, names)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(name, one, names) for one in value)
    text = str(value)
    if text in words.CODES.get(name, {}):
        return str(words.CODES[name][text])
    if text in names:
        return names[text]
    if isinstance(value, str) and _MOMENT.fullmatch(text):
        return _moment(text)
    if isinstance(value, str) and _DAY.fullmatch(text):
        return _day(text)
    return text if _ID.fullmatch(text) else contact_value(name, value)


def _moment(text: str) -> str:
    try:
        return formats.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:
        return text
