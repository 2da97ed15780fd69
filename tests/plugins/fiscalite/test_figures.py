"""Dated tables and what is reckoned beside the engine: ceilings, gain of a surrender, base of the IFI, levies (PA-03)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.api import taxes
from core.taxes.figures import Bracket
from core.taxes.figures import Scale
from plugins.fiscalite import households
from plugins.fiscalite import results
from plugins.fiscalite import retirement
from plugins.fiscalite import schemas

D = Decimal
SINGLE: dict[str, Any] = {"situation": "CELIBATAIRE"}


@pytest.mark.parametrize(
    ("year", "earned", "expected"),
    [(2026, "1000000", "37680"), (2026, "0", "4710"), (2026, "60000", "6000"), (2027, "0", "4806"), (2040, "0", None)],
)
def test_the_ceiling_of_the_per(year: int, earned: str, expected: str | None) -> None:
    """PA-03, domain.md §2.9: 10 % within eight PASS of the year before, at least 10 % of one; unknown where the PASS is."""
    assert retirement.of_year(year, D(earned)) == (D(expected) if expected else None)


def test_a_ceiling_without_what_it_needs_is_not_guessed() -> None:
    """PA-03: neither the notice's nor the year before's income: none; the notice goes before what can be reckoned."""
    assert retirement.ceiling(SINGLE, 1, 2026).total is None
    given = {"activite_precedente_1": D(60000), "plafonds_reportes_1": D(2500)}
    assert retirement.ceiling(given, 1, 2026).total == D(8500)
    assert retirement.ceiling({**given, "per_plafond_1": D(9999)}, 1, 2026).total == D(9999)


def test_what_is_paid_beyond_the_ceiling_is_not_deducted() -> None:
    """PA-03: the engine is given what is deductible, and no ceiling of its own reading."""
    facts = {**SINGLE, "per_1": D(9000), "activite_precedente_1": D(60000)}
    adult = households.household(facts, 2026).adults[0]
    assert dict(adult.amounts) == {"per": D(6000)}


@pytest.mark.parametrize(
    ("tried", "parts"),
    [
        # domain.md §2.9: V = 120,000, P = 100,000, R = 12,000 → 2,000
        ({}, ("2000.00", "0.00", "0", "2000.00")),
        ({"eight_years": True}, ("2000.00", "0.00", "2000.00", "0.00")),
        ({"eight_years": True, "premiums_before": D(40000)}, ("2000.00", "800.00", "1200.00", "0.00")),
        ({"eight_years": True, "premiums_all": D(300000)}, ("2000.00", "0.00", "1000.00", "1000.00")),
        (
            {"eight_years": True, "premiums_before": D(40000), "premiums_all": D(260000)},
            ("2000.00", "800.00", "600.00", "600.00"),
        ),
    ],
)
def test_the_gain_of_a_surrender(tried: dict[str, Any], parts: tuple[str, ...]) -> None:
    """PA-03, domain.md §2.9: the share of gain by the premiums' prorata, and how each part is taxed."""
    contract = {"surrender": D(12000), "contract_value": D(120000), "premiums": D(100000)}
    found = households.gain({**contract, **tried})
    assert found is not None
    assert (found.total, found.old, found.low, found.high) == tuple(D(part) for part in parts)


def test_a_contract_in_loss_has_no_gain() -> None:
    """PA-03: never below nothing; nothing is tried where the contract is not known."""
    found = households.gain({"surrender": D(1000), "contract_value": D(9000), "premiums": D(10000)})
    assert found is not None
    assert found.total == 0
    assert households.gain({"surrender": D(1000)}) is None


def test_the_base_of_the_ifi() -> None:
    """PA-03: 30 % off the main home (art. 973 CGI), debts taken off, never below nothing; nothing declared, no base."""
    assert households.declared_base(SINGLE, 2025) is None
    base = households.declared_base({"ifi_residence": D(1000000), "ifi_bati": D(900000), "ifi_dettes": D(300000)}, 2025)
    assert base is not None
    assert (base.total, base.due, base.on, base.asked) == (D("1300000.00"), False, date(2026, 1, 1), None)
    more = households.declared_base({"ifi_bati": D(1300001)}, 2025)
    assert more is not None
    assert (more.due, more.asked) == (True, D("1300001.00"))
    empty = households.declared_base({"ifi_dettes": D(5)}, 2025)
    assert empty is not None
    assert empty.total == 0


