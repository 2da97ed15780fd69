"""One check under way: what was sent, what came, what was due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plp_conform import shapes
from plp_conform.calling import Answer

_PROBLEM = "urn:plp:problem:"


class Failed(Exception):
    """What came is not what was due; the argument says so in French."""


class Unverified(Exception):
    """It cannot be tried here; the argument says why in French."""


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange of a check, as the report shows it."""

    sent: str
    came: str
    due: str
    right: bool


class Trial:
    """Keeps the steps of one check; the first wrong one ends it."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def due(self, holds: bool, *, sent: str, came: str, due: str) -> None:
        """Raises `Failed` where it does not hold."""
        self.steps.append(Step(sent, came, due, holds))
        if not holds:
            raise Failed(f"attendu\u202f: {due}")

    def answer(self, answer: Answer, *statuses: int, due: str = "", holds: bool = True) -> Answer:
        """One of these statuses, and `holds`; what was sent is the answer's own request."""
        words = due or f"HTTP {' ou '.join(map(str, statuses))}"
        self.due(answer.status in statuses and holds, sent=answer.sent, came=answer.came, due=words)
        return answer

    def refused(self, answer: Answer, status: int, *slugs: str) -> Answer:
        """A problem of RFC 9457 with this status and one of these whole types (PLP-107)."""
        due = f"HTTP {status}, problème {' ou '.join(slugs)}"
        right = answer.status == status and answer.slug in slugs
        self.due(right, sent=answer.sent, came=answer.came, due=due)
        return answer

    def shape(self, name: str, value: Any, *, sent: str, what: str) -> None:
        """The JSON Schema of this name."""
        wrong = shapes.faults(name, value)
        came = "\n".join(wrong[:6]) if wrong else "conforme au schéma"
        self.due(not wrong, sent=sent, came=came, due=f"{what}\u202f: schéma {name}")


def slug_of(kind: object) -> str | None:
    """The slug of a problem's `type`, compared whole."""
    return kind.removeprefix(_PROBLEM) if isinstance(kind, str) and kind.startswith(_PROBLEM) else None
