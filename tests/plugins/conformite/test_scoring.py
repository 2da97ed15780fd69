"""The score of a questionnaire, without database or request: a pure function of (version, answers) (CO-02)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from plugins.conformite import questionnaire as data
from plugins.conformite import scoring
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import DYNAMIC
from plugins.conformite.demo import FEW
from plugins.conformite.demo import MANY
from plugins.conformite.demo import PRUDENT
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers

#: SHA-256 of each version's file: profiles were made of it, so it never changes; new questions make a new version.
FILES = {"1": "08c2995660204b10b822186575b9c33c862a6e045e84c3e85c06f32efbea51b2"}


def test_a_published_version_never_changes() -> None:
    """CO-02, «the same answers and version always give the same score»."""
    folder = Path(data.__file__).parent / "questionnaires"
    assert {one: hashlib.sha256((folder / f"{one}.json").read_bytes()).hexdigest() for one in data.versions()} == FILES


def test_golden_scores() -> None:
    """CO-02, domain.md §2.5: level 1 to 5, losses 1 to 6, tolerance 1 to 5, knowledge, of the version's own scale; twice the
    same. 2·4+0 points of placements are «informé» from 4 and «expérimenté» from 9."""
    cases = {
        "prudent": (answers(PRUDENT, FEW), (2, 2, 2, "NOVICE", "NEUTRE")),
        "balanced": (answers(BALANCED, SOME), (3, 3, 3, "INFORME", "EXPRIMEES")),
        "dynamic": (answers(DYNAMIC, MANY), (4, 4, 4, "INFORME", "NEUTRE")),
        "trade": (answers(DYNAMIC, MANY, metier="OUI"), (4, 4, 4, "EXPERT", "NEUTRE")),
        "short": (answers(DYNAMIC, MANY, horizon="MOINS_1"), (1, 4, 4, "INFORME", "NEUTRE")),
        "safe": (answers(DYNAMIC, MANY, objectif="PRESERVATION"), (2, 4, 4, "INFORME", "NEUTRE")),
        "nothing known": (answers(DYNAMIC, {}), (3, 4, 4, "NOVICE", "NEUTRE")),
    }  # fmt: skip
    for name, (given, wanted) in cases.items():
        found = scoring.score("1", given)
        assert (found.level, found.loss, found.tolerance, found.knowledge, found.esg) == wanted, name
        assert found == scoring.score("1", dict(reversed(list(given.items())))), name
        assert found.level == min(one.allows for one in found.points)
        assert [one.decides for one in found.points] == [one.allows == found.level for one in found.points]


def test_facts_bound_what_is_declared() -> None:
    """CO-02: a loss that is declared bearable goes no further than savings, share and income do; it is said, and why."""
    found = scoring.score("1", answers({**DYNAMIC, "perte": "P100", "precaution": "MOINS_3"}, MANY))
    assert (found.loss, found.level) == (2, 2)
    loss = next(one for one in found.points if one.key == "pertes")
    assert "ramené par la situation (épargne disponible\u202f: moins de trois mois)" in loss.because
    assert found.contradictions[:2] == (
        "La perte déclarée supportable (jusqu'à la totalité) dépasse ce que la situation permet.",
        "Le client accepte de fortes baisses, mais sa situation n'en supporte presque aucune.",
    )


def test_knowledge_is_tried() -> None:
    """CO-02: what is said to be known and not understood counts for nothing, and is a contradiction; experience needs both."""
    wrong = scoring.score("1", answers(BALANCED, SOME, actions_test="GARANTI"))
    known = {one.key: one for one in wrong.instruments}
    assert (known["actions"].level, known["fonds_euros"].level, known["crypto"].because) == ("NOVICE", "INFORME", "Pas connu.")
    assert wrong.knowledge == "NOVICE"
    assert any("Actions et fonds en actions" in text for text in wrong.contradictions)
    doubt = scoring.score("1", answers(BALANCED, {**SOME, "actions": "PLUS_4"}, obligations_test=data.DOUBT))
    known = {one.key: one.level for one in doubt.instruments}
    assert (known["actions"], known["obligations"]) == ("EXPERT", "NOVICE")


def test_no_information_no_score() -> None:
    """CO-02: a question without answer, or that the client will not answer, gives no profile at all."""
    for key, answer in (("horizon", ""), ("perte", data.REFUSED), ("precaution", data.REFUSED)):
        with pytest.raises(scoring.Incomplete) as error:
            scoring.score("1", {**answers(BALANCED, SOME), key: answer})
        assert [one.key for one in error.value.questions] == [key]
    with pytest.raises(KeyError):
        scoring.score("0", answers(BALANCED, SOME))


def test_durability() -> None:
    """CO-02: no and no opinion are neutral, whatever else was answered before; adapted preferences keep the reason."""
    neutral = scoring.score("1", {**answers(BALANCED, SOME), "esg": "SANS_AVIS", "esg_sfdr": "75"})
    assert (neutral.esg, neutral.preferences) == ("NEUTRE", ())
    adapted = scoring.score("1", answers(BALANCED, SOME, esg_adaptees="OUI", esg_raison="Aucun fonds à 20 % dans ce contrat"))
    assert adapted.esg == "ADAPTEES"
    assert ("Raison de l'adaptation", "Aucun fonds à 20 % dans ce contrat") in adapted.preferences
    vague = scoring.score("1", answers(BALANCED, SOME, esg_taxonomie="SANS", esg_sfdr="SANS", esg_pai="SANS"))
    assert any("aucun n'est précisé" in text for text in vague.contradictions)


def test_companies_say_who_answers() -> None:
    """CO-02, domain.md §2.5: a company's wealth, its representative's knowledge; a person is not asked who answers."""
    given = answers(PRUDENT, SOME)
    with pytest.raises(scoring.Incomplete) as error:
        scoring.score("1", given, company=True)
    assert [one.key for one in error.value.questions] == ["representant"]
    assert scoring.score("1", {**given, "representant": "Durand Philippe, gérant"}, company=True).level == 2
    effort = data.load("1").get("effort")
    assert effort.choices(True)["RIEN"] == "Déficitaire"
    assert effort.choices(False)["RIEN"] == "Rien ou presque"
