"""That the demonstration's five years add up: opening + movements + performance = closing, support by support, to the cent."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import select

from core.accounts.envelopes import ENDED_STATES
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.db.clock import today
from core.db.session import Database
from core.db.session import TenantSession
from core.demo import market
from core.demo.catalogue import supports as catalogue
from core.demo.history import PAYMENTS
from core.demo.months import years_before
from core.demo.seed import Ids
from core.demo.seed import rows
from core.supports.models import CataloguePrice
from core.supports.models import Support
from tests.core.demo.test_demo_load import cabinet_id

CENT = Decimal("0.01")
#: Movements of a securities account that move its cash the other way.
DEALT = ("ACHAT", "VENTE")
#: Accounts that hold nothing but cash.
SAVINGS = ("LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "LIVRET_BANCAIRE", "CEL", "PEL", "CAT", "COMPTE_COURANT", "COMPTE_JOINT")
SECURITIES = ("PEA", "PEA_PME", "PEA_JEUNE", "COMPTE_TITRES")


@pytest.fixture(params=["demo", "second"])
def book(loaded: Database, request: pytest.FixtureRequest) -> Iterator[TenantSession]:
    with loaded.session(cabinet_id(loaded, request.param), write=False) as session:
        yield session


@pytest.fixture(scope="module")
def series(loaded: Database) -> dict[str, tuple[list[date], list[Decimal]]]:
    """Catalogue id → its prices, oldest first."""
    found: dict[str, tuple[list[date], list[Decimal]]] = defaultdict(lambda: ([], []))
    with loaded.session(None, write=False) as session:
        for row in session.scalars(select(CataloguePrice).order_by(CataloguePrice.on)):
            days, prices = found[row.support_id]
            days.append(row.on)
            prices.append(row.price)
    return found


def test_every_month_adds_up(book: TenantSession, series: dict[str, tuple[list[date], list[Decimal]]]) -> None:
    """AGG: each month's value is the units then held at that day's price and the rest: today's less what came since."""
    supports = {one.id: one for one in book.scalars(select(Support))}
    accounts = {one.id: one for one in book.scalars(select(Account))}
    lines: dict[str, list[Position]] = defaultdict(list)
    for line in book.scalars(select(Position)):
        lines[line.account_id].append(line)
    moves: dict[str, list[Movement]] = defaultdict(list)
    for move in book.scalars(select(Movement).order_by(Movement.on)):
        moves[move.account_id].append(move)
    checked = 0
    for value in book.scalars(select(Valuation)):
        account, later = accounts[value.account_id], [one for one in moves[value.account_id] if one.on > value.on]
        if account.state in ENDED_STATES:
            continue  # what is over is told without its supports
        if len(later) > 60 and account.number[-1] != "1":
            continue  # enough of the busiest ones: the sum is quadratic
        worth = Decimal(0)
        for line in lines[account.id]:
            since = [one for one in later if one.support_id == line.support_id]
            if line.quantity is None:
                amount = line.value - sum((cash(account, one) for one in later if is_cash(account, one, line)), Decimal(0))
                assert amount >= 0, (account.number, value.on, amount)
                worth += amount
                continue
            held = line.quantity - sum((one.quantity for one in since if one.quantity is not None), Decimal(0))
            assert held >= 0, (account.number, value.on, supports[line.support_id].label)
            days, prices = series[supports[line.support_id].catalogue_id or ""]
            price = prices[max(0, bisect_right(days, value.on) - 1)]
            worth += (held * price).quantize(CENT, ROUND_HALF_UP)
        assert worth == value.value, (account.number, value.on)
        checked += 1
    assert checked > 500


def is_cash(account: Account, move: Movement, line: Position) -> bool:
    """Whether a movement moved the part without units: in securities and savings accounts that is their cash, which all meet."""
    alone = account.envelope in SAVINGS and move.support_id is None
    return account.envelope in SECURITIES or move.support_id == line.support_id or alone


def cash(account: Account, move: Movement) -> Decimal:
    return -move.amount if account.envelope in SECURITIES and move.kind in DEALT else move.amount


def test_opened_within_the_five_years(book: TenantSession) -> None:
    """AGG: where the whole life of an account is told, the units that came and went are the units that it holds."""
    first = years_before(today(), 5) + timedelta(days=40)
    young = {one.id for one in book.scalars(select(Account)) if one.opened_on and one.opened_on > first}
    held: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for move in book.scalars(select(Movement).where(Movement.quantity.is_not(None))):
        held[move.account_id, move.support_id] += move.quantity or 0
    checked = 0
    for line in book.scalars(select(Position).where(Position.quantity.is_not(None))):
        if line.account_id in young:
            assert held[line.account_id, line.support_id] == line.quantity
            checked += 1
    assert checked > 5


