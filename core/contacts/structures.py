"""Who holds a company, and what it or a person holds, up and down, as far as an adviser may see it; beneficial owners (DO-02).

A beneficial owner has more than 25 % of the capital or of the votes, directly or through companies (art. R. 561-1 CMF). The
capital counts full and bare ownership, the votes and dividends full ownership and usufruct; through a chain, shares multiply.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal

from sqlalchemy import and_
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.cabinets import rights
from core.contacts import relations
from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.contacts.relation_types import COMPANY
from core.contacts.relation_types import PERSON
from core.contacts.relation_types import RIGHTS_SHORT
from core.contacts.relation_types import percent
from core.db.session import TenantSession
from core.hooks.types import Adviser

THRESHOLD = Decimal("0.25")
#: Boxes of a drawing, and how far it goes from the subject.
MOST, DEPTH = 48, 8
_ONE = Decimal(1)
_ENDS = aliased(Contact), aliased(Contact)


@dataclass(frozen=True, slots=True)
class Node:
    """A person or company of the structure. `layer`: 0 the subject, below 0 who holds it, above 0 what it holds.

    `capital` and `votes`: what it has of the subject, or the subject of it, through all chains.
    """

    id: str
    name: str
    kind: str
    legal_form: str | None
    death_date: date | None
    layer: int
    column: float
    capital: Decimal
    votes: Decimal
    declared: bool = False

    @property
    def owner(self) -> bool:
        """Whether it is a person with more than a quarter."""
        return self.kind == PERSON and self.layer < 0 and max(self.capital, self.votes) > THRESHOLD


@dataclass(frozen=True, slots=True)
class Held:
    """Parts of a company in one hand: right → share."""

    holder: str
    company: str
    shares: Mapping[str, Decimal]

    @property
    def capital(self) -> Decimal:
        """Of the capital."""
        return self._of("PLEINE_PROPRIETE", "NUE_PROPRIETE")

    @property
    def votes(self) -> Decimal:
        """Of the votes and dividends."""
        return self._of("PLEINE_PROPRIETE", "USUFRUIT")

    @property
    def said(self) -> str:
        """«60 % PP, 10 % US»."""
        order = [right for right in RIGHTS_SHORT if right in self.shares]
        return ", ".join(f"{percent(self.shares[right])} {RIGHTS_SHORT[right]}" for right in order)

    def _of(self, *rights_of: str) -> Decimal:
        return sum((self.shares.get(one, Decimal(0)) for one in rights_of), Decimal(0))


@dataclass(slots=True)
class Structure:
    """What is drawn. `left_out`: how many companies or holders are beyond the drawing."""

    nodes: list[Node] = field(default_factory=list)
    ties: list[Held] = field(default_factory=list)
    left_out: int = 0

    @property
    def owners(self) -> tuple[Node, ...]:
        """The persons to be named: those beyond the threshold, and those who were declared."""
        found = [one for one in self.nodes if one.owner or one.declared]
        return tuple(sorted(found, key=lambda one: (-max(one.capital, one.votes), one.name)))


def of(session: TenantSession, adviser: Adviser, contact_id: str, on: date) -> Structure:
    """The structure around a contact on a day; nobody but itself where no part is known. Raises `NotFound`."""
    me = relations.contact(session, adviser, contact_id)
    known, made = {me.id: me}, Structure()
    up = _walk(session, adviser, me, on, known, made, up=True) if me.kind == COMPANY else []
    down = _walk(session, adviser, me, on, known, made, up=False)
    layers = {me.id: 0}
    layers |= {one: -far for one, far in _far(up, me.id, up=True).items() if one != me.id}
    layers |= {one: far for one, far in _far(down, me.id, up=False).items() if one != me.id and one not in layers}
    weights = {**_weights(up, me.id, layers, up=True), **_weights(down, me.id, layers, up=False), me.id: (_ONE, _ONE)}
    declared = _declared(session, adviser, me, on, known) if me.kind == COMPANY else set()
    for one in sorted(declared - set(layers)):
        layers[one], weights[one] = -1, (Decimal(0), Decimal(0))
    made.ties = [one for one in (*up, *down) if one.holder in layers and one.company in layers]
    columns = _columns(layers, made.ties, known)
    made.nodes = [
        Node(
            one, known[one].display_name, known[one].kind, known[one].legal_form, known[one].death_date, layer, columns[one],
            *weights.get(one, (Decimal(0), Decimal(0))), one in declared,
        )
        for one, layer in sorted(layers.items(), key=lambda pair: (pair[1], columns[pair[0]]))
    ]  # fmt: skip
    return made


def _walk(
    session: TenantSession, adviser: Adviser, me: Contact, on: date, known: dict[str, Contact], made: Structure, *, up: bool
) -> list[Held]:
    """From the subject to all that is above or below it, one query a step."""
    holder, company = _ENDS
    near, seen, found = {me.id}, {me.id}, dict[tuple[str, str], dict[str, Decimal]]()
    for _step in range(DEPTH):
        rows = session.execute(
            select(Relation.right, Relation.share, holder, company)
            .select_from(Relation).join(holder, holder.id == Relation.a_id).join(company, company.id == Relation.b_id)
            .where(
                Relation.kind == "ASSOCIE", (Relation.b_id if up else Relation.a_id).in_(sorted(near)), *relations.held(on),
                *(rights.on(one.id, adviser, "contact", each=True) for one in (holder, company)),
            )
            .order_by(Relation.share.desc(), Relation.id)
        ).all()  # fmt: skip
        reached: set[str] = set()
        for right, share, above, below in rows:
            far = above if up else below
            if far.id not in known and len(known) >= MOST:
                made.left_out += 1
                continue
            known[far.id] = far
            parts = found.setdefault((above.id, below.id), {})
            parts[right or ""] = parts.get(right or "", Decimal(0)) + (share or 0)
            reached.add(far.id)
        near = {one for one in reached if one not in seen and known[one].kind == COMPANY}
        seen |= reached
        if not near:
            break
    return [Held(one, other, shares) for (one, other), shares in found.items()]


def _far(ties: Sequence[Held], me: str, *, up: bool) -> dict[str, int]:
    """How many steps each is away by the longest way: who holds stands above all that he holds."""
    far = {me: 0}
    for _step in range(DEPTH):
        before = dict(far)
        for tie in ties:
            near, other = (tie.company, tie.holder) if up else (tie.holder, tie.company)
            if near in far and other != me:
                far[other] = min(max(far.get(other, 0), far[near] + 1), DEPTH)
        if far == before:
            break
    return far


def _weights(ties: Sequence[Held], me: str, layers: Mapping[str, int], *, up: bool) -> dict[str, tuple[Decimal, Decimal]]:
    """The sum over all ways of the product of shares: capital, votes."""
    found = {me: (_ONE, _ONE)}
    for one in sorted(layers, key=lambda each: abs(layers[each])):
        if one not in found:
            continue
        capital, votes = found[one]
        for tie in ties:
            near, other = (tie.company, tie.holder) if up else (tie.holder, tie.company)
            if near == one and other != me:
                has = found.get(other, (Decimal(0), Decimal(0)))
                found[other] = (has[0] + capital * tie.capital, has[1] + votes * tie.votes)
    return found


def _declared(session: TenantSession, adviser: Adviser, me: Contact, on: date, known: dict[str, Contact]) -> set[str]:
    rows = session.scalars(
        select(Contact).join(Relation, and_(Relation.a_id == Contact.id, Relation.kind == "BENEFICIAIRE_EFFECTIF"))
        .where(Relation.b_id == me.id, *relations.held(on), rights.on(Contact.id, adviser, "contact", each=True))
        .order_by(Contact.sort_name).limit(12)
    ).all()  # fmt: skip
    known |= {one.id: one for one in rows}
    return {one.id for one in rows}


def _columns(layers: Mapping[str, int], ties: Sequence[Held], known: Mapping[str, Contact]) -> dict[str, float]:
    """Layer by layer from the subject, each under or over the middle of those it hangs on, none on another."""
    columns: dict[str, float] = {}
    for layer in sorted(set(layers.values()), key=lambda each: (abs(each), each)):
        wanted = {one: _beside(one, ties, columns) for one, at in layers.items() if at == layer}
        ids = [one for _at, _name, one in sorted((at, known[one].sort_name, one) for one, at in wanted.items())]
        middle = sum(wanted.values()) / len(ids)
        columns |= {one: middle - (len(ids) - 1) / 2 + place for place, one in enumerate(ids)}
    return columns


def _beside(one: str, ties: Sequence[Held], columns: Mapping[str, float]) -> float:
    """The middle of those already placed that one hangs on."""
    near = [
        columns[other]
        for tie in ties
        for mine, other in ((tie.holder, tie.company), (tie.company, tie.holder))
        if mine == one and other in columns
    ]
    return sum(near) / len(near) if near else 0.0

