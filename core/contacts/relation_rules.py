"""What a relation may not be: of the wrong kind, twice, with oneself, two unions at once, a circle, more than a whole.

Each rule raises `DomainError` that names the field. Whoever reads a refusal is told no name that he may not see.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.contacts.relation_types import COMPANY
from core.contacts.relation_types import COUNSELS
from core.contacts.relation_types import FILIATIONS
from core.contacts.relation_types import KINDS
from core.contacts.relation_types import PERSON
from core.contacts.relation_types import RIGHTS
from core.contacts.relation_types import UNIONS
from core.contacts.relation_types import percent
from core.contacts.relation_types import said
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: Kinds by which one descends from another: no circle, and the elder is born first.
ANCESTRY = ("PARENT", "GRAND_PARENT")
#: Of these, two people have a single one; those of the first are never married to one another (art. 161 to 163 C. civ.).
_NEVER_MARRIED = (*ANCESTRY, "FRERE_SOEUR")
_KIN = (*_NEVER_MARRIED, "ONCLE_TANTE")
_SOME = 500
_ENDS = aliased(Contact), aliased(Contact)
LONGEST = {"function": 100, "note": 500}


@dataclass(slots=True)
class Draft:
    """A relation that is about to be written. `id`: of the one that it changes."""

    a: Contact
    b: Contact
    kind: str
    since: date | None = None
    until: date | None = None
    filiation: str | None = None
    share: Decimal | None = None
    right: str | None = None
    function: str | None = None
    counsel: str | None = None
    note: str | None = None
    id: str = ""


def check(session: TenantSession, by: Adviser | str, draft: Draft) -> None:
    """All rules. Raises `DomainError`, and `Conflict` for what is there already."""
    _fits(draft)
    _dates(draft)
    _told(draft)
    _once(session, draft)
    if draft.kind in UNIONS:
        _one_union(session, by, draft)
    if draft.kind in ANCESTRY:
        _no_descent_from_oneself(session, draft)
    if draft.kind == "ASSOCIE":
        _no_circle(session, draft)
        _at_most_a_whole(session, by, draft)


def _fits(draft: Draft) -> None:
    if draft.a.id == draft.b.id:
        raise DomainError("Un contact n'est pas en relation avec lui-même\u202f: choisissez un autre contact.", field="other")
    kind = KINDS[draft.kind]
    for contact, role, allowed in ((draft.a, kind.a, kind.fits[0]), (draft.b, kind.b, kind.fits[1])):
        if contact.kind not in allowed:
            either = "une personne ou une société" if COMPANY in allowed else "une personne physique"
            wants = "une société" if PERSON not in allowed else either
            word = said(role, contact.civility)
            text = f"{contact.display_name} ne peut pas être «\u202f{word}\u202f»\u202f: ce lien demande {wants}."
            raise DomainError(text, field="role")


def _dates(draft: Draft) -> None:
    if draft.since is not None and draft.since > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="since")
    if draft.since is not None and draft.until is not None and draft.until <= draft.since:
        raise DomainError("La relation se termine avant d'avoir commencé\u202f: vérifiez les deux dates.", field="until")
    if draft.kind in ANCESTRY and draft.a.birth_date and draft.b.birth_date and draft.a.birth_date >= draft.b.birth_date:
        elder = f"{draft.b.display_name} est né avant {draft.a.display_name}"
        text = f"{elder}\u202f: vérifiez le sens du lien et les dates de naissance."
        raise DomainError(text, field="role")
    if draft.kind in UNIONS and draft.since is not None:
        for one in (draft.a, draft.b):
            if one.birth_date and draft.since <= one.birth_date:
                raise DomainError(f"L'union précède la naissance de {one.display_name}\u202f: vérifiez la date.", field="since")
            if one.death_date and draft.since > one.death_date:
                raise DomainError(f"L'union suit le décès de {one.display_name}\u202f: vérifiez la date.", field="since")


def _told(draft: Draft) -> None:
    kind = KINDS[draft.kind]
    for name in ("filiation", "share", "right", "function", "counsel"):
        if getattr(draft, name) is not None and name not in kind.fields:
            raise DomainError("Cette donnée ne concerne pas cette relation.", field=name)
    for name, codes in (("filiation", FILIATIONS), ("right", RIGHTS), ("counsel", COUNSELS)):
        if getattr(draft, name) is not None and getattr(draft, name) not in codes:
            raise DomainError("Choisissez une valeur de la liste.", field=name)
    for name, most in LONGEST.items():
        if len(getattr(draft, name) or "") > most:
            raise DomainError(f"{most} caractères au plus.", field=name)
    if draft.share is not None and not 0 < draft.share <= 1:
        raise DomainError("Une part est supérieure à 0\u202f% et d'au plus 100\u202f%.", field="share")
    if draft.kind == "ASSOCIE" and draft.share is None:
        raise DomainError("Saisissez la part détenue.", field="share")
    if draft.kind == "ASSOCIE" and draft.right is None:
        draft.right = "PLEINE_PROPRIETE"
    if draft.kind == "CONSEIL" and draft.counsel is None:
        raise DomainError("Choisissez de quel conseil il s'agit.", field="counsel")


def _once(session: TenantSession, draft: Draft) -> None:
    pair = (draft.a.id, draft.b.id)
    rows = session.scalars(
        select(Relation).where(Relation.a_id.in_(pair), Relation.b_id.in_(pair), Relation.id != draft.id)
    ).all()
    for row in rows:
        apart = any(getattr(row, name) != getattr(draft, name) for name in ("right", "counsel", "function"))
        if row.kind == draft.kind and not apart and _meet(row, draft):
            raise Conflict("Cette relation est déjà dans le dossier\u202f: modifiez-la plutôt que de l'ajouter.", field="other")
        kin = row.kind in _KIN and draft.kind in _KIN
        married = (row.kind in UNIONS and draft.kind in _NEVER_MARRIED) or (draft.kind in UNIONS and row.kind in _NEVER_MARRIED)
        if (kin and row.kind != draft.kind) or married:
            one = draft.a if row.a_id == draft.a.id else draft.b
            other = draft.b if one is draft.a else draft.a
            word = said(KINDS[row.kind].a, one.civility).lower()
            bound = f"{one.display_name} est déjà «\u202f{word}\u202f» de {other.display_name}"
            text = f"{bound}\u202f: les deux liens ne vont pas ensemble."
            raise Conflict(text, field="role")


def _meet(row: Relation, draft: Draft) -> bool:
    return _over(row.since, row.until, draft.since, draft.until)


def _over(since: date | None, until: date | None, other_since: date | None, other_until: date | None) -> bool:
    """Whether two spans of time have a day in common; an end is the first day on which it no longer held."""
    return (since or date.min) < (other_until or date.max) and (other_since or date.min) < (until or date.max)


def _one_union(session: TenantSession, by: Adviser | str, draft: Draft) -> None:
    """A beginning that is not known is taken as the last day before the end: what nobody knows refuses nothing."""
    one, other = _ENDS
    pair = (draft.a.id, draft.b.id)
    rows = session.execute(
        select(Relation, one, other)
        .join(one, one.id == Relation.a_id).join(other, other.id == Relation.b_id)
        .where(Relation.kind.in_(UNIONS), or_(Relation.a_id.in_(pair), Relation.b_id.in_(pair)), Relation.id != draft.id)
    ).all()  # fmt: skip
    mine = _held(draft.since, draft.until, draft.a, draft.b)
    for row, first, second in rows:
        if not _over(*mine, *_held(row.since, row.until, first, second)):
            continue
        bound, partner = (first, second) if first.id in pair else (second, first)
        named = f" avec {partner.display_name}" if _seen(session, by, partner.id) else ""
        text = (
            f"{bound.display_name} a déjà une union{named} à cette date\u202f: terminez-la d'abord, ou vérifiez les dates. "
            "Une seule union à la fois est possible."
        )
        raise Conflict(text, field="other" if partner.id not in pair else "since")


def _held(since: date | None, until: date | None, *people: Contact) -> tuple[date, date | None]:
    ends = [one for one in (until, *(one.death_date for one in people)) if one is not None]
    end = min(ends, default=None)
    return since or (end or today()) - timedelta(days=1), end


def _seen(session: TenantSession, by: Adviser | str, contact_id: str) -> bool:
    if isinstance(by, str):
        return True
    return session.scalar(select(Contact.id).where(Contact.id == contact_id, visible(by, each=True))) is not None


def _no_descent_from_oneself(session: TenantSession, draft: Draft) -> None:
    """The elder's own elders, generation by generation: the younger may not be among them."""
    known, frontier = {draft.a.id}, [draft.a.id]
    while frontier:
        found = _each(session, frontier, Relation.b_id, Relation.a_id, Relation.kind.in_(ANCESTRY), Relation.id != draft.id)
        if draft.b.id in found:
            text = f"{draft.b.display_name} serait son propre ancêtre\u202f: vérifiez le sens de ce lien et des autres."
            raise DomainError(text, field="role")
        frontier = sorted(found - known)
        known |= found


