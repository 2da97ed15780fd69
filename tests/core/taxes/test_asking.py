"""The engine as it is asked: what is sent, what is taken, and what is said where it is away, slow, killed or odd (PA-03)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from core.config import ConfigError
from core.taxes import case
from core.taxes.asking import Engine
from core.taxes.asking import Unavailable
from core.taxes.household import Adult
from core.taxes.household import Household
from tests.conftest import make_config
from tests.core.taxes.fake import FakeEngine
from tests.core.taxes.fake import fake_engine
from tests.stage import free_port

ALONE = Household(2025, "CELIBATAIRE", (Adult(1980, {"salaires": Decimal("30000.40")}),), children=1, lone_parent=True)


@pytest.fixture(scope="module")
def one() -> Iterator[FakeEngine]:
    with fake_engine() as made:
        yield made


@pytest.fixture
def fake(one: FakeEngine) -> FakeEngine:
    one.mood, one.cases = "well", []
    return one


def test_a_case_says_the_facts_and_nobody(fake: FakeEngine) -> None:
    """PA-03: the engine's own names, a year of birth, no name; figures with version, year and scale."""
    found = Engine(fake.url).estimate(ALONE)
    assert (found.version, found.year, found.scale.year, found.values["ip_net"]) == ("1.2.3", 2025, 2025, Decimal("100.00"))
    (asked,) = fake.cases
    person = asked["individus"]["declarant"]
    assert person == {
        "date_naissance": {"ETERNITY": "1980-01-01"}, "statut_marital": {"2025": "celibataire"},
        "salaire_imposable": {"2025": 30000.4},
    }  # fmt: skip
    foyer = asked["foyers_fiscaux"]["foyer"]
    assert foyer["declarants"] == ["declarant"]
    assert (foyer["nbF"], foyer["caseT"], foyer["nbJ"]) == ({"2025": 1}, {"2025": True}, {"2025": 0})
    assert "assiette_isf_ifi" not in foyer
    assert found.key == case.key(case.of(ALONE))


def test_the_scale_is_the_newest_that_had_begun(fake: FakeEngine) -> None:
    """PA-03: for a year whose scale is not voted, the last one, told by its own year."""
    assert Engine(fake.url).estimate(Household(2024, "CELIBATAIRE", (Adult(),))).scale.year == 2024
    later = Engine(fake.url).estimate(Household(2026, "CELIBATAIRE", (Adult(),)))
    assert (later.year, later.scale.year) == (2026, 2025)
    assert later.scale.parts(Decimal(30000)) == (Decimal(11600), Decimal(17979), Decimal(421))


@pytest.mark.parametrize(
    ("mood", "state", "says"),
    [
        ("html", "unavailable", "inattendue"), ("null", "unavailable", "inattendue"), ("nan", "unavailable", "inattendue"),
        ("stranger", "unavailable", "inattendue"), ("error", "unavailable", "ne répond pas"),
        ("slow", "unavailable", "ne répond pas"),
        ("refuses", "refused", "refuse ces données"),
        ("preparing", "preparing", "se prépare"),
    ],
)  # fmt: skip
def test_what_is_no_answer_gives_no_figure(fake: FakeEngine, mood: str, state: str, says: str) -> None:
    """PA-03: slow, ill, nonsense, another program: a sentence in French, and nothing of what was answered."""
    fake.mood = mood
    with pytest.raises(Unavailable) as said:
        Engine(fake.url, answer=0.3 if mood == "slow" else 5).estimate(ALONE)
    assert said.value.state == state
    assert says in said.value.text


def test_where_there_is_none() -> None:
    """PA-03: nobody listens; no address is set, which no further try would change."""
    with pytest.raises(Unavailable) as dead:
        Engine(f"http://127.0.0.1:{free_port()}").version()
    assert (dead.value.state, dead.value.again) == ("unavailable", True)
    with pytest.raises(Unavailable) as none:
        Engine("").version()
    assert (none.value.state, none.value.again) == ("unavailable", False)


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.4:8020", "https://127.0.0.1:8020", "http://127.0.0.1", "http://exemple.fr:80", "http://127.0.0.1:1/x", "x"],
)
def test_an_address_elsewhere_refuses_to_start(tmp_path: Path, address: str) -> None:
    """PA-03: a household's income does not leave the machine."""
    with pytest.raises(ConfigError, match="FISCALITE_URL"):
        make_config(tmp_path, fiscalite_url=address)


def test_two_facts_that_differ_are_two_cases() -> None:
    """PA-03: the key that answers are kept by."""
    assert case.key(case.of(ALONE)) == case.key(case.of(ALONE))
    assert case.key(case.of(ALONE)) != case.key(case.of(replace(ALONE, children=2)))
