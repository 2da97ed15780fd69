"""Stale forms: somebody else changed the same thing while one was typing; nothing of either is lost (ADR 007).

A form carries the fingerprint of each value that it showed. On its return the record's present values are compared
with them: what only the other person changed is taken over, what only this one changed stays, and what both changed is
shown side by side and saved by nobody until this one has chosen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from core.web import forms


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the other person changed. `both`: so did this one."""

    name: str
    label: Any
    theirs: str
    mine: str
    both: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """What changed under a form. `typed`: what to show in it now."""

    differences: tuple[Difference, ...]
    typed: dict[str, Any]


def stamp(schema: Schema, values: Mapping[str, Any]) -> str:
    """The fingerprints of the values that a form shows: they tell nothing, and the page shows the values anyway."""
    return json.dumps({name: _print(value) for name, value in forms.shown(schema, values).items()}, separators=(",", ":"))


def clash(schema: Schema, seen: str, values: Mapping[str, Any], typed: Mapping[str, Any]) -> Clash | None:
    """What somebody else changed since the form was shown; None where nothing was, or where the form bears no stamp."""
    base = _read(seen)
    present = forms.shown(schema, values)
    changed = [name for name, value in present.items() if name in base and base[name] != _print(value)]
    found, merged = [], dict(typed)
    for name in changed:
        mine, theirs = typed.get(name), present[name]
        if _print(mine) == _print(theirs):
            continue  # both wrote the same
        both = _print(mine) != base[name]
        if not both:
            merged[name] = theirs
        found.append(Difference(name, _label(schema, name), _said(schema, name, theirs), _said(schema, name, mine), both))
    return Clash(tuple(found), merged) if found else None


def _read(seen: str) -> dict[str, str]:
    try:
        found = json.loads(seen)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _print(value: Any) -> str:
    """Nothing, an empty text, a box not ticked and no box of several are one: a form sends none of them."""
    plain = "" if value in (None, False, "", []) else "1" if value is True else " ".join(str(value).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:10]


def _label(schema: Schema, name: str) -> Any:
    return schema.fields[name].metadata.get("label", name)


def _said(schema: Schema, name: str, value: Any) -> str:
    meta = schema.fields[name].metadata
    options = meta.get("options")
    choices = options() if callable(options) else options or {}
    if meta.get("kind") == "checkbox":
        return "Oui" if value in (True, "1") else "Non"
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value) or "—"
    return str(choices.get(value, value)) if value not in (None, "") else "—"
