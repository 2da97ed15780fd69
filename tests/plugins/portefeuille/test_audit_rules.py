"""The rules of the audit, each both ways: what makes it speak, and what does not (PF-07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from core.hooks.findings import Finding
from core.hooks.types import AccountRef
from core.hooks.types import Holder
from plugins.portefeuille.audit import checks
from plugins.portefeuille.audit.facts import Beneficiary
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import Known
from plugins.portefeuille.audit.facts import Line
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import of
from plugins.portefeuille.audit.thresholds import years_before

D = Decimal
ON = date(2026, 6, 30)
USUAL = Thresholds()
JEANNE = Holder("j", "Durand Jeanne", "PERSONNE_PHYSIQUE")
PAUL = Holder("p", "Durand Paul", "PERSONNE_PHYSIQUE")


@pytest.fixture(autouse=True)
def french(app: Flask) -> Any:
    with app.test_request_context():
        yield


def held(key: str = "a", envelope: str = "ASSURANCE_VIE", value: Any = 10_000, **more: Any) -> Known:
    """An account of Jeanne's, valued on the day, which moved a month ago; `ref_…` are its reference's own fields."""
    own = {name[4:]: more.pop(name) for name in list(more) if name.startswith("ref_")}
    ref = AccountRef(
        key, 1, key.upper(), "Compte", envelope, envelope.title(), "OUVERT", "Generali", "generali", None, "EUR", None, None,
        holders=(JEANNE,), opened_on=date(2024, 1, 1),
    )  # fmt: skip
    usual: dict[str, Any] = {
        "value": None if value is None else D(value), "value_on": ON, "source": "relevé", "matures_on": None,
        "fee_euro": D("0.006"), "fee_units": D("0.006"), "moved_on": date(2026, 5, 30),
    }  # fmt: skip
    return Known(replace(ref, **own), **{**usual, **more})


def line(value: Any, key: str = "a", support: str = "s", type: str = "OPCVM", **more: Any) -> Line:  # noqa: A002 - the field's name
    usual: dict[str, Any] = {"isin": "FR0010135103", "sri": 3, "on": ON, "price": D(2), "price_on": ON}
    return Line(key, support, support.upper(), type, value=D(value), **{**usual, **more})


def found(*accounts: Known, lines: Any = (), people: Any = (), asked: Thresholds = USUAL) -> dict[str, list[Finding]]:
    """Every rule's findings, by key."""
    said: dict[str, list[Finding]] = {}
    for one in checks.judged(Facts(ON, accounts, tuple(lines), tuple(people)), asked):
        said.setdefault(one.key, []).append(one)
    return said


NAMED = (Beneficiary("a", None),)


def test_a_calm_portfolio_says_nothing() -> None:
    """PF-07: nothing to see, nothing said."""
    lines = [line(2000, support=f"s{n}") for n in range(5)]
    assert found(held(), lines=lines, people=NAMED) == {}
    assert checks.judged(Facts(ON, ()), USUAL) == []


def test_one_support() -> None:
    """PF-07, concentration: over 25 % of the whole, on all accounts together; exactly 25 % is not over; euro funds are apart."""
    two = (held("a", value=6000), held("b", value=4000))
    over = found(*two, lines=[line(1500, "a"), line("1000.01", "b")])["concentration_support"][0]
    assert (over.severity, [one.account_id for one in over.lines], over.act) == ("ATTENTION", ["a", "b"], "Arbitrage")
    assert "concentration_support" not in found(*two, lines=[line(1500, "a"), line(1000, "b")])
    assert "concentration_support" not in found(*two, lines=[line(6000, "a", type="FONDS_EURO")])
    assert "concentration_support" not in found(*two, lines=[line(2501)], asked=of({"audit_support": 30}))


def test_euro_funds() -> None:
    """PF-07: the share of euro funds."""
    assert "fonds_euro" in found(held(), lines=[line(6001, type="FONDS_EURO", price=None)])
    assert "fonds_euro" not in found(held(), lines=[line(6000, type="FONDS_EURO", price=None)])


