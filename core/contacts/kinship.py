"""Somebody's family from grandparents to grandchildren, as far as an adviser may see it: who is drawn, and where (DO-02).

Told by relations: parents' parents, parents' other children and children's children are found without a row of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date

from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.cabinets import rights
from core.contacts import relations
from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.contacts.relation_types import UNIONS
from core.contacts.relation_types import said
from core.db.clock import today
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: How many of each are drawn; the page says how many are not.
MOST = {"GRAND_PARENT": 8, "PARENT": 4, "FRERE_SOEUR": 8, "PARTNER": 5, "ENFANT": 12, "PETIT_ENFANT": 24}
#: How many of a person's own relations are read for the drawing.
READ = 500
_ENDS = aliased(Contact), aliased(Contact)
_PARTNERS = (*UNIONS, "EX_CONJOINT")
_ROWS = {"GRAND_PARENT": -2, "PARENT": -1, "FRERE_SOEUR": 0, "ENFANT": 1, "PETIT_ENFANT": 2}


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody of the family. `role`: what he is to the subject, «» for the subject; `row`: his generation.

    `ended`: a union that is over. `through`: ids of those by whom he is of the family.
    """

    id: str
    name: str
    civility: str | None
    birth_date: date | None
    death_date: date | None
    role: str
    row: int
    column: float
    ended: bool = False
    since: date | None = None
    until: date | None = None
    through: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """«Mère»."""
        return said(self.role, self.civility) if self.role else ""


