"""Shares of companies whose file is kept here: worth what the company owns less what it owes, part by part (PA-01).

Pure. A share that somebody declared as a thing of its own stands as declared: it is not counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.contacts.relation_shapes import Holding
from core.hooks.wealth import Ownership
from core.hooks.wealth import Right
from core.hooks.wealth import WealthItem
from core.wealth.balance import Balance
from core.wealth.balance import Found
from core.wealth.balance import cents
from core.wealth.balance import made
from core.wealth.parts import FINE
from core.wealth.parts import percent

#: Who tells of them, in the «source» of their lines.
THROUGH = "societes"
#: Before the id of an associate whose shares are declared apart.
_APART = "~"
#: Associates whom nobody named.
OTHERS = ""
_RIGHTS: tuple[Right, ...] = ("PLEINE_PROPRIETE", "NUE_PROPRIETE", "USUFRUIT")


@dataclass(slots=True)
class Companies:
    """Companies that are looked through. `found`: all things told, theirs too; `names`: of those that may be seen."""

    found: Sequence[Found]
    holdings: Sequence[Holding]
    names: Mapping[str, str]
    births: Mapping[str, date | None]
    on: date
    sheets: dict[str, Balance] = field(default_factory=dict)
    #: Those whose sheet is being made: a circle of holdings ends here.
    _open: set[str] = field(default_factory=set)

    def held_by(self, holders: Sequence[str]) -> list[Found]:
        """What these hold of companies: each one's shares, or where usufruct and bare ownership are apart the whole company."""
        wanted = {one.company_id for one in self.holdings if one.holder_id in holders and one.company_id in self.names}
        found: list[Found] = []
        for company in sorted(wanted, key=lambda one: (self.names[one], one)):
            known = [one for one in self.holdings if one.company_id == company]
            apart = {owner.contact_id for _source, item in self.found if item.company_id == company for owner in item.owners}
            if any(one.right != "PLEINE_PROPRIETE" for one in known):
                days = {one.since for one in known}
                since = days.pop() if len(days) == 1 else None
                if not all(one.holder_id in apart for one in known):
                    found.append((THROUGH, self._item(company, company, Decimal(1), associates(known, apart), since)))
                continue
            found += [
                (THROUGH, self._item(company, f"{company}:{one.holder_id}", one.share, (Ownership(one.holder_id),), one.since))
                for one in known if one.holder_id in holders and one.holder_id not in apart and one.share > 0
            ]  # fmt: skip
        return found

    def lives(self) -> dict[str, date | None]:
        """Births by owner, those of associates who are declared apart too."""
        return {**self.births, **{_APART + key: birth for key, birth in self.births.items()}}

    def _item(
        self, company: str, key: str, share: Decimal, owners: tuple[Ownership, ...], since: date | None
    ) -> WealthItem:  # fmt: skip
        """A part of a company: its label says which, its source where the value comes from."""
        sheet = self._sheet(company)
        of = f" ({percent(share)})" if share != 1 else ""
        plain = WealthItem(
            key, f"Parts de {self.names[company]}{of}", "PROFESSIONNEL", None, owners, origin="CALCULE", company_id=company,
            acquired_on=since,
        )  # fmt: skip
        if sheet is None:
            return replace(plain, source="Participations croisées\u202f: valeur à saisir")
        if not any(one.counted and one.of((company,)) is not None for one in sheet.lines):
            return replace(plain, source="Aucun bien de valeur connue dans le dossier de la société")
        net, assets = sheet.net(company), sheet.assets(company)
        days = [one.item.as_of for one in sheet.lines if one.counted and one.item.as_of is not None]
        source = "Actif net de la société, d'après son dossier"
        if unknown := len(sheet.unknown):
            source += f", hors {unknown} bien{'s' if unknown > 1 else ''} de valeur inconnue"
        if net < 0:
            source += "\u202f; elle doit plus qu'elle ne possède"
        return replace(
            plain, value=cents(max(Decimal(0), net), share), as_of=min(days, default=None), source=source,
            taxable=_property(sheet, company, assets),
        )  # fmt: skip

    def _sheet(self, company: str) -> Balance | None:
        """The company's own sheet; None within a circle."""
        if company in self._open:
            return None
        if company not in self.sheets:
            self._open.add(company)
            below = self.held_by((company,))
            self._open.discard(company)
            own = [(source, item) for source, item in self.found if any(one.contact_id == company for one in item.owners)]
            self.sheets[company] = made([*own, *below], (company,), self.lives(), (), self.on)
        return self.sheets[company]


def associates(known: Sequence[Holding], apart: set[str]) -> tuple[Ownership, ...]:
    """Owners of the whole: those who are named, and for what they leave, those whom nobody named."""
    shares: dict[tuple[str, Right], Decimal] = defaultdict(Decimal)
    for one in known:
        right = next((right for right in _RIGHTS if right == one.right), None)
        if right is not None and one.share > 0:
            shares[(_APART + one.holder_id if one.holder_id in apart else one.holder_id, right)] += one.share
    sums = {right: sum((share for (_who, other), share in shares.items() if other == right), Decimal(0)) for right in _RIGHTS}
    whole, bare, enjoyed = (sums[right] for right in _RIGHTS)
    split = max(bare, enjoyed)
    left: tuple[tuple[Right, Decimal], ...] = (
        ("PLEINE_PROPRIETE", 1 - whole - split), ("NUE_PROPRIETE", split - bare), ("USUFRUIT", split - enjoyed),
    )  # fmt: skip
    named = [Ownership(who, share, right) for (who, right), share in shares.items()]
    return (*named, *(Ownership(OTHERS, share, right) for right, share in left if share > 0))


def _property(sheet: Balance, company: str, assets: Decimal) -> Decimal:
    """The ratio of its shares' value that is taxed as property: taxed property over all that it owns (art. 965, 2° CGI)."""
    taxed = sum(
        ((one.of((company,)) or Decimal(0)) * one.item.taxable for one in sheet.lines if one.counted and not one.item.debt),
        Decimal(0),
    )
    return (taxed / assets).quantize(FINE, ROUND_HALF_UP) if assets > 0 else Decimal(0)