def test_below_the_threshold_no_engine_is_asked_for_the_ifi() -> None:
    """PA-03: 1,300,000 → 0 (art. 964 CGI), and no base goes out; above, it is a case of its own."""
    low, high = (households.declared_base({"ifi_bati": D(value)}, 2025) for value in (1300000, 2000000))
    assert low is not None
    assert high is not None
    found = results.ifi(low, None)
    assert found is not None
    assert found.amount == 0
    assert set(households.scenarios(SINGLE, {}, 2025, low.asked)) == {"present"}
    cases = households.scenarios(SINGLE, {}, 2025, high.asked)
    assert (cases["present"].property_base, cases["ifi"].property_base) == (None, D(2000000))
    waiting = results.ifi(high, None)
    assert waiting is not None
    assert waiting.amount is None
    assert results.ifi(None, None) is None


@pytest.mark.parametrize(
    ("kind", "year", "rate"),
    [
        ("dividendes", 2025, "0.172"), ("dividendes", 2026, "0.186"), ("plus_values", 2024, "0.172"),
        ("plus_values", 2025, "0.186"), ("lmnp", 2025, "0.186"),
        ("foncier", 2026, "0.172"), ("assurance_vie", 2026, "0.172"), ("pv_immobilieres", 2026, "0.172"),
        ("epargne_logement", 2026, "0.172"), ("pea", 2026, "0.186"), ("epargne_salariale", 2026, "0.186"),
    ],
)  # fmt: skip
def test_social_levies_are_dated(kind: str, year: int, rate: str) -> None:
    """PA-03, domain.md §2.9: 18.6 % from 2026 on (incomes «du patrimoine» from 2025 on), 17.2 % kept for others."""
    found = taxes.levy(kind, year)
    assert found is not None
    assert found.rate == D(rate)
    assert found.rate == found.csg + found.crds + found.solidarity
    assert found.source
    assert found.url.startswith("https://")


def test_what_sources_disagree_on_is_flagged() -> None:
    """PA-03, domain.md §2.9: the PER's rate is told as to be verified."""
    flagged = {kind for kind in taxes.LEVIES if (one := taxes.levy(kind, 2026)) is not None and not one.verified}
    assert flagged == {"per"}


def test_the_income_of_one_part_is_laid_over_the_brackets() -> None:
    """PA-03: the shares of the brackets make the income."""
    scale = Scale(2025, tuple(Bracket(D(above), D(rate)) for above, rate in (("0", "0"), ("11600", "0.11"), ("29579", "0.3"))))
    assert scale.parts(D(30000)) == (D(11600), D(17979), D(421))
    assert scale.parts(D(5000)) == (D(5000), D(0), D(0))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"lone_parent": True}, "lone_parent"), ({"disabled_children": 1}, "disabled_children"),
        ({"disabled_shared": 2, "shared": 1}, "disabled_shared"),
        ({"foncier_micro": D(15001)}, "foncier_micro"), ({"foncier_micro": D(100), "foncier_reel": D(1)}, "foncier_micro"),
        ({"foncier_reel": D(1), "foncier_deficit": D(1)}, "foncier_reel"), ({"salaires_1": D(-1)}, "salaires_1"),
        ({"salaires_1": D(16000001)}, "salaires_1"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_by_its_field(facts: dict[str, Any], field: str) -> None:
    """PA-03: a sentence in French beside the field."""
    found = schemas.problems({**SINGLE, **facts})
    assert set(found) == {field}
    assert found[field].endswith(".")


def test_a_trial_needs_its_contract() -> None:
    """PA-03: value and premiums for a surrender; it is not more than the contract."""
    assert set(schemas.trial_problems({"surrender": D(10)})) == {"contract_value", "premiums"}
    whole = {"surrender": D(10), "contract_value": D(9), "premiums": D(5), "premiums_before": D(6)}
    assert set(schemas.trial_problems(whole)) == {"surrender", "premiums_before"}
    assert schemas.trial_problems({}) == {}
