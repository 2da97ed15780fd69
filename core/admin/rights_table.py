"""The matrix of rights and profiles: how wide each profile has each right; what the form of a profile sends (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.admin.schemas import ENDS
from core.admin.schemas import WIDTHS
from core.cabinets.permissions import LABELS
from core.cabinets.permissions import NEEDS
from core.cabinets.permissions import SCOPED
from core.cabinets.permissions import with_needs
from core.cabinets.profiles import Known
from core.search.words import fold

#: Rights as the matrix has them: those on clients' files once each, whatever their width.
ROWS: dict[str, str] = {**SCOPED, **{name: LABELS[name] for name in ("partners.manage", "administration")}}


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


def width(rights: frozenset[str], name: str) -> str:
    """How wide a set of rights has one."""
    if name not in SCOPED:
        return "oui" if name in rights else "non"
    return next((code for code in ("cabinet", "agence", "suivis") if f"{name}{ENDS[code]}" in rights), "non")


def rows(shown: Sequence[Known], words: str = "") -> list[Row]:
    """The matrix of these profiles; `words`: each must be in the right's label."""
    asked = fold(words).split()
    return [
        Row(name, label, tuple(SCOPED[one] for one in NEEDS.get(name, ())), tuple(width(one.rights, name) for one in shown))
        for name, label in ROWS.items()
        if all(word in fold(label) for word in asked)
    ]


def values(known: Known) -> dict[str, Any]:
    """A profile as its form shows it."""
    found: dict[str, Any] = {"label": known.label}
    for name in ROWS:
        code = width(known.rights, name)
        found[field(name)] = code if name in SCOPED else code == "oui"
    return found


def rights(checked: Mapping[str, Any]) -> frozenset[str]:
    """The rights that a form asks for, not yet made whole."""
    found = {f"{name}{ENDS[checked[field(name)]]}" for name in SCOPED if checked[field(name)] != "non"}
    return frozenset(found | {name for name in ROWS if name not in SCOPED and checked[field(name)]})


def brought(asked: frozenset[str]) -> list[str]:
    """What goes with the rights asked for, in words: «Voir les contacts (tous ceux du cabinet)»."""
    whole = with_needs(asked)
    wider = [name for name in SCOPED if width(whole, name) != width(asked, name)]
    return [f"{SCOPED[name]} ({str(WIDTHS[width(whole, name)]).lower()})" for name in wider]


def field(name: str) -> str:
    """The form's name of a right."""
    return name.replace(".", "_")
