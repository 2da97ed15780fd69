"""Adequacy as a pure function: each rule with each of its verdicts, no database (CO-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.hooks.types import AccountRef
from plugins.conformite import scoring
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import DYNAMIC
from plugins.conformite.demo import FEW
from plugins.conformite.demo import MANY
from plugins.conformite.demo import PRUDENT
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from plugins.conformite.profiles import Established
from plugins.conformite.projects import assumptions
from plugins.conformite.projects import targets
from plugins.conformite.projects.adequacy import BLOCK
from plugins.conformite.projects.adequacy import OK
from plugins.conformite.projects.adequacy import UNKNOWN
from plugins.conformite.projects.adequacy import WARN
from plugins.conformite.projects.adequacy import Piece
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Rule
from plugins.conformite.projects.adequacy import Scales
from plugins.conformite.projects.adequacy import worst
from plugins.conformite.projects.judging import judge
from plugins.conformite.projects.rules import duration
from plugins.conformite.projects.target_market import months_of

D = Decimal
ON = date(2026, 11, 27)
SCALES = Scales(targets.house(), assumptions.load())
#: A fund whose producer says yes to all.
GOOD = {
    "sri": "4", "sfdr": "ART8", "holding_period": "De 3 à 5 ans", "retail": "Y", "basic": "Y", "informed": "Y", "advanced": "Y",
    "no_loss": "N", "limited_loss": "Y", "any_loss": "Y", "preservation": "N", "growth": "Y", "income": "Neutral",
    "tolerance": "4",
}  # fmt: skip
ACCOUNT = AccountRef(
    id="a1", cabinet_id=1, number="XAE1", title="Xaélidia", envelope="ASSURANCE_VIE", envelope_label="Assurance-vie",
    state="OUVERT", company="Exemple", company_code="exemple", product=None, currency="EUR", value=D(90000), value_on=ON,
    opened_on=date(2015, 3, 1), net_payments=D(80000),
)  # fmt: skip


def profile(kind: Mapping[str, str] = BALANCED, known: Mapping[str, str] = SOME, **more: str) -> Established:
    """An established profile of these answers."""
    given = answers(kind, known, **more)
    made = scoring.score("1", given)
    return Established(
        "p", "c", "PERSONNE_PHYSIQUE", "1", given, made.level, made.level, "", made.tolerance, made.loss, made.knowledge,
        made.horizon, made.objective, made.esg, date(2026, 1, 1), date(2027, 1, 1), "Conseiller Demo",
    )  # fmt: skip


def by_class(months: int = 120, **weights: str) -> Plan:
    """An allocation by class."""
    return Plan(ON, months, tuple(Piece(targets.CLASSES[code], D(weight), code) for code, weight in weights.items()))


def fund(months: int = 120, asset_class: str = "DIVERSIFIE", kind: str = "OPCVM", **facts: str) -> Plan:
    """One fund, of which this is known."""
    return Plan(ON, months, (Piece("Fonds", D(1), asset_class, kind, facts),))


def said(of: Established | None, plan: Plan) -> dict[str, Rule]:
    """Rule by its key."""
    return {one.key: one for one in judge("c", "Jeanne", of, plan, SCALES).rules}


def verdict(key: str, of: Established | None, plan: Plan) -> str:
    return said(of, plan)[key].verdict


def test_each_rule_has_a_reason_and_a_source() -> None:
    """CO-04, NX-02: whatever the case, every rule says why, and where it comes from."""
    cases = (
        by_class(FONDS_EURO="0.5", ACTIONS="0.5"), fund(**GOOD), fund(), Plan(ON, 60),
        Plan(ON, 0, surrender=True, account=ACCOUNT), Plan(ON, 0, surrender=True),
    )  # fmt: skip
    for who in (None, profile(), profile(PRUDENT, FEW), profile(DYNAMIC, MANY)):
        for plan in cases:
            for key, one in said(who, plan).items():
                assert one.reason.endswith("."), (key, one)
                assert one.source or key == "contrat"


def test_without_a_profile_or_an_allocation_nothing_is_ok() -> None:
    """CO-04: no information, no advice; what cannot be verified is never said to suit."""
    found = said(None, by_class(FONDS_EURO="1"))
    assert {key: one.verdict for key, one in found.items()} == {"profil": BLOCK, **dict.fromkeys(list(found)[1:], UNKNOWN)}
    bare = said(profile(), Plan(ON, 60))
    assert {one.verdict for key, one in bare.items() if key != "profil"} == {UNKNOWN}
    late = replace(profile(), valid_until=date(2026, 11, 26))
    assert (verdict("profil", late, Plan(ON, 60)), verdict("profil", profile(), Plan(ON, 60))) == (WARN, OK)


def test_risk_goes_by_the_volatility_of_the_level() -> None:
    """CO-04: «Équilibré» bears its own allocation and a margin of a point, no more; a support above the scale warns."""
    assert profile().level == 3
    assert verdict("risque", profile(), by_class(FONDS_EURO="0.3", OBLIGATIONS="0.2", ACTIONS="0.35", IMMOBILIER="0.15")) == OK
    above = said(profile(), by_class(FONDS_EURO="0.4", ACTIONS="0.6"))["risque"]
    assert (above.verdict, "9,8\u00a0%, limite 9,0\u00a0%" in above.reason, "Dynamique" in above.reason) == (BLOCK, True, True)
    assert "aucun profil" in said(profile(), by_class(CRYPTO="1"))["risque"].reason
    lively = said(profile(DYNAMIC, MANY), fund(sri="7"))["risque"]
    assert (lively.verdict, lively.lines) == (WARN, ("Fonds\u202f: SRI 7, au-dessus de 5 pour ce profil",))
    assert verdict("risque", profile(), by_class(AUTRE="1")) == UNKNOWN


def test_knowledge_of_each_placement() -> None:
    """CO-04: what is not known warns, what is complex or locked and not known blocks, what is not asked is unknown."""
    dull = profile(PRUDENT, FEW)
    assert verdict("connaissance", profile(), by_class(FONDS_EURO="0.5", ACTIONS="0.5")) == OK
    found = said(dull, by_class(ACTIONS="1"))["connaissance"]
    assert (found.verdict, found.lines) == (WARN, ("Actions\u202f: Actions et fonds en actions, pas connu",))
    assert verdict("connaissance", dull, by_class(NON_COTE="1")) == BLOCK
    assert verdict("connaissance", dull, by_class(MATIERES_PREMIERES="1")) == UNKNOWN
    assert verdict("connaissance", dull, fund(asset_class="ACTIONS", kind="PRODUIT_STRUCTURE")) == BLOCK
    assert verdict("connaissance", dull, by_class(LIQUIDITES="1")) == OK
    assert verdict("connaissance", replace(profile(), answers={}), by_class(ACTIONS="1")) == UNKNOWN


def test_losses_of_a_bad_year() -> None:
    """CO-04: one year in twenty beside what may be lost."""
    calm = replace(profile(), loss=1)
    assert verdict("pertes", calm, by_class(FONDS_EURO="1")) == OK
    assert verdict("pertes", calm, by_class(FONDS_EURO="0.95", ACTIONS="0.05")) == OK
    assert verdict("pertes", calm, by_class(ACTIONS="1")) == BLOCK
    assert verdict("pertes", replace(profile(), loss=4), by_class(ACTIONS="1")) == OK
    assert verdict("pertes", calm, by_class(CRYPTO="1")) == UNKNOWN


@pytest.mark.parametrize(
    ("told", "months"),
    [("5 ans", 60), ("0,5 an", 6), ("18 mois", 18), ("1 an", 12), ("De 1 à 3 ans", 12), ("Plus de 5 ans", 60),
     ("Moins d'un an", 0), ("Jusqu'à l'échéance", None), ("long", None), ("5", None)],
)  # fmt: skip
def test_holding_periods_are_read(told: str, months: int | None) -> None:
    """CO-04: EMT's words and what people type, in months; what cannot be compared is not guessed."""
    assert months_of(told) == months


