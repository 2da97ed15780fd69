"""The real engine: published cases, hand-computed ones, the figures of domain.md (PA-03). One engine for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any

import pytest

from core.taxes.asking import Engine
from core.taxes.asking import Result
from core.taxes.household import Adult
from core.taxes.household import Household
from plugins.fiscalite import households
from plugins.fiscalite import results
from plugins.fiscalite.services import Estimated
from tests.tax_engine import engine

__all__ = ["engine"]

# One engine takes ten seconds to load: one worker of the suite has it.
pytestmark = pytest.mark.xdist_group("fiscalite")
D = Decimal


@dataclass(frozen=True)
class Case:
    """A household, where its figures are from, and the figures by the engine's names. `within`: the source's own tolerance."""

    name: str
    source: str
    year: int
    salaries: tuple[int, ...]
    expected: dict[str, str]
    situation: Any = "CELIBATAIRE"
    more: dict[str, Any] = field(default_factory=dict)
    within: str = "0.01"

    def household(self) -> Household:
        adults = tuple(Adult(1970, {"salaires": D(one)}) for one in self.salaries)
        return Household(self.year, self.situation, adults, **self.more)


DECOTE = "openfisca-france, tests/calculateur_impots/yaml/decote.yaml (calculator of the tax office)"
LONE = "openfisca-france, tests/calculateur_impots/yaml/caseT.yaml (calculator of the tax office)"
IRPP = "openfisca-france, tests/formulas/irpp.yaml"
BY_HAND = "by hand, from the scale of domain.md §2.9"
CASES = (
    Case("couple, two children", "domain.md §2.9, performance.md", 2024, (50000, 40000), {
        "nbptr": "3", "ir_ss_qf": "10630.96", "ir_brut": "5115.99", "ir_plaf_qf": "7048.96", "ip_net": "7049",
        "impot_revenu_restant_a_payer": "-7049", "ir_taux_marginal": "0.3",
    }, "MARIE", {"children": 2}),
    # 2 × (1,977.69 + 30 % × (45,000 − 29,579)) = 13,207.98
    Case("couple, 90,000 / 2", "domain.md §2.9", 2025, (60000, 40000), {
        "nbptr": "2", "rni": "90000", "ir_plaf_qf": "13207.98", "ip_net": "13208", "ir_taux_marginal": "0.3",
    }, "MARIE"),
    # 54,000: one part 1,977.69 + 30 % × 24,421 = 9,303.99; less 4,262 for the first child of a lone parent
    Case("lone parent, capped", BY_HAND, 2025, (60000,), {
        "nbptr": "2", "ir_ss_qf": "9303.99", "ir_plaf_qf": "5041.99", "ip_net": "5042",
    }, "DIVORCE", {"children": 1, "lone_parent": True}),
    # 126,000 / 2: 2 × (1,977.69 + 30 % × 33,421) = 24,007.98; six half-parts at 1,807 = 10,842
    Case("four children, capped", BY_HAND, 2025, (80000, 60000), {
        "nbptr": "5", "ir_ss_qf": "24007.98", "ir_plaf_qf": "13165.98", "ip_net": "13166",
    }, "MARIE", {"children": 4}),
    # 18,000: 11 % × 6,400 = 704; décote 897 − 45.25 % × 704 = 578.44
    Case("décote", BY_HAND, 2025, (20000,), {"ir_plaf_qf": "704", "decote_gain_fiscal": "578", "ip_net": "126"}),
    # two children in shared custody are worth half: 0.25 + 0.25
    Case("shared custody", "BOI-IR-LIQ-10-20-10", 2025, (30000,), {"nbptr": "1.5"}, "DIVORCE", {"shared": 2}),
    # a disabled adult of a couple, a disabled child: 2 + 0.5 + (0.5 + 0.5)
    Case("invalidity", "CGI, art. 195", 2025, (30000, 20000), {"nbptr": "3"}, "MARIE", {"children": 1, "disabled_children": 1}),
    # a widow with a child keeps the couple's part
    Case("widow, one child", "CGI, art. 194", 2025, (30000,), {"nbptr": "2.5"}, "VEUF", {"children": 1}),
    # 3 % above 250,000 of reference income: 385,445.03 → 4,063 (salary less the capped 10 %)
    Case("high income", BY_HAND, 2025, (400000,), {
        "contribution_exceptionnelle_hauts_revenus": "4063", "ir_taux_marginal": "0.45",
    }),
    Case("décote 2014", DECOTE, 2014, (25000, 20000), {
        "nbptr": "4", "rni": "40500", "decote_gain_fiscal": "244", "impot_revenu_restant_a_payer": "0",
    }, "MARIE", {"children": 3}, "1"),
    Case("décote 2017", DECOTE, 2017, (25000, 20000), {
        "nbptr": "4", "decote_gain_fiscal": "178", "impot_revenu_restant_a_payer": "0",
    }, "MARIE", {"children": 3}, "1"),
    Case("lone parent 2014", LONE, 2014, (50000,), {
        "nbptr": "2", "rni": "45000", "impot_revenu_restant_a_payer": "-4303",
    }, "CELIBATAIRE", {"children": 1, "lone_parent": True}, "1"),
    Case("lone parent 2017", LONE, 2017, (50000,), {
        "nbptr": "2", "impot_revenu_restant_a_payer": "-4191",
    }, "CELIBATAIRE", {"children": 1, "lone_parent": True}, "1"),
    Case("single 2013, 20,000", IRPP, 2013, (20000,), {"impot_revenu_restant_a_payer": "-1170"}, within="0.5"),
    Case("single 2013, 150,000", IRPP, 2013, (150000,), {"impot_revenu_restant_a_payer": "-43076"}, within="0.5"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_published_and_hand_computed_cases(engine: Engine, case: Case) -> None:
    """PA-03: the figures of the case's source, through our own client, with the scale of the year."""
    found = engine.estimate(case.household())
    for name, expected in case.expected.items():
        assert abs(found.values[name] - D(expected)) <= D(case.within), (case.source, name, found.values[name])
    assert (found.year, found.scale.year) == (case.year, case.year)


