"""Social levies on what capital yields: dated rates that the law sets, by kind of income, each with its source.

A rate holds for what is earned in the years from `first` to `last` (None: until another is voted). What could not be verified
says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

CSS = "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000042683546/2026-01-01/"
LFSS_2026 = "https://www.legifrance.gouv.fr/jorf/article_jo/JORFARTI000053226452"


@dataclass(frozen=True, slots=True)
class Levy:
    """A rate of social levies. `verified` False: sources differ, the page says it."""

    rate: Decimal
    csg: Decimal
    crds: Decimal
    solidarity: Decimal
    first: int
    last: int | None
    source: str
    url: str
    verified: bool = True


_CRDS, _SOLIDARITY = Decimal("0.005"), Decimal("0.075")
_BEFORE = "Code de la sécurité sociale, art. L. 136-8"
_NOW = "LFSS 2026, art. 12"


def _levy(csg: str, first: int, last: int | None, source: str, url: str, *, verified: bool = True) -> Levy:
    share = Decimal(csg)
    return Levy(share + _CRDS + _SOLIDARITY, share, _CRDS, _SOLIDARITY, first, last, source, url, verified)


def _raised(year: int) -> tuple[Levy, ...]:
    """17.2 % until the year before, 18.6 % from this year of income on."""
    return (_levy("0.092", 2018, year - 1, _BEFORE, CSS), _levy("0.106", year, None, _NOW, LFSS_2026))


_KEPT = (_levy("0.092", 2018, None, _BEFORE, CSS),)
#: Kind of income → its label and its rates. Income «du patrimoine» is raised one year before «produits de placement».
LEVIES: dict[str, tuple[Any, tuple[Levy, ...]]] = {
    "dividendes": (_l("Dividendes"), _raised(2026)),
    "interets": (_l("Intérêts, livrets fiscalisés, comptes à terme"), _raised(2026)),
    "plus_values": (_l("Plus-values mobilières"), _raised(2025)),
    "lmnp": (_l("Location meublée non professionnelle"), _raised(2025)),
    "foncier": (_l("Revenus fonciers"), _KEPT),
    "assurance_vie": (_l("Assurance-vie et capitalisation"), _KEPT),
    "pv_immobilieres": (_l("Plus-values immobilières"), _KEPT),
    "epargne_logement": (_l("PEL, CEL, PEP"), _KEPT),
    "pea": (_l("PEA après cinq ans, à la sortie"), _raised(2026)),
    "epargne_salariale": (_l("Épargne salariale, gains à la sortie"), _raised(2026)),
    "per": (_l("PER, gains à la sortie en capital"), (
        _levy("0.092", 2018, 2025, _BEFORE, CSS), _levy("0.106", 2026, None, _NOW, LFSS_2026, verified=False),
    )),
}  # fmt: skip


def levy(kind: str, year: int) -> Levy | None:
    """The rate of a kind for income of a year; None where none is known."""
    return next((one for one in LEVIES[kind][1] if one.first <= year and (one.last is None or year <= one.last)), None)
