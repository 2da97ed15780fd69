"""What a hook is called with, by the types that its specification writes: for those who call hooks to look at them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from core.hooks.happenings import EVENTS
from core.hooks.specs import Plugin


def wanted(hook: str) -> dict[str, str]:
    """A hook's arguments but `ctx`: name → type, as it is written."""
    written = inspect.signature(getattr(Plugin, hook)).parameters
    return {name: str(one.annotation) for name, one in written.items() if name not in ("self", "ctx")}


def arguments(hook: str, samples: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The arguments of a call, one call for each event; none where one has no sample, by its name («contact_id») or its type."""
    asked = wanted(hook)
    if list(asked.values()) == ["Event"]:
        return [(kind(*(["essai"] * len(fields(kind)))),) for kind in EVENTS]
    keys = [name if name in samples else kind for name, kind in asked.items()]
    return [tuple(samples[one] for one in keys)] if all(one in samples for one in keys) else []
