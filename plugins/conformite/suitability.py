"""What a portfolio holds beside what its holder's profile allows: risk, and placements that he does not know (PF-07, CO-03).

One holder's accounts at a time: what several hold together is judged for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.api import book
from core.api.db import TenantSession
from core.api.formats import day
from core.api.formats import money
from core.api.types import AccountRef
from core.api.types import Adviser
from core.api.types import Finding
from core.api.types import FindingLine
from plugins.conformite import profiles
from plugins.conformite.profiles import Established

#: Level of a profile → the highest SRI of one support that goes with it. The house's scale: no text fixes one.
HIGHEST: Mapping[int, int] = {1: 2, 2: 3, 3: 4, 4: 5, 5: 7}
#: Type of a support → the kind of placement that the questionnaire tries. A fund's type does not tell what it holds.
PLACEMENTS: Mapping[str, str] = {
    "FONDS_EURO": "fonds_euros", "ACTION": "actions", "OBLIGATION": "obligations", "SCPI": "immobilier", "OPCI": "immobilier",
    "SCI": "immobilier", "PRODUIT_STRUCTURE": "structures", "FCPR": "capital", "FCPI": "capital", "FIP": "capital",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A support of an account, on the last day known of it."""

    account_id: str
    support_id: str
    label: str
    type: str
    sri: int | None
    value: Decimal


def findings(session: TenantSession, adviser: Adviser, accounts: Sequence[AccountRef], on: date) -> list[Finding]:
    """What does not go with the profile that each holder had that day. Who had none is judged by nothing here."""
    held: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for ref in accounts:
        for one in ref.holders:
            held[one.id].add(ref.id)
            names[one.id] = one.name
    known = profiles.as_of(session, adviser, list(held), on)
    if not known:
        return []
    lines = list(_lines(session, [ref.id for ref in accounts], on))
    found = []
    for key, profile in sorted(known.items(), key=lambda one: names[one[0]]):
        own = [line for line in lines if line.account_id in held[key]]
        found += [*_risk(names[key], profile, own), *_unknown(names[key], profile, own)]
    return found


def _risk(name: str, profile: Established, lines: Sequence[Line]) -> Iterable[Finding]:
    most = HIGHEST.get(profile.level, 7)
    above = [line for line in lines if line.sri is not None and line.sri > most]
    if above:
        yield _finding(
            "risque_profil", profile, above, _("Supports plus risqués que le profil de %(name)s", name=name),
            _(
                "Le profil «\u202f%(level)s\u202f» va avec des supports de SRI %(most)s au plus. %(sum)s sont au-dessus.",
                level=profile.level_label, most=most, sum=money(_sum(above)),
            ),
            _("Barème de la maison, de 1 à 5 vers le SRI."),
        )  # fmt: skip


def _unknown(name: str, profile: Established, lines: Sequence[Line]) -> Iterable[Finding]:
    score = profile.score
    novice = {one.key for one in score.instruments if one.level == "NOVICE"} if score else set()
    apart = [line for line in lines if PLACEMENTS.get(line.type) in novice]
    if apart:
        yield _finding(
            "connaissance_profil", profile, apart, _("Placements que %(name)s ne connaît pas", name=name),
            _("Le questionnaire ne retient aucune connaissance de ces placements, soit %(sum)s.", sum=money(_sum(apart))),
            _("Règlement délégué (UE) 2017/565, article 55."),
        )  # fmt: skip


def _finding(key: str, profile: Established, lines: Sequence[Line], title: str, text: str, source: str) -> Finding:
    told = _("Profil investisseur du %(day)s.", day=day(profile.established_on))
    remedy = _("Vérifiez l'adéquation avec le client\u202f: arbitrez, ou renouvelez son profil s'il a changé.")
    return Finding(
        key, "ATTENTION", title, text, f"{told} {source}", remedy,
        tuple(
            FindingLine(
                one.label, one.value, "EUR", "" if one.sri is None else _("SRI %(sri)s", sri=one.sri), one.account_id,
                one.support_id,
            )
            for one in lines
        ),
        act=_("Arbitrage"), endpoint="p_conformite.profile", values={"contact_id": profile.contact_id},
    )  # fmt: skip


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((line.value for line in lines), Decimal(0))


def _lines(session: TenantSession, ids: Sequence[str], on: date) -> Iterable[Line]:
    position, support = book.Position, book.Support
    last = (
        select(position.account_id.label("account"), func.max(position.on).label("day"))
        .where(position.account_id.in_(ids), position.on <= on).group_by(position.account_id).subquery()
    )  # fmt: skip
    wanted = (
        select(position.account_id, position.support_id, support.label, support.type, support.sri, position.value)
        .join(last, and_(last.c.account == position.account_id, last.c.day == position.on))
        .join(support, support.id == position.support_id)
        .where(position.account_id.in_(ids), position.currency == "EUR", position.value > Decimal(0))
        .order_by(position.value.desc(), support.label, position.id)
    )
    return [Line(*row) for row in session.execute(wanted)]
