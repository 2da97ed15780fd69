"""What a hook is called with, by the types that its specification writes: for those who call hooks to look at them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from core.hooks.happenings import EVENTS
from core.hooks.specs import Plugin


def wanted(hook: str) -> tuple[str, ...]:
    """The types of a hook's arguments but `ctx`, as they are written."""
    written = inspect.signature(getattr(Plugin, hook)).parameters
    return tuple(str(one.annotation) for name, one in written.items() if name not in ("self", "ctx"))


def arguments(hook: str, samples: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The arguments of a call, one call for each event; none where a type has no sample."""
    types = wanted(hook)
    if types == ("Event",):
        return [(kind(*(["essai"] * len(fields(kind)))),) for kind in EVENTS]
    return [tuple(samples[one] for one in types)] if all(one in samples for one in types) else []
