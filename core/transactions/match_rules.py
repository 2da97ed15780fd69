"""Which movement is which act's: proposals with their points and reasons, without a database or a clock (PF-05, domain.md §2.4).

A proposal is nothing but that: a person confirms or refuses it, and no status ever follows from it.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal

from core.web import formats

#: A movement may be dated a little before the day that was noted of its act (value days).
LEAD = timedelta(days=5)
#: An insurer pays a surrender within two months at most (Code des assurances, art. L132-21): later is another act's.
LAG = timedelta(days=62)
#: Points below which nothing is proposed; from which it is likely, then strong.
LEAST, LIKELY, STRONG = 40, 65, 85
#: Proposals that one movement gets at most.
EACH = 3
#: How far two amounts may be apart, as a share of the act's: entry costs, a price of another day.
_NEAR = Decimal("0.01")
_CENT = Decimal("0.01")
#: Days apart, at most → points.
_DAYS = ((3, 25), (10, 20), (31, 12), (LAG.days, 5))


#: Day, kind, whether it came in → how many movements, and their sum.
Together = dict[tuple[date, str, bool], tuple[int, Decimal]]


@dataclass(frozen=True, slots=True)
class Kinds:
    """Movements that an act makes: named as it is, named by less; `sign`: of their amounts, 0 for both."""

    exact: frozenset[str]
    near: frozenset[str]
    sign: int


def _kinds(exact: str, near: str, sign: int) -> Kinds:
    return Kinds(frozenset(exact.split()), frozenset(near.split()), sign)


#: Nature or act → its movements; what is not here makes none that can be told (a clause, a standing order).
KINDS: dict[str, Kinds] = {
    "versement": _kinds("VERSEMENT", "VERSEMENT_PROGRAMME CREDIT", 1),
    "rachat": _kinds("RACHAT", "RACHAT_PROGRAMME DEBIT", -1),
    "arbitrage": _kinds("ARBITRAGE", "ACHAT VENTE", 0),
    "avance": _kinds("AVANCE", "DEBIT", 0),
    "achat": _kinds("ACHAT", "SRD", 0),
    "vente": _kinds("VENTE", "SRD", 0),
    "dividende": _kinds("DIVIDENDE", "COUPON INTERETS CREDIT", 1),
    "coupon": _kinds("COUPON", "DIVIDENDE INTERETS CREDIT", 1),
    "frais": _kinds("FRAIS", "DEBIT", -1),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A movement, as far as it is compared. Positive: it came in."""

    id: str
    on: date
    kind: str
    amount: Decimal
    currency: str = "EUR"
    support_id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that was asked or executed. `since`, `until`: the days between which it was; `amount` None: not known.

    `own`: movements that it wrote here and that still stand; `got`: those that a person said are its; `supports`: those that its
    lines name.
    """

    id: str
    act: str
    nature: str
    since: date
    until: date
    amount: Decimal | None = None
    currency: str = "EUR"
    supports: frozenset[str] = frozenset()
    own: tuple[Fact, ...] = ()
    got: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: what was compared (amount, date, kind, support), in words, and its points."""

    code: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """«This movement is of this act.» `aside`: what the act wrote itself, which the movement tells again."""

    transaction_id: str
    movement_id: str
    score: int
    reasons: tuple[Reason, ...]
    aside: tuple[str, ...] = ()

    @property
    def strength(self) -> str:
        """strong, likely or weak."""
        return "strong" if self.score >= STRONG else "likely" if self.score >= LIKELY else "weak"


def kinds_of(act: str, nature: str) -> Kinds | None:
    """The movements that such an act makes; None where none can be told."""
    return KINDS.get(nature) or KINDS.get(act)


def window(asked: Asked) -> tuple[date, date]:
    """The days between which its movements are looked for, both included."""
    return _shifted(asked.since, -LEAD), _shifted(asked.until, LAG)


def propose(
    acts: Sequence[Asked], facts: Sequence[Fact], refused: Collection[tuple[str, str]] = frozenset()
) -> tuple[Proposal, ...]:  # fmt: skip
    """All that is worth a word, by movement in their order, the best first. `refused`: pairs of act and movement."""
    waiting = [(*window(one), one) for one in acts if not _settled(one)]
    together = _together(facts)
    found: list[Proposal] = []
    for fact in facts:
        made = [
            _proposal(one, fact, together) for since, until, one in waiting
            if since <= fact.on <= until and (one.id, fact.id) not in refused
        ]  # fmt: skip
        best = sorted((one for one in made if one is not None), key=lambda one: (-one.score, one.transaction_id))
        found += best[:EACH]
    return tuple(found)


def _together(facts: Sequence[Fact]) -> Together:
    """Of a day, a kind and a way: how many movements, and what they make together."""
    found: Together = {}
    for one in facts:
        count, total = found.get(_way(one), (0, Decimal(0)))
        found[_way(one)] = (count + 1, total + abs(one.amount))
    return found


def _way(one: Fact) -> tuple[date, str, bool]:
    return one.on, one.kind, one.amount > 0