def test_guarantees_of_insurers_and_banks() -> None:
    """PF-07: 70,000 € a person and insurer (C. assur. R423-7), 100,000 € a bank (FGDR); a joint contract counts by halves."""
    over = found(held("a", value=40_000), held("b", "CAPITALISATION", 30_001))["garantie_assureur"][0]
    assert ("R423-7" in over.source, sum(one.value or 0 for one in over.lines)) == (True, D(70_001))
    assert "garantie_assureur" not in found(held("a", value=70_000))
    assert "garantie_assureur" not in found(held("a", value=140_000, ref_holders=(JEANNE, PAUL)))
    assert len(found(held("a", value=140_002, ref_holders=(JEANNE, PAUL)))["garantie_assureur"]) == 2
    assert "garantie_assureur" not in found(held("a", value=60_000), held("b", value=60_000, ref_company="Autre"))
    assert "garantie_banque" in found(held("a", "COMPTE_COURANT", 100_001))
    assert "garantie_banque" not in found(held("a", "COMPTE_COURANT", 99_000), held("b", "LIVRET_A", 20_000))


def test_duplicates() -> None:
    """PF-07: a support on two accounts, or twice in one."""
    two = (held("a"), held("b"))
    both = found(*two, lines=[line(10, "a"), line(11, "b"), line(5, "a", support="t")])["doublon"]
    assert [(one.account_id, one.support_id) for one in both[0].lines] == [("a", "s"), ("b", "s")]
    assert "21,00" in both[0].text
    assert "C1" in found(*two, lines=[line(10, "a"), line(10, "a", pocket="C1")])["doublon"][0].lines[1].text
    assert "doublon" not in found(*two, lines=[line(10, "a"), line(10, "b", support="t")])
    assert "doublon" not in found(*two, lines=[line(10, "a", type="FONDS_EURO"), line(10, "b", type="FONDS_EURO")])


def test_fees() -> None:
    """PF-07: weighted by value on each kind of line; what is not known is told and not averaged."""
    fees = {"fee_euro": D("0.006"), "fee_units": D("0.012")}
    lines = [line(2000, type="FONDS_EURO"), line(8000, support="t")]  # 12 + 96 = 108 € of 10,000 €: 1.08 %
    over = found(held(**fees), lines=lines)["frais"][0]
    assert "1,08" in over.text
    assert "108,00" in over.text
    assert "frais" not in found(held(**fees), lines=lines, asked=of({"audit_fees": 108}))
    assert "frais_inconnus" in found(held(fee_euro=None, fee_units=None))
    assert "frais_inconnus" in found(held(**fees), lines=[line(2000)]), "the lines do not tell the whole"
    assert "frais_inconnus" not in found(held("a", "PEA", fee_euro=None, fee_units=None))


def test_risk() -> None:
    """PF-07: the SRI by value, of what has one; what has none is told."""
    lines = [line(3000, sri=7), line(1000, support="t", sri=2)]  # (21000 + 2000) / 4000 = 5.75
    over = found(held(), lines=lines)["risque"][0]
    assert "5,8 sur 7" in over.text.replace("\xa0", " ")
    assert [one.support_id for one in over.lines] == ["s"]
    assert "risque" not in found(held(), lines=lines, asked=of({"audit_risk": 6}))
    assert "sans_sri" in found(held(), lines=[line(790), line(210, support="t", sri=None)])
    assert "sans_sri" not in found(held(), lines=[line(800), line(200, support="t", sri=None)])
    assert "sans_sri" not in found(held(), lines=[line(800, type="FONDS_EURO", sri=None)])


def test_dormant_cash() -> None:
    """PF-07: bank accounts, savings books and cash lines together; a contract's own share of cash."""
    some = (held("a", "LIVRET_A", 20_000), held("b", "COMPTE_COURANT", 25_000), held("c", value=90_000))
    assert len(found(*some, lines=[line(5001, "c", type="LIQUIDITE")])["liquidites"][0].lines) == 3
    assert "liquidites" not in found(*some, lines=[line(5000, "c", type="LIQUIDITE")])
    assert "non_investi" in found(*some, lines=[line(9001, "c", type="LIQUIDITE")])
    assert "non_investi" not in found(*some, lines=[line(9000, "c", type="LIQUIDITE")])


def test_ceilings() -> None:
    """PF-07: PEA by its net payments (150,000 €, CMF L221-30), a Livret A by its value (22,950 €) where payments are unknown."""
    full = found(held("a", "PEA", 200_000, ref_net_payments=D(150_000)))["plafond"][0]
    assert ("L221-30" in full.source, full.account_id) == (True, "a")
    assert "plafond" not in found(held("a", "PEA", 200_000, ref_net_payments=D(149_999)))
    assert "plafond" not in found(held("a", "PEA", 200_000)), "a value is not payments"
    assert "intérêts compris" in found(held("a", "LIVRET_A", 22_950))["plafond"][0].text
    assert "plafond" not in found(held("a", "LIVRET_A", 22_949))


