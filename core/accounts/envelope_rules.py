"""What the law says of each envelope, as a table with dates and sources (domain.md §2.2): `checks` reads it, pages show it.

Ceilings are of payments, in euros; ages are in whole years on the day of the opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.accounts.schemas import INSURED
from core.accounts.schemas import PERSONAL

_CMF = "Code monétaire et financier"
_LIVRETS = "service-public.fr, comptes et livrets d'épargne"
_PACTE = "Loi Pacte, ordonnance 2019-766\u202f: fermés à la souscription depuis le 1er octobre 2020"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that may be paid in, since a day. `together`: envelopes whose payments count with it."""

    amount: Decimal
    since: date
    source: str
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for an envelope. `alone`: a person has one of these; `closed`: no new one since that day.

    `lenient`: joining a contract that was there before is still possible, so that a person may say that it is so.
    """

    alone: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    source: str = ""
    ceilings: tuple[Ceiling, ...] = ()
    closed: date | None = None
    lenient: bool = False


def _once(code: str, *ceilings: Ceiling, least: int | None = None, most: int | None = None, source: str = _LIVRETS) -> Rule:
    return Rule((code,), least, most, source, ceilings)


def _most(amount: int, since: date, source: str = _LIVRETS, *, together: tuple[str, ...] = ()) -> Ceiling:
    return Ceiling(Decimal(amount), since, source, together)


_OLD = date(2020, 10, 1)
_BOTH = _most(225_000, date(2019, 5, 24), f"{_CMF}, art. L221-32-1", together=("PEA", "PEA_PME"))
RULES: dict[str, Rule] = {
    "PEA": Rule(
        ("PEA", "PEA_JEUNE"), 18, None, f"{_CMF}, art. L221-30",
        (_most(150_000, date(2014, 1, 1), f"{_CMF}, art. L221-30"), _BOTH),
    ),
    "PEA_JEUNE": Rule(
        ("PEA", "PEA_JEUNE"), 18, 25, f"{_CMF}, art. L221-30", (_most(20_000, date(2019, 5, 24), f"{_CMF}, art. L221-30"),)
    ),
    "PEA_PME": Rule(("PEA_PME",), 18, None, f"{_CMF}, art. L221-32-1", (_BOTH,)),
    "PER_INDIVIDUEL": Rule(least=18, source=f"{_CMF}, art. L224-28, depuis le 1er janvier 2024"),
    "PERP": Rule(closed=_OLD, source=_PACTE),
    "MADELIN": Rule(closed=_OLD, source=_PACTE),
    "PREFON": Rule(closed=_OLD, source=_PACTE),
    "ARTICLE_83": Rule(closed=_OLD, source=_PACTE, lenient=True),
    "LIVRET_A": _once("LIVRET_A", _most(22_950, date(2013, 1, 1))),
    "LDDS": _once("LDDS", _most(12_000, date(2012, 10, 1)), least=18),
    "LEP": _once("LEP", _most(10_000, date(2023, 10, 1))),
    "LIVRET_JEUNE": _once("LIVRET_JEUNE", _most(1_600, date(2002, 1, 1)), least=12, most=25),
    "CEL": _once("CEL", _most(15_300, date(2002, 1, 1))),
    "PEL": _once("PEL", _most(61_200, date(2002, 1, 1))),
}  # fmt: skip
#: Whose holder subscribes; others have a «titulaire».
SUBSCRIBED = INSURED | {"CAPITALISATION"}
#: What nobody holds with another, or only through a right that is split: neither.
_ALONE = PERSONAL | {
    "PER_COLLECTIF", "PER_OBLIGATOIRE", "MADELIN", "ARTICLE_83", "PREFON", "PEE", "PEI", "PERCO", "PARTICIPATION",
}  # fmt: skip
#: Bare ownership on one side, usufruct on the other (domain.md §2.2: CTO, SCPI, capitalisation).
SPLIT = frozenset({"COMPTE_TITRES", "CAPITALISATION", "SCPI", "GFI", "GFF", "CLUB_DEAL", "AUTRE_ACTIF"})
#: A contract that ends at a death, and pays to whom its clause says.
SETTLED = frozenset({"ASSURANCE_VIE"})
#: Whose gains are taxed by a choice when money comes out.
TAXED = frozenset({"ASSURANCE_VIE", "CAPITALISATION", "PER_INDIVIDUEL", "PEA", "PEA_PME", "COMPTE_TITRES"})


def rule(envelope: str) -> Rule:
    """What holds for an envelope; nothing where the table says nothing of it."""
    return RULES.get(envelope, Rule())


def shared(envelope: str) -> bool:
    """Whether two people may hold it together."""
    return envelope not in _ALONE


def first_role(envelope: str) -> str:
    """What its first holder is called."""
    return "SOUSCRIPTEUR" if envelope in SUBSCRIBED else "TITULAIRE"


def second_role(envelope: str) -> str:
    """What another holder is called."""
    return f"CO_{first_role(envelope)}"
