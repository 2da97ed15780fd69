"""The level of vigilance, without database or request: a pure function of (version, facts) (CO-05)."""

from __future__ import annotations

import hashlib
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import scoring
from tests.plugins.conformite.vigil import COMPANY
from tests.plugins.conformite.vigil import PLAIN
from tests.plugins.conformite.vigil import SIMPLE_OPERATION

#: SHA-256 of each version's file: assessments were made of it, so it never changes; new rules make a new version.
FILES = {"1": "c96a07dae3d46c3a12d54a069ca630a15544858af40d16e1f786fd15c869c4b1"}
NOTHING = {one.code: {"import": "x", "dated_on": "2026-10-24", "hits": []} for one in ruleset.load().lists}


def facts(answers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """Facts of a client of whom all is known and nothing weighs."""
    usual = {
        "subject": ruleset.CLIENT, "company": False, "answers": {**PLAIN, **(answers or {})}, "file": {}, "places": {},
        "unknown": [], "envelopes": [], "lists": NOTHING, "figures": {},
    }  # fmt: skip
    return {**usual, **more}


def hit(code: str) -> dict[str, Any]:
    return {**NOTHING, code: {"import": "x", "dated_on": "2026-10-24", "hits": ["IR"]}}


def test_a_published_version_never_changes() -> None:
    """CO-05: «the same facts by the same version give the same level for ever»."""
    folder = Path(ruleset.__file__).parent / "rules"
    assert {one: hashlib.sha256((folder / f"{one}.json").read_bytes()).hexdigest() for one in ruleset.versions()} == FILES


def test_golden_levels() -> None:
    """CO-05, domain.md §2.6: points by the scale of the version, its two thresholds, what forces."""
    cases: dict[str, tuple[dict[str, Any], tuple[str, int, str]]] = {
        "ordinary": (facts(), ("SIMPLIFIEE", 0, "")),
        "at a distance": (facts({"canal": "DISTANCE"}), ("SIMPLIFIEE", 2, "")),
        "and a proof to come": (facts({"canal": "DISTANCE", "justificatif": "A_OBTENIR"}), ("STANDARD", 3, "")),
        "sensitive, cash, distance": (
            facts({"activite": "SENSIBLE", "especes": "OUI", "canal": "DISTANCE"}), ("RENFORCEE", 9, "")
        ),
        "exposed": (facts({"ppe": "OUI", "ppe_detail": "x"}), ("RENFORCEE", 5, "RENFORCEE")),
        "left it within a year": (facts({"ppe": "ANCIENNE", "ppe_detail": "x"}), ("RENFORCEE", 5, "RENFORCEE")),
        "left it before": (facts({"ppe": "PASSEE", "ppe_detail": "x"}), ("STANDARD", 3, "")),
        "frozen": (facts({"gel": "POSITIF"}), ("RENFORCEE", 5, "RENFORCEE")),
        "refuses": (facts({"justificatif": "REFUSE"}), ("RENFORCEE", 5, "RENFORCEE")),
        "European list": (facts(lists=hit("UE")), ("RENFORCEE", 5, "RENFORCEE")),
        "grey list": (facts(lists=hit("GAFI_GRISE")), ("STANDARD", 4, "")),
        "crypto": (facts(envelopes=["CRYPTO", "PEA"]), ("STANDARD", 3, "")),
        "trust": (facts({**COMPANY, "structure": "TRUST"}, company=True), ("RENFORCEE", 5, "RENFORCEE")),
    }  # fmt: skip
    for name, (given, wanted) in cases.items():
        found = scoring.score("1", given)
        assert (found.level, found.points, found.forced) == wanted, name
        assert found == scoring.score("1", dict(reversed(list(given.items())))), name
        assert all(one.source and one.known in ruleset.KNOWN for one in found.reasons), name
        assert found.documents[: len(ruleset.load().documents[found.level])] == ruleset.load().documents[found.level], name


def test_what_forces_is_never_outweighed_and_what_is_unverified_is_no_absence_of_risk() -> None:
    """CO-05: over every mix of a forcing factor, points, missing lists and checks: SIMPLIFIEE only where nothing forces and
    nothing is unverified; a forcing factor is always its level."""
    forcing: tuple[dict[str, str], ...] = (
        {}, {"ppe": "PROCHE", "ppe_detail": "x"}, {"gel": "POSITIF"}, {"justificatif": "REFUSE"},
    )  # fmt: skip
    weights: tuple[dict[str, str], ...] = ({}, {"canal": "DISTANCE"}, {"especes": "OUI"})
    gaps: tuple[dict[str, Any], ...] = ({}, {"lists": {**NOTHING, "UE": None}}, {"unknown": ["nationalite"]})
    for force, weight, gap, check in product(forcing, weights, gaps, ("AUCUN", "NON_FAIT")):
        found = scoring.score("1", facts({"gel": check, **weight, **force}, **gap))
        assert bool(found.forced) is bool(force)
        if force:
            assert found.level == "RENFORCEE"
        if gap or (check == "NON_FAIT" and force.get("gel") is None):
            assert found.unverified
            assert found.level != "SIMPLIFIEE"
    missing = scoring.score("1", facts(lists={}))
    assert missing.level == "STANDARD"
    assert len(missing.unverified) == 4
    assert "le niveau simplifié n'est pas ouvert" in missing.because


def test_operations_are_scored_too() -> None:
    """CO-05: amount, what twelve months add up to, share of what is held, a third payer, the client's own level."""

    def operation(answers: dict[str, str] | None = None, level: str | None = None, **figures: str) -> scoring.Score:
        given = facts(subject=ruleset.OPERATION, answers={**SIMPLE_OPERATION, **(answers or {})}, file={"client_level": level})
        return scoring.score("1", {**given, "figures": {"amount": "1000", "total": "1000", "share": None, **figures}})

    assert operation().level == "SIMPLIFIEE"
    assert (operation(amount="149999.99").points, operation(amount="150000").points) == (0, 3)
    assert operation(amount="150000", total="250000", share="0.5", level="STANDARD").points == 3 + 2 + 2
    assert operation({"tiers": "TIERS", "especes": "OUI"}).level == "STANDARD"
    for found in (operation({"coherence": "NON"}), operation(level="RENFORCEE")):
        assert (found.level, found.forced) == ("RENFORCEE", "RENFORCEE")
    assert "Examen renforcé écrit" in " ".join(operation({"coherence": "NON"}).documents)


def test_no_answer_no_level() -> None:
    """CO-05: a question without answer gives no level; what hangs on an answer that was not given is not asked."""
    with pytest.raises(scoring.Incomplete) as error:
        scoring.score("1", facts({"ppe": "OUI"}))
    assert [one.key for one in error.value.questions] == ["ppe_detail"]
    answers = {key: answer for key, answer in PLAIN.items() if not key.startswith("gel_")}
    assert scoring.score("1", {**facts(), "answers": {**answers, "gel": "NON_FAIT"}}).level == "STANDARD"
    with pytest.raises(KeyError):
        scoring.score("0", facts())