def test_horizon_covers_the_holding_periods() -> None:
    """CO-04: shorter than the producer's blocks, shorter than the house's warns, longer than the profile's warns."""
    assert verdict("horizon", profile(), fund(**GOOD)) == OK
    short = said(profile(), fund(24, **GOOD))["horizon"]
    assert (short.verdict, short.reason.startswith("Durée du projet\u202f: 2 ans.")) == (BLOCK, True)
    assert verdict("horizon", profile(), by_class(24, ACTIONS="1")) == WARN
    assert verdict("horizon", profile(), by_class(60, ACTIONS="1")) == OK
    assert verdict("horizon", profile(), fund(holding_period="Jusqu'à l'échéance")) == UNKNOWN
    assert verdict("horizon", profile(), fund(asset_class="?")) == UNKNOWN
    brief = profile(horizon="DE_3_A_5")
    assert (verdict("horizon", brief, by_class(60, FONDS_EURO="1")), verdict("horizon", brief, by_class(61, FONDS_EURO="1"))) == (
        OK, WARN,
    )  # fmt: skip
    assert [duration(one) for one in (0, 1, 12, 27, 120)] == ["0 mois", "1 mois", "1 an", "2 ans et 3 mois", "10 ans"]


def test_durability() -> None:
    """CO-04: no preference allows all; preferences meet the SFDR article; adapted ones are recalled."""
    neutral = profile(DYNAMIC, MANY)
    assert verdict("durabilite", neutral, fund(sfdr="ART6")) == OK
    green = profile()
    assert green.esg == "EXPRIMEES"
    found = [verdict("durabilite", green, fund(sfdr=one)) for one in ("ART6", "ART8", "ART9", "NA")]
    assert found == [BLOCK, UNKNOWN, UNKNOWN, UNKNOWN]
    adapted = profile(esg_adaptees="OUI", esg_raison="Le client préfère ce fonds.")
    assert verdict("durabilite", adapted, fund(sfdr="ART6")) == WARN


