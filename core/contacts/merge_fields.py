"""Two files side by side, field by field: which value the merged file gets (CT-02).

What only one side knows is taken; what both say otherwise is asked. Values are the rows' own, never what a page sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from typing import Any
from typing import Literal

from sqlalchemy import inspect

from core.contacts import history
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.contacts.schemas import checked
from core.contacts.schemas import made_name
from core.db.errors import DomainError

Choice = Literal["kept", "merged", "both"]
CHOICES: tuple[Choice, ...] = ("kept", "merged", "both")
#: What every file begins with says nothing yet: the other side's word completes it.
_UNSAID: Mapping[str, Any] = {"protection": "AUCUNE", "stage": "PROSPECT"}
#: Never asked: the kept file's own stays unless a person wants the other.
_QUIET = frozenset({"file_code"})
#: Copies of the primary channels: the choice is which one is the primary (`core.contacts.merging`).
PRIMARIES: Mapping[str, str] = {"email": "email", "phone": "phone", "city": "address"}
#: The principal adviser, who is no field of the contact's row.
ADVISER = "principal"
#: Both texts may be kept, one below the other.
JOINED = frozenset({"remarks"})
_NEW = frozenset(one.name for one in fields(NewContact))
#: A kind cannot differ; that somebody is dead follows from the day.
_APART = frozenset({"kind", "vital"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of both files, as people read it, and what is to be done. `choice`: None where a person must choose."""

    name: str
    label: str
    kept: str
    merged: str
    state: Literal["same", "completed", "conflict", "free"]
    choice: Choice | None
    joined: bool = False


def compare(kept: Contact, merged: Contact, chosen: Mapping[str, str], extra: Iterable[Field] = ()) -> tuple[Field, ...]:
    """All that at least one of the files says, in the order of a file's page; then `extra`."""
    found = []
    for name in names(kept, merged):
        mine, theirs = getattr(kept, name), getattr(merged, name)
        if _empty(name, mine) and _empty(name, theirs):
            continue
        found.append(field(name, history.LABELS[name], mine, theirs, chosen, said=lambda one, name=name: history.said(name, one)))
    return (*found, *extra)


def field(name: str, label: str, mine: Any, theirs: Any, chosen: Mapping[str, str], *, said: Any = str) -> Field:
    """One line of the comparison."""
    if mine == theirs:
        return Field(name, label, said(mine), said(theirs), "same", "kept")
    usual: Choice | None = "merged" if _empty(name, mine) else "kept" if _empty(name, theirs) or name in _QUIET else None
    wanted = chosen.get(name)
    joined = name in JOINED and usual is None
    picked: Choice | None = wanted if wanted in CHOICES and (joined or wanted != "both") else usual
    state: Any = "free" if name in _QUIET else "completed" if usual else "conflict"
    return Field(name, label, said(mine), said(theirs), state, picked, joined)


def names(kept: Contact, merged: Contact) -> tuple[str, ...]:
    """The fields that a person may choose: those that people have a word for. A made name follows from the others."""
    columns = {one.key for one in inspect(Contact).column_attrs}
    found = [name for name in history.LABELS if name in columns and name not in _APART]
    if _made(kept) and _made(merged):
        found.remove("display_name")
    return tuple(found)


def undecided(found: Iterable[Field]) -> tuple[Field, ...]:
    """Those that a person must still choose."""
    return tuple(one for one in found if one.choice is None)


def result(kept: Contact, merged: Contact, found: Iterable[Field]) -> dict[str, Any]:
    """What the kept file's row has to say afterwards, where it is other than today. Raises `DomainError` with the field."""
    taken: dict[str, Any] = {}
    for one in found:
        if one.name in PRIMARIES or one.name == ADVISER or one.state == "same":
            continue
        mine, theirs = getattr(kept, one.name), getattr(merged, one.name)
        if one.choice == "both":
            taken[one.name] = "\n\n".join(text for text in (mine, theirs) if text)
        elif one.choice == "merged":
            taken[one.name] = theirs
    before = _read(kept)
    after = replace(before, **{name: value for name, value in taken.items() if name in _NEW})
    if "display_name" not in taken and _made(kept):
        after = replace(after, display_name="")
    after = replace(
        after, vital="DECEDE" if after.death_date else "VIVANT",
        matrimonial_regime=after.matrimonial_regime if after.situation == "MARIE" else None,
        pacs_regime=after.pacs_regime if after.situation == "PACSE" else None,
    )  # fmt: skip
    clean = asdict(checked(after))
    changed = {name: clean[name] for name, value in asdict(before).items() if clean[name] != value and name not in PRIMARIES}
    return {**{name: value for name, value in taken.items() if name not in _NEW}, **changed}


def kinds_apart(kept: Contact, merged: Contact) -> str:
    """Why two files can never be one; empty where they can."""
    if kept.id == merged.id:
        return "C'est le même dossier\u202f: choisissez-en un autre."
    if kept.kind != merged.kind:
        mine, theirs = (f"«\u202f{history.said('kind', one.kind).lower()}\u202f»" for one in (kept, merged))
        return (
            f"Un dossier {mine} et un dossier {theirs} ne se fusionnent pas\u202f: on ne réunit que deux personnes, deux "
            "sociétés ou deux foyers."
        )
    return ""


def doubts(kept: Contact, merged: Contact) -> tuple[str, ...]:
    """What speaks against these two being the same: said before the merge, which is not refused for it."""
    found = []
    if kept.birth_date and merged.birth_date and kept.birth_date != merged.birth_date:
        found.append("Les dates de naissance diffèrent.")
    if kept.siren and merged.siren and kept.siren != merged.siren:
        found.append("Les numéros SIREN diffèrent\u202f: ce sont deux entreprises distinctes.")
    if kept.vital != merged.vital:
        found.append("L'un des deux est décédé, l'autre non.")
    if kept.tax_id and merged.tax_id and kept.tax_id != merged.tax_id:
        found.append("Les numéros fiscaux diffèrent.")
    return tuple(found)


def _empty(name: str, value: Any) -> bool:
    return value in (None, "") or (name in _UNSAID and value == _UNSAID[name])


def _read(row: Contact) -> NewContact:
    return NewContact(**{name: getattr(row, name) for name in _NEW})


def _made(row: Contact) -> bool:
    """Whether the name in lists was made from the other names."""
    try:
        return row.display_name == made_name(_read(row))
    except DomainError:
        return False