@dataclass(slots=True)
class Family:
    """The family that is drawn. `descents`: (parent, child); `couples`: (one, other, whether it is over)."""

    people: list[Kin] = field(default_factory=list)
    descents: list[tuple[str, str]] = field(default_factory=list)
    couples: list[tuple[str, str, bool]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """Who was found: id → contact, and who is what."""

    people: dict[str, Contact] = field(default_factory=dict)
    own: dict[str, list[tuple[Relation, str]]] = field(default_factory=dict)
    descents: set[tuple[str, str]] = field(default_factory=set)
    #: How many children there are, where not all were read.
    children: int | None = None


def of(session: TenantSession, adviser: Adviser, contact_id: str) -> Family:
    """The family of a person; nobody but himself where no relation is known. Raises `NotFound`."""
    found = _read(session, adviser, contact_id)
    groups, through = _groups(found, contact_id)
    family = Family()
    for role, ids in groups.items():
        total = found.children if role == "ENFANT" and found.children is not None else len(ids)
        family.left_out |= {role: total - MOST[role]} if total > MOST[role] else {}
        groups[role] = ids[: MOST[role]]
    groups["PETIT_ENFANT"] = [one for one in groups["PETIT_ENFANT"] if not through[one] or through[one] & set(groups["ENFANT"])]
    partners = _partners(found, contact_id)
    family.left_out |= {"PARTNER": len(partners) - MOST["PARTNER"]} if len(partners) > MOST["PARTNER"] else {}
    partners = partners[: MOST["PARTNER"]]
    columns = _columns(groups, through, partners)
    family.people.append(_kin(found.people[contact_id], "", 0, 0.0))
    for row, other in partners:
        ended = row.kind == "EX_CONJOINT" or _over(row, found.people[contact_id], found.people[other])
        family.people.append(
            _kin(found.people[other], row.kind, 0, columns[other], ended=ended, since=row.since, until=row.until)
        )
        family.couples.append((contact_id, other, ended))
    for role, ids in groups.items():
        for one in ids:
            family.people.append(_kin(found.people[one], role, _ROWS[role], columns[one], through=tuple(sorted(through[one]))))
    shown = {one.id for one in family.people}
    family.descents = sorted(pair for pair in found.descents if set(pair) <= shown)
    family.couples += _other_couples(session, [one.id for one in family.people if one.row < 0], found)
    return family


def _read(session: TenantSession, adviser: Adviser, contact_id: str) -> _Found:
    found = _Found()
    found.people[contact_id] = relations.contact(session, adviser, contact_id)
    wanted = relations.joined(select(Relation, Contact), contact_id).where(
        *relations.where_of(contact_id, adviser, "famille"), Relation.kind != "ONCLE_TANTE"
    )
    first = case((Relation.kind.in_(_PARTNERS), 0), (and_(Relation.kind == "PARENT", Relation.b_id == contact_id), 1), else_=2)
    rows = session.execute(wanted.order_by(first, Relation.id).limit(READ)).all()
    if len(rows) == READ:
        found.children = session.scalar(
            relations.joined(select(func.count(Relation.id)), contact_id).where(
                *relations.where_of(contact_id, adviser, "famille"), Relation.kind == "PARENT", Relation.a_id == contact_id
            )
        )
    for row, other in rows:
        found.people[other.id] = other
        role = relations.tied(row, other, contact_id).role
        found.own.setdefault(role, []).append((row, other.id))
        if row.kind == "PARENT":
            found.descents.add((row.a_id, row.b_id))
    near = [other for role in ("PARENT", "ENFANT") for _row, other in found.own.get(role, [])]
    elder, younger = _ENDS
    if near:
        between = session.execute(
            select(elder, younger)
            .select_from(Relation).join(elder, elder.id == Relation.a_id).join(younger, younger.id == Relation.b_id)
            .where(
                Relation.kind == "PARENT", or_(Relation.a_id.in_(near), Relation.b_id.in_(near)),
                *(rights.on(one.id, adviser, "contact", each=True) for one in (elder, younger)),
            )
            .order_by(Relation.id).limit(READ)
        )  # fmt: skip
        for above, below in between:
            found.people |= {above.id: above, below.id: below}
            found.descents.add((above.id, below.id))
    return found


def _groups(found: _Found, contact_id: str) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """Role → ids in birth order, and id → by whom: parents for who is above or beside, children for who is below."""
    parents, children = _others(found, "PARENT"), _others(found, "ENFANT")
    ids: dict[str, set[str]] = {
        "GRAND_PARENT": set(_others(found, "GRAND_PARENT")), "PARENT": set(parents),
        "FRERE_SOEUR": set(_others(found, "FRERE_SOEUR")), "ENFANT": set(children),
        "PETIT_ENFANT": set(_others(found, "PETIT_ENFANT")),
    }  # fmt: skip
    through: dict[str, set[str]] = {}
    for above, below in found.descents:
        if below in ids["PARENT"] and above != contact_id:
            ids["GRAND_PARENT"].add(above)
            through.setdefault(above, set()).add(below)
        if above in ids["PARENT"] and below != contact_id and below not in ids["PARENT"]:
            ids["FRERE_SOEUR"].add(below)
            through.setdefault(below, set()).add(above)
        if above in ids["ENFANT"]:
            ids["PETIT_ENFANT"].add(below)
            through.setdefault(below, set()).add(above)
    seen = {contact_id, *(other for role in _PARTNERS for _row, other in found.own.get(role, []))}
    groups: dict[str, list[str]] = {}
    for role in ("PARENT", "ENFANT", "GRAND_PARENT", "FRERE_SOEUR", "PETIT_ENFANT"):  # who is several is drawn once
        mine = ids[role] - seen
        seen |= mine
        groups[role] = sorted(mine, key=lambda one: (found.people[one].birth_date or date.max, found.people[one].sort_name, one))
    for one in seen:
        through.setdefault(one, set())
    return {role: groups[role] for role in _ROWS}, through


def _others(found: _Found, role: str) -> list[str]:
    return [other for _row, other in found.own.get(role, [])]


def _partners(found: _Found, contact_id: str) -> list[tuple[Relation, str]]:
    """Each once, by the union that is under way or was last: who is married comes before who was."""
    me = found.people[contact_id]
    rows = [pair for role in _PARTNERS for pair in found.own.get(role, [])]
    rows.sort(key=lambda pair: (
        _over(pair[0], me, found.people[pair[1]]), pair[0].kind == "EX_CONJOINT", -(pair[0].since or date.min).toordinal()
    ))  # fmt: skip
    first: dict[str, tuple[Relation, str]] = {}
    for row, other in rows:
        first.setdefault(other, (row, other))
    return list(first.values())


def _over(row: Relation, *people: Contact) -> bool:
    day = today()
    return (row.until is not None and row.until <= day) or any(one.vital == "DECEDE" for one in people)


def _columns(
    groups: dict[str, list[str]], through: dict[str, set[str]], partners: Sequence[tuple[Relation, str]]
) -> dict[str, float]:
    """Where each stands, in boxes from the subject: brothers and sisters on the left, partners on the right."""
    columns = {other: 1.0 + place for place, (_row, other) in enumerate(partners)}
    columns |= {one: -1.0 - place for place, one in enumerate(reversed(groups["FRERE_SOEUR"]))}
    middle = 0.5 if partners else 0.0
    columns |= _spread(groups["ENFANT"], groups["PETIT_ENFANT"], through, middle)
    columns |= _spread(groups["PARENT"], groups["GRAND_PARENT"], through, 0.0)
    return columns


def _spread(near: Sequence[str], far: Sequence[str], through: dict[str, set[str]], middle: float) -> dict[str, float]:
    """A row centred on `middle`, each with as much room as those of the next row that hang on him."""
    hanging: dict[str, list[str]] = {one: [] for one in near}
    free: list[str] = []
    for one in far:
        by = next((each for each in near if each in through[one]), None)
        (hanging[by] if by is not None else free).append(one)
    widths = [max(1, len(hanging[one])) for one in near]
    start = middle + 0.5 - (sum(widths) + len(free)) / 2
    columns: dict[str, float] = {}
    for one, width in zip(near, widths, strict=True):
        columns[one] = start + (width - 1) / 2
        for place, each in enumerate(hanging[one]):
            columns[each] = start + place + (width - len(hanging[one])) / 2
        start += width
    for each in free:
        columns[each] = start
        start += 1
    return columns


def _other_couples(session: TenantSession, ids: Sequence[str], found: _Found) -> list[tuple[str, str, bool]]:
    """The unions of parents and grandparents with one another."""
    if len(ids) < 2:
        return []
    rows = session.scalars(
        select(Relation).where(Relation.kind.in_(_PARTNERS), Relation.a_id.in_(ids), Relation.b_id.in_(ids)).order_by(Relation.id)
    )
    pairs: dict[tuple[str, str], bool] = {}
    for row in rows:
        over = row.kind == "EX_CONJOINT" or _over(row, found.people[row.a_id], found.people[row.b_id])
        pairs[row.a_id, row.b_id] = over and pairs.get((row.a_id, row.b_id), True)
    return [(one, other, over) for (one, other), over in pairs.items()]


def _kin(one: Contact, role: str, row: int, column: float, **more: object) -> Kin:
    return Kin(
        one.id, one.display_name, one.civility, one.birth_date, one.death_date, role, row, column,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def left_out_said(left_out: dict[str, int]) -> str:
    """«12 enfants et 3 petits-enfants»; «» for nobody."""
    words = {
        "GRAND_PARENT": ("grand-parent", "grands-parents"), "PARENT": ("parent", "parents"),
        "FRERE_SOEUR": ("frère ou sœur", "frères et sœurs"), "PARTNER": ("union", "unions"), "ENFANT": ("enfant", "enfants"),
        "PETIT_ENFANT": ("petit-enfant", "petits-enfants"),
    }  # fmt: skip
    told: Iterable[str] = (f"{count} {words[role][count > 1]}" for role, count in left_out.items() if role in words)
    return ", ".join(told)
