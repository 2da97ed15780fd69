"""Lines of the balance sheet as the lists of assets and debts show them: whose, how much of it is theirs, where it leads."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal

from flask import url_for

from core.api import wealth
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.types import Category
from core.api.types import WealthItem
from plugins.patrimoine import assets
from plugins.patrimoine.asset_terms import Owner

#: Who tells the lines of this plugin, in a balance sheet.
SOURCE = "patrimoine"
#: Before the id of an associate whose shares of a company are declared apart.
APART = "~"


@dataclass(frozen=True, slots=True)
class Row:
    """A line. `part`: what the file's people have of it, None where it is not known; `url`: empty where it has no page."""

    line: wealth.Line
    owners: tuple[Owner, ...]
    part: Decimal | None
    url: str = ""

    @property
    def item(self) -> WealthItem:
        """The thing, whole."""
        return self.line.item


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one title, and the sum of the parts that are known. `unknown`: how many are not."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """In euros."""
        return sum((one.part for one in self.rows if one.part is not None and one.line.counted), Decimal(0))

    @property
    def unknown(self) -> int:
        """Lines that the sum is without."""
        return sum(one.part is None for one in self.rows)


def rows(
    session: TenantSession, adviser: Adviser, contact_id: str, found: wealth.Balance, lines: Iterable[wealth.Line]
) -> list[Row]:
    """Lines with their owners' names; each leads to its page."""
    lines = list(lines)
    theirs = {who.contact_id.lstrip(APART) for line in lines for who in line.item.owners}
    names, seen = assets.known(session, adviser, theirs)
    return [Row(line, owners(line.item, names, seen), line.of(found.people), _url(contact_id, line)) for line in lines]


def named(session: TenantSession, adviser: Adviser, line: wealth.Line) -> tuple[dict[str, str], set[str]]:
    """The names of those who have a part of a line, and those whose file the adviser may open.

    Owners are named to whoever sees the thing; a spouse who has a half by the regime alone, to whoever sees that file.
    """
    theirs = {one.contact_id for one in line.item.owners}
    names, seen = assets.known(session, adviser, theirs | set(line.amounts))
    return {who: name for who, name in names.items() if who in theirs or who in seen}, seen


def owners(item: WealthItem, names: Mapping[str, str], seen: set[str]) -> tuple[Owner, ...]:
    """The owners of a thing, by name."""
    return tuple(
        Owner(one.contact_id, one.share, one.right, names.get(one.contact_id.lstrip(APART), ""), one.contact_id in seen)
        for one in item.owners
    )


def grouped(found: Sequence[Row], titles: Mapping[Category, str]) -> list[Group]:
    """By category, in the order of `titles`; only those that have lines."""
    groups: dict[Category, Group] = {key: Group(key, title) for key, title in titles.items()}
    for one in found:
        groups[one.item.category].rows.append(one)
    return [one for one in groups.values() if one.rows]


def _url(contact_id: str, line: wealth.Line) -> str:
    """The page of the thing, or the balance sheet of the company whose shares they are."""
    item = line.item
    if item.endpoint:
        return url_for(item.endpoint, contact_id=contact_id, item_id=item.key)
    return url_for("p_patrimoine.balance", contact_id=item.company_id) if item.company_id else ""