def _proposal(asked: Asked, fact: Fact, together: Together) -> Proposal | None:
    kinds = kinds_of(asked.act, asked.nature)
    if kinds is None or fact.currency != asked.currency:
        return None
    kind = _kind(kinds, fact)
    amount = _amount(asked, fact, together) if kind is not None else None
    if kind is None or amount is None:
        return None
    aside = _aside(asked, fact)
    if aside is None:
        return None
    reasons = [amount, _date(asked, fact), kind, *_support(asked, fact)]
    score = sum(one.points for one in reasons)
    return Proposal(asked.id, fact.id, score, tuple(reasons), aside) if score >= LEAST else None


def _kind(kinds: Kinds, fact: Fact) -> Reason | None:
    if kinds.sign and fact.amount * kinds.sign < 0:
        return None
    if fact.kind in kinds.exact:
        return Reason("kind", "Nature\u202f: celle de l'acte", 15)
    return Reason("kind", "Nature\u202f: compatible, moins précise", 8) if fact.kind in kinds.near else None


def _amount(asked: Asked, fact: Fact, together: Together) -> Reason | None:
    """None where the amounts tell that it is another act's."""
    left, mine = _left(asked, fact), abs(fact.amount)
    if left is None:
        return Reason("amount", "Montant\u202f: celui de l'acte n'est pas connu", 0)
    if left <= 0:
        return None
    if mine == left:
        rest = "Montant\u202f: ce qui restait à retrouver" if asked.got else "Montant\u202f: le même, au centime"
        return Reason("amount", rest, 50)
    if any(mine == abs(one.amount) and _same_way(asked, one, fact) for one in asked.own):
        return Reason("amount", "Montant\u202f: celui d'une ligne de l'acte, au centime", 50)
    count, total = together.get(_way(fact), (1, mine))
    if count > 1 and total == left:
        return Reason("amount", f"Montant\u202f: {count} mouvements de ce jour font ensemble celui de l'acte", 45)
    gap = min([abs(mine - left), *(abs(mine - abs(one.amount)) for one in asked.own if _same_way(asked, one, fact))])
    if gap <= max(left * _NEAR, _CENT):
        return Reason("amount", f"Montant\u202f: à {formats.money(gap, asked.currency)} près", 30)
    if asked.nature == "arbitrage" and mine < left and not asked.own:
        return Reason("amount", "Montant\u202f: une part de celui de l'acte", 15)
    return None


def _date(asked: Asked, fact: Fact) -> Reason:
    gap = max((asked.since - fact.on).days, (fact.on - asked.until).days, 0)
    points = next((points for most, points in _DAYS if gap <= most), 0)
    said = "le même jour" if not gap else f"{gap} jour{'s' if gap > 1 else ''} d'écart"
    return Reason("date", f"Date\u202f: {said}", points)


def _support(asked: Asked, fact: Fact) -> Iterator[Reason]:
    if fact.support_id is None or not asked.supports:
        return
    if fact.support_id in asked.supports:
        yield Reason("support", "Support\u202f: un de ceux de l'acte", 10)
    else:
        yield Reason("support", "Support\u202f: aucun de ceux de l'acte", -20)


def _aside(asked: Asked, fact: Fact) -> tuple[str, ...] | None:
    """What the act wrote that this movement tells again; None where it wrote something, and nothing like this."""
    if not asked.own:
        return ()
    mine = [one for one in asked.own if _same_way(asked, one, fact)]
    alike = [one for one in mine if abs(one.amount) == abs(fact.amount)]
    if alike:
        alike.sort(key=lambda one: one.support_id != fact.support_id)
        return (alike[0].id,)
    total = sum((abs(one.amount) for one in mine), Decimal(0))
    if mine and abs(total - abs(fact.amount)) <= total * _NEAR:
        return tuple(one.id for one in mine)
    close = [one for one in mine if abs(abs(one.amount) - abs(fact.amount)) <= abs(one.amount) * _NEAR]
    return (close[0].id,) if close else None


def _same_way(asked: Asked, one: Fact, fact: Fact) -> bool:
    """Whether both go the same way, and no support says otherwise. A purchase is typed as what the line receives, and told by
    banks as what the cash pays: only an arbitrage has two ways that are told apart.
    """
    if one.support_id and fact.support_id and one.support_id != fact.support_id:
        return False
    return asked.nature != "arbitrage" or one.amount * fact.amount > 0


def _left(asked: Asked, fact: Fact) -> Decimal | None:
    """What of the act's amount no movement tells yet; of an arbitrage, on the way in or out."""
    if asked.amount is None:
        return None
    got = [one for one in asked.got if asked.nature != "arbitrage" or one.amount * fact.amount > 0]
    return abs(asked.amount) - sum((abs(one.amount) for one in got), Decimal(0))


def _settled(asked: Asked) -> bool:
    """Whether nothing more of it is to be found."""
    if asked.own or not asked.got:
        return False
    if asked.nature == "arbitrage":
        ways = [sum((abs(one.amount) for one in asked.got if one.amount * way > 0), Decimal(0)) for way in (1, -1)]
        return asked.amount is not None and min(ways) >= abs(asked.amount) * (1 - _NEAR)
    got = sum((abs(one.amount) for one in asked.got), Decimal(0))
    return asked.amount is None or got >= abs(asked.amount) * (1 - _NEAR)


def _shifted(on: date, by: timedelta) -> date:
    try:
        return on + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min
