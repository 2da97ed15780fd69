"""What an act does to lines, to the cent: by amount, quantity, percentage, whole or rest; what cannot be is refused (PF-04)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.schemas import NewPosition
from core.db.errors import DomainError
from core.transactions.typed_acts import ACTS
from core.transactions.typed_acts import IN
from core.transactions.typed_acts import OUT
from core.transactions.typed_acts import offered
from core.transactions.typed_reckoning import reckon
from core.transactions.typed_shapes import Asked
from core.transactions.typed_shapes import Leg
from core.transactions.typed_shapes import Named
from core.transactions.typed_shapes import Outcome

D = Decimal
DAY = date(2026, 11, 20)
NAMES = {
    "euro": Named("Fonds euro", "FONDS_EURO", "EUR"), "fund": Named("Fonds actions", "OPCVM", "EUR"),
    "new": Named("Autre fonds", "ETF", "EUR"), "cash": Named("Liquidités", "LIQUIDITE", "EUR"),
    "dollar": Named("Fonds dollar", "OPCVM", "USD"), "bond": Named("Obligation", "OBLIGATION", "EUR"),
    "index": Named("Indice", "INDICE", "EUR"),
}  # fmt: skip
EURO = NewPosition("euro", D("6000.00"))
FUND = NewPosition("fund", D("4000.00"), D(40), D(100), date(2026, 11, 1), D("3000.00"))
CASH = NewPosition("cash", D("500.00"))


def done(
    act: str, *legs: Leg, amount: str | None = None, held: Any = (EURO, FUND), envelope: str = "ASSURANCE_VIE",
    value: str | None = None,
) -> Outcome:  # fmt: skip
    asked = Asked(
        ACTS[act], envelope, "EUR", DAY, D(amount) if amount else None, legs, held, D(value) if value else None, NAMES
    )
    return reckon(asked)


def line(outcome: Outcome, support: str) -> NewPosition:
    assert outcome.lines is not None
    return next(one for one in outcome.lines if one.support_id == support)


def test_an_arbitrage_balances_to_the_cent() -> None:
    """PF-04: a third of a line, spread in three by percentage: the cents that rounding leaves go with the last."""
    thirds = [Leg(IN, "fund", "percent", D("33.33")), Leg(IN, "new", "percent", D("66.67"), D("12.3456"))]
    found = done("arbitrage", Leg(OUT, "euro", "percent", D("33.33")), *thirds)
    assert found.total_out == found.total_in == D("1999.80")
    assert [one.amount for one in found.moves] == [D("-1999.80"), D("666.53"), D("1333.27")]
    assert {one.kind for one in found.moves} == {"ARBITRAGE"}
    assert line(found, "euro").value == D("4000.20")
    assert line(found, "fund").quantity == D("46.66530000")
    assert line(found, "new").price_on == DAY
    assert found.value == D("10000.00")
    assert found.flow == 0


def test_the_whole_line_and_the_rest() -> None:
    """PF-04: the whole of a line by quantity leaves; what is not placed goes to the line that takes the rest."""
    found = done("arbitrage", Leg(OUT, "fund", "all"), Leg(IN, "new", "amount", D(1000), D(50)), Leg(IN, "euro", "all"))
    assert found.lines is not None
    assert {one.support_id for one in found.lines} == {"euro", "new"}
    assert (line(found, "euro").value, line(found, "new").quantity) == (D(9000), D(20))
    assert found.moves[0].quantity == D(-40)


def test_a_part_sold_at_a_new_price() -> None:
    """PF-04: ten units at 110: the cost that stays is that of what stays, the line is worth its new price."""
    found = done("arbitrage", Leg(OUT, "fund", "units", D(10), D(110)), Leg(IN, "euro", "all"))
    left = line(found, "fund")
    assert (left.quantity, left.price, left.price_on, left.value, left.cost) == (D(30), D(110), DAY, D(3300), D(2250))
    assert found.total_out == D(1100)


@pytest.mark.parametrize(
    ("legs", "field", "words"),
    [
        ((Leg(OUT, "euro", "amount", D(100)), Leg(IN, "fund", "amount", D("99.99"))), "support_1", "l'écart est de 0,01"),
        ((Leg(OUT, "euro", "amount", D(7000)), Leg(IN, "fund", "all")), "value_1", "ne suffit pas"),
        ((Leg(OUT, "fund", "units", D(41)), Leg(IN, "euro", "all")), "value_1", "ne suffit pas"),
        ((Leg(OUT, "euro", "units", D(1)), Leg(IN, "fund", "all")), "mode_1", "pas de quantité"),
        ((Leg(OUT, "euro", "amount", D(10)), Leg(IN, "euro", "all")), "support_1", "deux fois"),
        ((Leg(OUT, "new", "amount", D(10)), Leg(IN, "euro", "all")), "support_1", "ne tient pas"),
        ((Leg(OUT, "euro", "amount", D(10)), Leg(IN, "index", "all")), "support_2", "éligible"),
        ((Leg(OUT, "euro", "amount", D(10)), Leg(IN, "dollar", "all")), "support_2", "USD"),
        ((Leg(OUT, "euro", "amount", D("0.001")), Leg(IN, "fund", "all")), "value_1", "centime"),
        ((Leg(OUT, "euro", "amount", D("-5")), Leg(IN, "fund", "all")), "value_1", "plus grande que zéro"),
        ((Leg(OUT, "euro", "percent", D(101)), Leg(IN, "fund", "all")), "value_1", "100 au plus"),
        ((Leg(OUT, "euro", "amount", D("1e400")), Leg(IN, "fund", "all")), "value_1", "douze chiffres"),
        ((Leg(OUT, "euro", "amount", D(10)), Leg(IN, "new", "all", None, D(0))), "price_2", "plus grand que zéro"),
        ((Leg(OUT, "euro", "amount", D(10)), Leg(IN, "new", "units", D(1))), "price_2", "attendu"),
        ((Leg(OUT, "euro", "amount", D(10)),), "support_1", "désinvestit"),
        ((), "support_1", "désinvestit"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(legs: tuple[Leg, ...], field: str, words: str) -> None:
    """PF-04, «Bad input»: one fault, at the line, in words."""
    with pytest.raises(DomainError) as refused:
        done("arbitrage", *legs)
    assert refused.value.field == field
    assert words in refused.value.text.replace("\u202f", " ").replace("\xa0", " ")


def test_payments_and_surrenders() -> None:
    """PF-04: the lines make the amount; a payment comes in, a surrender goes out, and the whole empties the account."""
    paid = done("versement_complementaire", Leg(IN, "euro", "percent", D(40)), Leg(IN, "new", "percent", D(60)), amount="1000.01")
    assert [one.amount for one in paid.moves] == [D("400.00"), D("600.01")]
    assert (paid.flow, paid.value) == (D("1000.01"), D("11000.01"))
    out = done("rachat_partiel", Leg(OUT, "euro", "amount", D(300)), Leg(OUT, "fund", "units", D(2)), amount="500")
    assert (out.flow, out.value, line(out, "fund").quantity) == (D(-500), D(9500), D(38))
    with pytest.raises(DomainError, match="montant de l'acte") as apart:
        done("rachat_partiel", Leg(OUT, "euro", "amount", D(300)), amount="500")
    assert apart.value.field == "amount"
    whole = done("rachat_total")
    assert (whole.flow, whole.value, whole.amount) == (D(-10000), D(0), D(10000))
    assert whole.lines
    assert all(not one.value for one in whole.lines)


def test_securities_pay_from_their_cash() -> None:
    """PF-04: what is bought is paid from cash, what is sold and a dividend go to it; never below nothing."""
    held = (FUND, CASH)
    bought = done("achat", Leg(IN, "new", "units", D(10), D(30)), held=held, envelope="COMPTE_TITRES")
    assert (line(bought, "cash").value, line(bought, "new").value, bought.value, bought.flow) == (D(200), D(300), D(4500), D(0))
    sold = done("vente", Leg(OUT, "fund", "all"), held=held, envelope="COMPTE_TITRES")
    assert sold.lines is not None
    assert [(one.support_id, one.value) for one in sold.lines] == [("cash", D(4500))]
    paid = done("dividende", Leg(IN, "fund", "amount", D(50)), amount="50", held=held, envelope="COMPTE_TITRES")
    assert (line(paid, "cash").value, paid.moves[0].support_id, paid.flow) == (D(550), "fund", D(0))
    with pytest.raises(DomainError, match="ne suffisent pas"):
        done("achat", Leg(IN, "new", "amount", D(501)), held=held, envelope="PEA")
    with pytest.raises(DomainError, match="éligible"):
        done("achat", Leg(IN, "bond", "amount", D(10)), held=held, envelope="PEA")
    with pytest.raises(DomainError, match="pas de ligne de liquidités"):
        done("achat", Leg(IN, "new", "amount", D(10)), held=(FUND,), envelope="COMPTE_TITRES")


def test_an_account_without_cash_is_paid_from_outside() -> None:
    """PF-04: what an SCPI account buys comes from the client, what it yields goes to him."""
    bought = done("achat", Leg(IN, "new", "units", D(5), D(200)), held=(), envelope="SCPI")
    assert (bought.flow, bought.value) == (D(1000), D(1000))
    paid = done("dividende", Leg(IN, "fund", "amount", D(25)), amount="25", held=(FUND,), envelope="SCPI")
    assert (paid.flow, paid.value) == (D(-25), D(4000))


def test_a_value_without_lines() -> None:
    """PF-04: a savings account has its sum; an arbitrage asks for lines; a withdrawal beyond what is known is refused."""
    found = done("versement_complementaire", amount="100", held=None, value="1000", envelope="LIVRET_A")
    assert (found.value, found.lines, found.flow) == (D(1100), None, D(100))
    unknown = done("versement_complementaire", amount="100", held=None, envelope="LIVRET_A")
    assert unknown.value is None
    with pytest.raises(DomainError, match="inférieure"):
        done("rachat_partiel", amount="1001", held=None, value="1000", envelope="LIVRET_A")
    with pytest.raises(DomainError, match="saisissez d'abord ses lignes"):
        done("arbitrage", held=None, value="1000")
    assert not offered("PRET")
    assert "arbitrage" in {one.code for one in offered("ASSURANCE_VIE")}


@given(st.decimals("1", "6000", places=2), st.integers(1, 99))
def test_nothing_is_made_or_lost(amount: Decimal, share: int) -> None:
    """PF-04: whatever is moved, out equals in, and what the lines are worth stays within a cent a line."""
    shares = [Leg(IN, "fund", "percent", D(share)), Leg(IN, "new", "percent", D(100 - share), D("7.77"))]
    found = done("arbitrage", Leg(OUT, "euro", "amount", amount), *shares)
    assert found.total_out == found.total_in == amount
    assert sum(one.amount for one in found.moves) == 0
    assert found.value is not None
    assert abs(found.value - D(10000)) <= D("0.02")
