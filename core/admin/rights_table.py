"""The matrix of rights and profiles: how wide each profile has each right; what the form of a profile sends (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.admin.schemas import WIDTHS
from core.cabinets.permissions import DESCRIBED
from core.cabinets.permissions import ENDS
from core.cabinets.permissions import has_width
from core.cabinets.permissions import supposed
from core.cabinets.permissions import width
from core.cabinets.permissions import with_needs
from core.cabinets.profiles import Known
from core.search.words import fold


@dataclass(frozen=True, slots=True)
class Row:
    """A right, and how wide each profile shown has it: a code of `WIDTHS`, «oui» or «non»."""

    name: str
    label: str
    needs: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the profiles shown do not all have it alike."""
        return len(set(self.cells)) > 1


def rows(shown: Sequence[Known], words: str = "") -> list[Row]:
    """The matrix of these profiles; `words`: each must be in the right's label."""
    asked = fold(words).split()
    return [
        Row(name, label, supposed(name), tuple(width(one.rights, name) for one in shown))
        for name, label in DESCRIBED.items()
        if all(word in fold(label) for word in asked)
    ]


def values(known: Known) -> dict[str, Any]:
    """A profile as its form shows it."""
    found: dict[str, Any] = {"label": known.label}
    for name in DESCRIBED:
        code = width(known.rights, name)
        found[field(name)] = code if has_width(name) else code == "oui"
    return found


def rights(checked: Mapping[str, Any]) -> frozenset[str]:
    """The rights that a form asks for, not yet made whole."""
    found = set()
    for name in DESCRIBED:
        asked = checked[field(name)]
        if has_width(name) and asked != "non":
            found.add(f"{name}{ENDS[asked]}")
        elif not has_width(name) and asked:
            found.add(name)
    return frozenset(found)


def brought(asked: frozenset[str]) -> list[str]:
    """What goes with the rights asked for, in words: «Voir les contacts (tous ceux du cabinet)»."""
    whole = with_needs(asked)
    wider = [name for name in DESCRIBED if width(whole, name) != width(asked, name)]
    return [f"{DESCRIBED[name]} ({str(WIDTHS[width(whole, name)]).lower()})" for name in wider]


def field(name: str) -> str:
    """The form's name of a right."""
    return name.replace(".", "_")
