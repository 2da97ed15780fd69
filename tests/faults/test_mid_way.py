"""What changes around a transaction on its way: clocks that differ, an account that changes hands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tests.stage import Person
from tests.stage import Stage
from tests.stage import texts
from tests.stage import until


@pytest.fixture
def skewed(calm: Stage) -> Iterator[Stage]:
    """The stage, its mandate active for an hour at the extranet; whose clock is set right again at the end."""
    with sqlite3.connect(calm.folder / "extranet.sqlite", timeout=15) as connection:
        connection.execute("UPDATE mandates SET active_from = active_from - 3600")
    yield calm
    calm.sim("POST", "/clock", offset_s=0)


@pytest.mark.parametrize("offset", [25, -25])
def test_clocks_half_a_minute_apart_do_not_matter(skewed: Stage, marc: Person, offset: int) -> None:
    """domain.md §3.6 #25, PLP-032, PLP-090: list, launch, single sign-on, status: all within the leeways."""
    skewed.sim("POST", "/clock", offset_s=offset)
    account = marc.account("XAE0200004" if offset > 0 else "XAE0200005")
    menu = marc.acts(account).text
    assert "Arbitrage" in marc.tokens(menu), texts(menu)
    page = marc.enter(marc.launch(marc.tokens(menu)["Arbitrage"]).text)
    marc.validate(page)
    wanted = 'SELECT status FROM "transaction" WHERE account_id = ? ORDER BY created_at DESC LIMIT 1'
    until(lambda: skewed.rows(wanted, account) == [("pending",)])


@pytest.mark.parametrize("offset", [600, -600])
def test_clocks_ten_minutes_apart_are_said(skewed: Stage, marc: Person, offset: int) -> None:
    """domain.md §3.6 #25: the partner refuses what looks stale; the adviser is told that it is the clock, and whom to tell."""
    skewed.sim("POST", "/clock", offset_s=offset)
    said = texts(marc.acts(marc.account("XAE0200004")).text)
    assert "L'horloge du partenaire et celle de votre installation diffèrent trop" in said
    assert "Prévenez un administrateur" in said


def test_an_account_that_changes_hands_mid_way(stage: Stage, marc: Person) -> None:
    """domain.md §3.6 #17: the former adviser loses page, list and return page at once; the status still comes."""
    account = marc.account("XAE0200007")
    token = marc.tokens(marc.acts(account).text)["Arbitrage"]
    other = marc.tokens(marc.acts(account).text)["Rachat partiel"]
    form = marc.enter(marc.launch(token).text)
    marc.validate(form)
    wanted = 'SELECT status FROM "transaction" WHERE account_id = ?'
    until(lambda: stage.rows(wanted, account) == [("pending",)])
    (reference,) = stage.rows('SELECT reference FROM "transaction" WHERE account_id = ?', account)[0]
    (launch,) = stage.rows("SELECT launch_id FROM link_launch WHERE account_id = ?", account)[0]
    stage.write(
        "DELETE FROM contact_adviser WHERE user_id = (SELECT id FROM user_login WHERE email = ?) "
        "AND contact_id IN (SELECT contact_id FROM account_role WHERE account_id = ?)",
        "conseiller@demo.example", account,
    )  # fmt: skip
    pages = (f"/p/portefeuille/comptes/{account}", f"/liens/nomineo/comptes/{account}/actes", f"/plp/return?launch={launch}")
    assert [marc.get(page).status_code for page in pages] == [404] * 3
    assert marc.launch(other).status_code == 404
    stage.sim("POST", f"/transactions/{reference}/status", status="validated")
    until(lambda: stage.rows(wanted, account) == [("validated",)])
    boss = Person(stage, "administrateur@demo.example")
    assert "Validé" in texts(boss.get(f"/p/portefeuille/comptes/{account}/transactions").text)
