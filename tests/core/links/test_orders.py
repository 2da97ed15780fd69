"""Orders signed here, filled at the partner (PLP-078, PF-09)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from core.hooks.types import AccountAction
from core.links import acts
from core.links import launch
from core.links import orders
from core.links import tokens
from core.links.orders import Instruction
from core.links.orders import Orders

D = Decimal
SOLD = Instruction("out", D("1200.50"), isin="FR0010315770")
BOUGHT = Instruction("in", D("1200.50"), support_ref="EURO-1")


@pytest.mark.usefixtures("app")
def test_a_ticket_is_one_persons_for_one_account() -> None:
    """PLP-078: amounts to the cent as the partner reads them; another's, another account's or a forged one is none."""
    made = orders.ticket("moi", "compte", "arbitrage", [SOLD, BOUGHT])
    found = orders.read(made, "moi", "compte")
    assert found is not None
    assert found.nature == "arbitrage"
    assert list(found.instructions) == [
        {"side": "out", "isin": "FR0010315770", "support_ref": None, "mode": "amount", "value": "1200.50"},
        {"side": "in", "isin": None, "support_ref": "EURO-1", "mode": "amount", "value": "1200.50"},
    ]
    none = (made, "autre", "compte"), (made, "moi", "autre"), (made[:-2], "moi", "compte"), ("\x00", "moi", "compte")
    for text, who, where in none:
        assert orders.read(text, who, where) is None
    for bad in ([], [Instruction("out", D(1))], [Instruction("out", D("0.001"), isin="X")], [Instruction("in", D(0), isin="X")],
                [SOLD] * 101):  # fmt: skip
        with pytest.raises(ValueError, match=r"instructions|partner"):
            orders.ticket("moi", "compte", "arbitrage", bad)


def test_the_longest_orders_fit_an_address(app: Flask) -> None:
    """The hand-over page asks by the form's token: with as many orders as an act has room for, it is no address too long."""
    many = [Instruction("out", D(1000 + n) / 100, isin=f"FR00{n:08d}") for n in range(40)]
    along = orders.read(orders.ticket("moi", "compte", "arbitrage", many), "moi", "compte")
    assert along is not None
    token = tokens.issue(
        user_id="m" * 26, sid_hash="s" * 64, account_id="a" * 26, plugin="nomineo", act="arbitrage", label="Arbitrage",
        nature="arbitrage", back="/p/outils/arbitrages/" + "x" * 53, prefill=list(along.instructions),
    )  # fmt: skip
    assert len(token) < 3500
    read = tokens.read(token)
    assert read is not None
    assert launch._prefill(read) == {"instructions": list(along.instructions), "amount": None, "origin": None}


def test_the_list_says_what_becomes_of_the_orders() -> None:
    """PF-09: filled in these acts; or in none, for a partner that takes none; nothing is said of acts that are closed."""
    wanted = Orders("arbitrage", ())
    act = AccountAction("arbitrage", "Arbitrage", nature="arbitrage")
    other = AccountAction("avance", "Avance", nature="avance")
    cases = (True, True, "saisis dans\u202f: Arbitrage"), (True, False, "ne reçoit pas"), (False, True, None)
    for enabled, filled, said in cases:
        items = [
            acts.Item("n:arbitrage", "arbitrage", "Arbitrage", "x", enabled, filled=filled),
            acts.Item("n:avance", "avance", "Avance", "x", enabled=True),
        ]
        found = acts.along([act, other], items, wanted)
        assert (found is None) if said is None else said in str(found)
        assert acts.along([act, other], items, None) is None