def _estimated(found: Result) -> Estimated:
    return Estimated("done", "", found.version, found.values, found.scale)


def test_thirty_thousand_of_one_part(engine: Engine) -> None:
    """PA-03, domain.md §2.9: 30,000 / 1 → 2,103.99, laid over the brackets that the engine itself tells."""
    found = engine.estimate(Household(2025, "CELIBATAIRE", (Adult(1970, {"bnc_reel": D(30000)}),)))
    assert (found.values["rni"], found.values["ir_plaf_qf"]) == (D("30000.00"), D("2103.99"))
    income, shares = results.by_bracket(_estimated(found))
    assert (income, shares) == (D("30000.00"), (D("11600.0"), D("17979.0"), D("421.00"), D(0), D(0)))
    assert [one.rate for one in found.scale.brackets] == [D("0.0"), D("0.11"), D("0.3"), D("0.41"), D("0.45")]
    due = sum((share * one.rate for share, one in zip(shares, found.scale.brackets, strict=True)), D(0))
    assert due == D("2103.9900")
    assert results.tax(_estimated(found), {}).total == 2104


@pytest.mark.parametrize(("base", "due"), [(2000000, "7400"), (1350000, "2225"), (1400000, "3200"), (11000000, "113190")])
def test_the_ifi(engine: Engine, base: int, due: str) -> None:
    """PA-03, domain.md §2.9: 2 M → 7,400; the décote between 1.3 and 1.4 M; the top bracket. 1.3 M → 0: test_figures."""
    facts = {"situation": "CELIBATAIRE", "salaires_1": D(40000), "ifi_bati": D(base)}
    owned = households.declared_base(facts, 2025)
    assert owned is not None
    asked = households.scenarios(facts, {}, 2025, owned.asked)[households.IFI]
    found = results.ifi(owned, _estimated(engine.estimate(asked)))
    assert found is not None
    assert found.amount == D(due)


def test_what_is_tried_changes_one_thing(engine: Engine) -> None:
    """PA-03: a child, a payment on a PER, a surrender of eight years: each against the present case, by hand."""
    facts = {"situation": "MARIE", "salaires_1": D(60000), "salaires_2": D(40000), "activite_precedente_1": D(54000)}
    tried = {
        "more_child": True, "more_per": D(9000), "surrender": D(60000), "contract_value": D(120000), "premiums": D(80000),
        "eight_years": True,
    }  # fmt: skip
    found = {
        name: results.tax(_estimated(engine.estimate(one)), facts).total
        for name, one in households.scenarios(facts, tried, 2025).items()
    }
    assert found["present"] == 13208
    assert found["child"] == 13208 - 1807  # a half-part is capped
    assert found["per"] == 11588  # 5,400 of 9,000 may be deducted, at 30 %
    assert found["surrender"] == 13208 + D("810.00")  # 20,000 of gain, 9,200 off, at 7.5 %


def test_income_of_capital_at_the_flat_rate_or_by_the_scale(engine: Engine) -> None:
    """PA-03: 12.8 % of dividends; by the scale 60 % of them at 30 %; the prepayment is taken off what is left to pay."""
    facts = {"situation": "CELIBATAIRE", "salaires_1": D(50000), "dividendes": D(10000), "prelevement_verse": D(1280)}
    flat = results.tax(_estimated(engine.estimate(households.household(facts, 2025))), facts)
    alone = {**facts, "dividendes": None, "prelevement_verse": None}
    without = results.tax(_estimated(engine.estimate(households.household(alone, 2025))), alone)
    assert flat.total - without.total == 1280
    assert flat.left == without.total
    scale = {**facts, "by_scale": True}
    assert results.tax(_estimated(engine.estimate(households.household(scale, 2025))), scale).total - without.total == 1800
