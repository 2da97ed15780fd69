"""What the cabinet asks of a client's file besides what the law always does: its own settings, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugins.conformite.papers import policy
from plugins.conformite.settings import COMPLETE


@dataclass(frozen=True, slots=True)
class Demands:
    """`papers`: kinds of documents that are to be signed and valid; `assessed`: every client's vigilance is to be assessed."""

    papers: tuple[str, ...] = ()
    assessed: bool = False


NOTHING = Demands()


def of(settings: Mapping[str, Any]) -> Demands:
    """What the module's settings ask for."""
    return Demands(policy.required(settings), settings["unassessed"] == COMPLETE)
