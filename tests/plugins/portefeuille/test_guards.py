"""Local rules on acts, the tracking column, and groups of a portfolio: pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.hooks.types import AccountRef
from core.hooks.types import Cell
from core.hooks.types import Column
from core.hooks.types import Holder
from plugins.portefeuille import guards
from plugins.portefeuille import services
from plugins.portefeuille import tracking

ACTS = {
    "arbitrage": "arbitrage", "rachat_partiel": "rachat", "avance": "avance",
    "versement_complementaire": "versement",
}  # fmt: skip
JEANNE = Holder("c1", "Durand Jeanne", "PERSONNE_PHYSIQUE")
ACCOUNT = AccountRef(
    "a1", 1, "HIM1", "Himalia", "ASSURANCE_VIE", "Assurance-vie", "OUVERT", "Generali", "generali", "Himalia", "EUR",
    Decimal(100), date(2026, 11, 1), (JEANNE,), net_payments=Decimal(80), data_as_of=date(2026, 11, 1),
)  # fmt: skip


def test_nothing_stands_against_an_ordinary_account() -> None:
    """BL-11: a guard only speaks where a fact does."""
    assert guards.judge(ACCOUNT, ACTS) == {}
    assert guards.judge(replace(ACCOUNT, state="REDUIT"), ACTS) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "CLOTURE"}, "contract_closed"),
        ({"state": "DENOUE_DECES"}, "contract_closed"),
        ({"state": "TRANSFERE", "pledged": True}, "contract_closed"),
        ({"holders": (JEANNE, replace(JEANNE, id="c2", vital="DECEDE"))}, "deceased"),
        ({"blocked": "OPPOSITION"}, "local_policy"),
        ({"blocked": "autre"}, "local_policy"),
    ],
)
def test_facts_that_close_every_act(changes: dict[str, object], code: str) -> None:
    """domain.md §3.6 lines 22 and 23, BL-10: each act greyed, with reason and remedy in French."""
    found = guards.judge(replace(ACCOUNT, **changes), ACTS)  # type: ignore[arg-type]
    assert set(found) == set(ACTS)
    assert {(guard.level, guard.code) for guard in found.values()} == {("block", code)}
    assert all(guard.text and guard.remedy for guard in found.values())


def test_a_pledge_warns_where_the_creditor_has_his_word() -> None:
    """domain.md §2.4: rachat and avance ask the creditor's agreement; other acts pass."""
    found = guards.judge(replace(ACCOUNT, pledged=True), ACTS)
    assert set(found) == {"rachat_partiel", "avance"}
    assert {(guard.level, guard.code) for guard in found.values()} == {("warn", "contract_pledged")}


def test_columns_of_one_key_are_one_column() -> None:
    """BL-13: two partner links each know their own rows; the first to speak of a row keeps it."""
    first = Column("status", "Statut", {"t1": Cell("Validé"), "t2": Cell("sans suivi")})
    second = Column("status", "Autre", {"t2": Cell("Refusé"), "t3": Cell("En attente")})
    (one,) = tracking.merged([first, second])
    assert (one.label, {key: cell.text for key, cell in one.cells.items()}) == (
        "Statut", {"t1": "Validé", "t2": "sans suivi", "t3": "En attente"},
    )  # fmt: skip


def test_totals_leave_out_what_cannot_be_added() -> None:
    """BL-02 (1): other currencies and unknown values are counted apart; gains only where payments are known."""
    refs = [
        ACCOUNT,
        replace(ACCOUNT, id="a2", currency="USD"),
        replace(ACCOUNT, id="a3", value=None, company="Spirica"),
        replace(ACCOUNT, id="a4", net_payments=None, envelope="PEA", envelope_label="PEA"),
    ]
    lines = services.lines(refs, {}, {"a1": 2}, date(2026, 11, 10))
    found = services.grouped(lines)
    assert found.sum == services.Sum(4, Decimal(200), Decimal(20), 2)
    assert [(group.label, group.sum.value) for group in found.companies] == [
        ("Generali", Decimal(200)), ("Spirica", None),
    ]  # fmt: skip
    assert [group.label for group in found.companies[0].envelopes] == ["Assurance-vie", "PEA"]
    assert (lines[0].late, lines[0].in_progress, lines[0].gain_ratio) == (9, 2, Decimal("0.25"))
    assert services.lines(refs, {}, {}, date(2026, 11, 8))[0].late is None
