"""The consolidated situation: all that a person or a household has on accounts, on a day, cut along any axis (PF-06, NX-02).

Each account counts with its last value known by that day, for the part that its holder has of it (usufruct and bare ownership
by `core.wealth.parts`); its lines tell what it is made of, and what they do not tell is a slice of its own, so that every axis
adds up to the same total. Only euros are added up: no rate of exchange is known here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.accounts import lists
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.supports.models import Support
from core.wealth import axes
from core.wealth import totals
from core.wealth.accounts import alive
from core.wealth.axes import AXES
from core.wealth.balance import CURRENCY
from core.wealth.balance import cents

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """A line: one support of one account, or what is not told of it. `value`: of the part, in euros, on the day `on`."""

    account: AccountRef
    support_id: str | None
    label: str
    value: Decimal
    on: date
    source: str
    part: Decimal
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slice:
    """What one code of an axis holds. `share`: of the total; None where the total is not positive."""

    code: str
    label: str
    value: Decimal
    share: Decimal | None
    lines: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """An account outside the totals, and why."""

    account: AccountRef
    why: str


@dataclass(frozen=True, slots=True)
class Situation:
    """The whole. `oldest`, `newest`: the days of the values that are added up."""

    on: date
    total: Decimal | None
    lines: tuple[Held, ...]
    apart: tuple[Apart, ...]
    oldest: date | None
    newest: date | None

    def slices(self, axis: str) -> tuple[Slice, ...]:
        """Along one axis of `axes.AXES`: in its own order, or the largest first; what is not known comes last."""
        by: dict[str, list[Held]] = defaultdict(list)
        for line in self.lines:
            by[line.codes[axis]].append(line)
        words = AXES[axis].words
        sums = {code: sum((line.value for line in some), ZERO) for code, some in by.items()}
        known = [code for code in by if code not in (axes.UNKNOWN, axes.UNTOLD)]
        order = list(words) if words else []
        known.sort(key=lambda code: (order.index(code) if code in order else len(order), -sums[code], code))
        last = [code for code in (axes.UNKNOWN, axes.UNTOLD) if code in by]
        return tuple(
            Slice(
                code, _label(words, code), sums[code], _share(sums[code], self.total),
                tuple(sorted(by[code], key=lambda line: -line.value)),
            )
            for code in (*known, *last) if sums[code]
        )  # fmt: skip


def _share(value: Decimal, total: Decimal | None) -> Decimal | None:
    return (value / total).quantize(Decimal("0.000001")) if total and total > 0 else None


def situation(session: TenantSession, adviser: Adviser, contact_id: str, on: date) -> Situation:
    """What one has on the accounts that the adviser may see: six queries, however many. The caller has checked the contact."""
    refs = open_accounts(session, adviser, contact_id, on)
    ids = [ref.id for ref in refs]
    parts, known, made_of = totals.parts_of(session, contact_id, ids), last_values(session, ids, on), _positions(session, ids, on)
    lines, apart = list[Held](), list[Apart]()
    for ref in refs:
        why = _left_out(ref, ref.id in known, ref.id in parts, on)
        if why:
            apart.append(Apart(ref, why))
        else:
            lines += _lines(ref, parts[ref.id], known[ref.id], made_of.get(ref.id, ()))
    days = [known[ref.id][0] for ref in refs if ref.id in known and ref.id in parts and ref.currency == CURRENCY]
    total = sum((line.value for line in lines), ZERO) if lines else None
    return Situation(on, total, tuple(lines), tuple(apart), min(days, default=None), max(days, default=None))


def open_accounts(session: TenantSession, adviser: Adviser, contact_id: str, on: date) -> list[AccountRef]:
    """The accounts of a person or a household that were open that day, of those that the adviser may see: three queries."""
    held = lists.refs(session, adviser, contact_id=contact_id)
    open_then = set(session.scalars(select(Account.id).where(Account.id.in_([ref.id for ref in held]), alive(on))))
    return [ref for ref in held if ref.id in open_then]


def _left_out(ref: AccountRef, valued: bool, parted: bool, on: date) -> str:
    if ref.currency != CURRENCY:
        return f"Tenu en {ref.currency}\u202f: aucun taux de change n'est connu ici."
    if not valued:
        return f"Aucune valeur n'est connue au {on:%d/%m/%Y}."
    return "" if parted else "La part du titulaire n'est pas connue."


def last_values(session: TenantSession, ids: Sequence[str], on: date) -> dict[str, tuple[date, Decimal, str]]:
    """Account → the day of its last value known by `on`, the value, and who said it: two queries."""
    last = (
        select(Valuation.account_id.label("account"), func.max(Valuation.on).label("day"))
        .where(Valuation.account_id.in_(ids), Valuation.on <= on).group_by(Valuation.account_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Valuation.account_id, Valuation.on, Valuation.value, Valuation.source)
        .join(last, and_(last.c.account == Valuation.account_id, last.c.day == Valuation.on))
        .where(Valuation.account_id.in_(ids))
    )
    found = {account: (day, value, source) for account, day, value, source in rows}
    own = session.execute(
        select(Account.id, Account.value_on, Account.value)
        .where(Account.id.in_(ids), Account.value_on <= on, Account.value.is_not(None))
    )
    for account, day, value in own:
        if day is not None and value is not None and (account not in found or found[account][0] < day):
            found[account] = (day, value, "fiche du compte")
    return found


def _positions(session: TenantSession, ids: Sequence[str], on: date) -> dict[str, list[Any]]:
    last = (
        select(Position.account_id.label("account"), func.max(Position.on).label("day"))
        .where(Position.account_id.in_(ids), Position.on <= on).group_by(Position.account_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            Position.account_id, Position.on, Position.value, Position.currency, Position.pocket, Support.id.label("support_id"),
            Support.label, Support.type, Support.sri, Support.sfdr, Support.asset_class, Support.zone,
            Support.currency.label("exposed"),
        )
        .join(last, and_(last.c.account == Position.account_id, last.c.day == Position.on))
        .join(Support, Support.id == Position.support_id)
        .where(Position.account_id.in_(ids)).order_by(Position.value.desc(), Support.label)
    )  # fmt: skip
    found = defaultdict[str, list[Any]](list)
    for row in rows:
        found[row.account_id].append(row)
    return found


def _lines(ref: AccountRef, part: Decimal, known: tuple[date, Decimal, str], rows: Iterable[Any]) -> list[Held]:
    day, value, source = known
    told = [row for row in rows if row.currency == CURRENCY]
    whole, found = cents(value, part), list[Held]()
    for row in told:
        codes = {
            "classe": axes.asset_class(row.asset_class, row.type), "enveloppe": ref.envelope, "compagnie": ref.company,
            "zone": row.zone or axes.UNKNOWN, "devise": row.exposed, "sri": str(row.sri) if row.sri else "na", "sfdr": row.sfdr,
            "liquidite": axes.liquidity(ref.envelope, row.type, pledged=ref.pledged),
        }  # fmt: skip
        found.append(Held(ref, row.support_id, row.label, cents(row.value, part), row.on, source, part, codes))
    rest = whole - sum((line.value for line in found), ZERO)
    if found and abs(rest) <= Decimal("0.01") * len(found):
        # each line was rounded to the cent: the largest takes what is left, so that the lines make the account
        first = found[0]
        found[0] = replace(first, value=first.value + rest)
        return found
    if rest:
        found.append(_untold(ref, rest, day, source, part))
    return found


def _untold(ref: AccountRef, rest: Decimal, day: date, source: str, part: Decimal) -> Held:
    """What an account's lines do not tell; cash is what it is."""
    cash = ref.envelope in axes.CASH
    codes = {
        "classe": "LIQUIDITES" if cash else axes.UNTOLD, "enveloppe": ref.envelope, "compagnie": ref.company,
        "zone": "FRANCE" if cash else axes.UNTOLD, "devise": ref.currency if cash else axes.UNTOLD,
        "sri": "na" if cash else axes.UNTOLD, "sfdr": "NA" if cash else axes.UNTOLD,
        "liquidite": axes.liquidity(ref.envelope, None, pledged=ref.pledged),
    }  # fmt: skip
    return Held(ref, None, ref.title if cash else axes.UNTOLD_LABEL, rest, day, source, part, codes)


def _label(words: Mapping[str, str] | None, code: str) -> str:
    if code == axes.UNTOLD:
        return axes.UNTOLD_LABEL
    if code == axes.UNKNOWN:
        return axes.UNKNOWN_LABEL
    return words.get(code, code) if words else code