def test_clauses() -> None:
    """PF-07: no beneficiary; an old contract; neither for a contract without one."""
    assert "clause_absente" in found(held())
    assert "clause_absente" not in found(held(), people=NAMED)
    assert "clause_absente" not in found(held("a", "CAPITALISATION"))
    assert "clause_ancienne" in found(held(ref_opened_on=date(2021, 6, 30)), people=NAMED)
    assert "clause_ancienne" not in found(held(ref_opened_on=date(2021, 7, 1)), people=NAMED)
    assert "clause_ancienne" not in found(held(ref_opened_on=None), people=NAMED)


def test_what_holds_an_account() -> None:
    """PF-07: an accepted beneficiary, a pledge, a block; each is told by its account."""
    assert "acceptant" in found(held(ref_accepted_beneficiary=True))
    assert "depuis le 01/02/2026" in found(held(), people=[Beneficiary("a", date(2026, 2, 1))])["acceptant"][0].lines[0].text
    assert "acceptant" not in found(held(), people=[Beneficiary("a", date(2026, 7, 1))]), "after the day of the audit"
    assert "nanti" in found(held(ref_pledged=True))
    assert found(held(ref_blocked="SUCCESSION"))["bloque"][0].lines[0].text == "succession"
    assert not {"acceptant", "nanti", "bloque"} & set(found(held()))


def test_ends_and_idleness() -> None:
    """PF-07: an end that has passed; no movement for five years; none at all is said to be unknown."""
    assert found(held(matures_on=date(2026, 6, 29)))["echeance"][0].severity == "ALERTE"
    assert "echeance" not in found(held(matures_on=ON))
    assert "sans_mouvement" in found(held(moved_on=date(2021, 6, 30)))
    assert "sans_mouvement" not in found(held(moved_on=date(2021, 7, 1)))
    assert set(found(held(moved_on=None), people=NAMED)) == {"mouvements_inconnus"}
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)


def test_prices() -> None:
    """PF-07: no price, or one of more than 30 days; what has an amount only has none."""
    assert "sans_prix" in found(held(), lines=[line(10, price=None)])
    assert "sans_prix" in found(held(), lines=[line(10, price=D(0))])
    assert "sans_prix" not in found(held(), lines=[line(10, price=None, type="FONDS_EURO")])
    assert "prix_ancien" in found(held(), lines=[line(10, price_on=date(2026, 5, 30))])
    assert "prix_ancien" not in found(held(), lines=[line(10, price_on=date(2026, 5, 31))])
    assert "prix_ancien" in found(held(), lines=[line(10, price_on=None, on=date(2026, 5, 1))])


def test_sums_and_days() -> None:
    """PF-07: lines that do not make the value of their day, to a cent a line; values that are old; what cannot be judged."""
    gap = found(held(value="10000.02"), lines=[line(10_000)])["ecart"][0]
    assert (gap.severity, gap.lines[0].value) == ("ALERTE", D("0.02"))
    assert "ecart" not in found(held(value="10000.01"), lines=[line(10_000)])
    assert "ecart" not in found(held(value=9000), lines=[line(10_000, on=date(2026, 6, 1))]), "of another day"
    assert "valeur_ancienne" in found(held(value_on=date(2026, 3, 31)))
    assert "valeur_ancienne" not in found(held(value_on=date(2026, 4, 1)))
    apart = found(held("a", ref_currency="CHF"), held("b", value=None, value_on=None), held("c"))["hors_total"][0]
    assert [(one.account_id, one.text) for one in apart.lines] == [("a", "tenu en CHF"), ("b", "aucune valeur connue")]
    assert "hors_total" not in found(held())


def test_every_finding_says_whence_and_what_to_do() -> None:
    """PF-07: each with its lines, its source and a remedy; other currencies and debts are in no sum."""
    said = found(
        held("a", value=200_000, ref_pledged=True, moved_on=None, fee_units=None), held("b", "LIVRET_A", 30_000),
        held("c", "PRET", 900_000), held("d", ref_currency="CHF"), lines=[line(150_000, price=None, sri=None)],
    )  # fmt: skip
    assert "150000,00\xa0€ sur 230000,00" in said["concentration_support"][0].text.replace("\u202f", "")
    for some in said.values():
        assert all(one.source and one.remedy and one.lines and one.title and one.text for one in some)