def _no_circle(session: TenantSession, draft: Draft) -> None:
    """What the company holds, and what that holds, while this would be true: the holder may not be among it."""
    if draft.a.kind != COMPANY:
        return
    while_so = and_(
        or_(Relation.since.is_(None), Relation.since < (draft.until or date.max)),
        or_(Relation.until.is_(None), Relation.until > (draft.since or date.min)),
    )
    known, frontier = {draft.b.id}, [draft.b.id]
    while frontier:
        among = (Relation.kind == "ASSOCIE", Relation.id != draft.id, while_so)
        found = _each(session, frontier, Relation.a_id, Relation.b_id, *among)
        if draft.a.id in found:
            text = (
                f"{draft.b.display_name} détient déjà, directement ou non, une part de {draft.a.display_name}\u202f: "
                "une société ne se détient pas elle-même en cercle."
            )
            raise DomainError(text, field="other")
        frontier = sorted(found - known)
        known |= found


def _each(session: TenantSession, ids: Sequence[str], of: Any, wanted: Any, *where: Any) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), _SOME):
        found |= set(session.scalars(select(wanted).where(of.in_(ids[start : start + _SOME]), *where)))
    return found


def _at_most_a_whole(session: TenantSession, by: Adviser | str, draft: Draft) -> None:
    rows = session.scalars(
        select(Relation).where(Relation.b_id == draft.b.id, Relation.kind == "ASSOCIE", Relation.id != draft.id)
    ).all()
    beside = [row for row in rows if _meet(row, draft)]
    starts = {draft.since or date.min, *(row.since for row in beside if row.since and row.since > (draft.since or date.min))}
    for day in sorted(starts):
        held = [row for row in beside if (row.since or date.min) <= day < (row.until or date.max)]
        for other, word in (("NUE_PROPRIETE", "nue-propriété"), ("USUFRUIT", "usufruit")):
            if draft.right not in ("PLEINE_PROPRIETE", other):
                continue
            total = sum_of(held, ("PLEINE_PROPRIETE", other))
            if total + (draft.share or 0) > 1:
                left = f" Il reste {percent(max(1 - total, Decimal(0)))}." if _all_seen(session, by, held) else ""
                text = (
                    f"Les parts de {draft.b.display_name} en pleine propriété et en {word} dépasseraient 100\u202f%.{left} "
                    "Corrigez cette part, ou terminez celle d'un associé sorti."
                )
                raise DomainError(text, field="share")


def sum_of(rows: Iterable[Any], rights: Sequence[str]) -> Decimal:
    """The shares held by one of these rights, together."""
    return sum((row.share or Decimal(0) for row in rows if row.right in rights), Decimal(0))


def _all_seen(session: TenantSession, by: Adviser | str, rows: Sequence[Relation]) -> bool:
    """Whether what is left tells nothing of holders whom this person may not see."""
    if isinstance(by, str) or not rows:
        return True
    ids = {row.a_id for row in rows}
    return len(session.scalars(select(Contact.id).where(Contact.id.in_(ids), visible(by, each=True))).all()) == len(ids)