def test_target_market() -> None:
    """CO-04: N blocks, neutral warns, silence is said; a fund in euros of which no EMT speaks is left to its contract."""
    key = "marche_cible"
    assert verdict(key, profile(), fund(**GOOD)) == OK
    assert "supposé non professionnel" in said(profile(), fund(**GOOD))[key].reason
    for code in ("retail", "informed", "limited_loss", "growth"):
        assert verdict(key, profile(), fund(**{**GOOD, code: "N"})) == BLOCK, code
        assert verdict(key, profile(), fund(**{**GOOD, code: "Neutral"})) == WARN, code
        silent = said(profile(), fund(**{**GOOD, code: ""}))[key]
        assert (silent.verdict, len(silent.lines)) == (UNKNOWN, 1), code
    bold = said(profile(), fund(**{**GOOD, "tolerance": "6"}))[key]
    assert (bold.verdict, bold.lines) == (BLOCK, ("Fonds\u202f: tolérance au risque demandée 6 sur 7, 4 au plus pour ce profil",))
    assert said(profile(), fund())[key].lines == ("Fonds\u202f: marché cible non connu",)
    assert verdict(key, profile(), fund(asset_class="FONDS_EURO", kind="FONDS_EURO")) == OK
    assert verdict(key, profile(), by_class(ACTIONS="1")) == UNKNOWN
    assert verdict(key, profile(PRUDENT, FEW), fund(**{**GOOD, "tolerance": "3"})) == WARN  # income: the producer is neutral


def test_a_total_surrender() -> None:
    """CO-04, domain.md §2.5: without a target allocation there is still a report: contract, loss, age."""
    plan = Plan(ON, 0, surrender=True, account=ACCOUNT)
    assert {one.verdict for one in said(profile(), plan).values()} == {OK}
    for more, key, expected in (
        ({"pledged": True}, "contrat", BLOCK), ({"accepted_beneficiary": True}, "contrat", BLOCK),
        ({"blocked": "OPPOSITION"}, "contrat", BLOCK), ({"advance_running": True}, "contrat", WARN),
        ({"value": D(76000)}, "pertes", WARN), ({"value": D(40000)}, "pertes", BLOCK), ({"value": None}, "pertes", UNKNOWN),
        ({"net_payments": D(0)}, "pertes", OK), ({"opened_on": date(2018, 11, 28)}, "horizon", WARN),
        ({"opened_on": date(2018, 11, 27)}, "horizon", OK), ({"opened_on": None}, "horizon", UNKNOWN),
        ({"envelope": "PEA", "opened_on": date(2022, 1, 1)}, "horizon", WARN), ({"envelope": "CTO"}, "horizon", OK),
    ):  # fmt: skip
        found = said(profile(), replace(plan, account=replace(ACCOUNT, **more)))[key]
        assert found.verdict == expected, (more, found)
    assert verdict("contrat", profile(), replace(plan, locked=True)) == BLOCK
    assert verdict("contrat", profile(), Plan(ON, 0, surrender=True)) == UNKNOWN
    assert judge("c", "Jeanne", None, plan, SCALES).verdict == BLOCK


def test_the_gravest_stands() -> None:
    """CO-04: a block before what is unknown, that before a warning."""
    assert [worst(some) for some in ([OK, WARN], [WARN, UNKNOWN], [UNKNOWN, BLOCK, OK], [])] == [WARN, UNKNOWN, BLOCK, UNKNOWN]