def test_what_is_over_left_entirely(book: TenantSession) -> None:
    """AGG: an account that is over is worth nothing since the day on which all of it was paid out."""
    over = {one.id: one for one in book.scalars(select(Account).where(Account.state.in_(ENDED_STATES)))}
    last = {move.account_id: move for move in book.scalars(select(Movement).order_by(Movement.on)) if move.account_id in over}
    for key, one in over.items():
        assert (one.value, one.value_on, last[key].on) == (0, one.closed_on, one.closed_on), one.number
        assert last[key].amount < 0, one.number


def test_savings_earn(book: TenantSession) -> None:
    """AGG: a savings account is worth what was paid in, and its interest: never less than was paid in."""
    for one in book.scalars(select(Account).where(Account.envelope.in_(SAVINGS))):
        assert one.value is None or one.net_payments is None or one.value >= one.net_payments or one.state != "OUVERT", one.number


def test_switches_move_nothing_out(book: TenantSession) -> None:
    """AGG: what leaves a support in a switch is what enters another, to the cent."""
    sums: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for move in book.scalars(select(Movement).where(Movement.kind == "ARBITRAGE")):
        sums[move.account_id, move.on] += move.amount
    assert len(sums) > 5
    assert not [key for key, total in sums.items() if total]


def test_payments_are_round(book: TenantSession) -> None:
    """AGG: people pay in round amounts; employee savings, transfers and whole parts are what they are."""
    paid: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    contracts = {
        one.id for one in book.scalars(select(Account))
        if one.envelope in ("ASSURANCE_VIE", "CAPITALISATION") and one.state not in ENDED_STATES
    }  # fmt: skip
    for move in book.scalars(select(Movement).where(Movement.kind.in_(PAYMENTS))):
        if move.account_id in contracts:
            paid[move.account_id, move.on] += move.amount
    odd = [key for key, total in paid.items() if total % 10]
    assert paid
    assert not odd


def test_one_rate_a_year(book: TenantSession) -> None:
    """NX-02: a euro fund pays all who hold it the same rate of a year: what each got is within its bounds."""
    rates = {one.code: one.rates for one in catalogue(Ids()) if one.rates}
    assert all(80 <= rate <= 350 for years in rates.values() for rate in years.values())
    codes = {one.id: one.code for one in book.scalars(select(Support))}
    balances = {
        (row.account_id, row.on): row.value for row in book.scalars(select(Valuation)) if (row.on.month, row.on.day) == (12, 31)
    }
    checked = 0
    for move in book.scalars(select(Movement).where(Movement.kind == "INTERETS")):
        rate = rates.get(codes.get(move.support_id or "") or "", {}).get(move.on.year)
        if rate is None or (move.account_id, move.on) not in balances:
            continue
        assert move.amount <= balances[move.account_id, move.on] * rate / 10_000 + 1, (move.account_id, move.on)
        checked += 1
    assert checked > 10


def test_costs_are_plausible(book: TenantSession) -> None:
    """PF-05: no line cost nothing, none gained or lost what its kind could not in five years."""
    supports = {one.id: one for one in book.scalars(select(Support))}
    for line in book.scalars(select(Position)):
        if line.value == 0:
            continue
        assert line.cost, line.account_id
        ratio = line.value / line.cost
        wide = supports[line.support_id].type in ("ACTION", "AUTRE", "ETF")
        assert Decimal("0.3") < ratio < (4 if wide else 3), (supports[line.support_id].label, ratio)


def test_prices_move_as_their_kind(series: dict[str, tuple[list[date], list[Decimal]]]) -> None:
    """NX-02: bonds fell in 2022; two trackers of one index go together; nothing but crypto moves by a third in a month."""
    paths = {
        key: market.Path(market.course(row))
        for row in rows("supports.csv")
        if (key := row["isin"] or row["code"]) and row["price"]
    }
    year = lambda key, of: paths[key].at(date(of, 12, 31)) / paths[key].at(date(of - 1, 12, 31)) - 1  # noqa: E731
    assert -0.2 < year("FR0010149120", 2022) < -0.02
    assert -0.45 < year("FR0011461037", 2022) < -0.2
    assert -0.16 < year("LU1681043599", 2022) < -0.10
    assert year("FR0011871110", 2022) < year("LU1681043599", 2022)
    for of in (2022, 2023, 2024, 2025):
        assert abs(year("LU1681043599", of) - year("IE00B4L5Y983", of)) < 0.02
    ends = [date(of, month + 1, 1) for of in range(2021, 2026) for month in range(12)]
    for key, path in paths.items():
        if key == "BTC":
            continue
        moves = [path.at(after) / path.at(before) - 1 for before, after in pairwise(ends)]
        assert max(abs(one) for one in moves) < 0.33, key
    assert all(days == sorted(set(days)) for days, _ in series.values())


def test_a_price_does_not_depend_on_the_day_of_loading() -> None:
    """NX-02: the price of a day is the same, whenever the demonstration is loaded."""
    row = next(row for row in rows("supports.csv") if row["isin"] == "FR0010135103")
    early, late = market.Path(market.course(row)), market.Path(market.course(row))
    day = date(2024, 5, 15)
    late.at(today())
    assert early.at(day) == late.at(day)
