"""An engine that answers as it is told, and a household to declare for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import Config
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from tests.conftest import People
from tests.conftest import make_config
from tests.core.taxes.fake import FakeEngine
from tests.core.taxes.fake import fake_engine


@pytest.fixture(scope="module")
def _fake() -> Iterator[FakeEngine]:
    with fake_engine() as made:
        yield made


@pytest.fixture
def fake(_fake: FakeEngine) -> FakeEngine:
    _fake.mood, _fake.cases, _fake.figure, _fake.version = "well", [], 100.0, "1.2.3"
    return _fake


@pytest.fixture
def config(tmp_path: Path, fake: FakeEngine) -> Config:
    """An installation whose tax engine is that one."""
    return make_config(tmp_path, fiscalite_url=fake.url)


@pytest.fixture
def couple(people: People) -> dict[str, str]:
    """A household of two, followed by the adviser: «home», «one», «two»; a company."""
    with db.session(people.cabinet_id) as session:
        made = {
            key: contacts.create(session, "cli", data, principal=people.adviser)
            for key, data in (
                ("home", NewContact("FOYER", display_name="Famille Petit")),
                ("one", NewContact("PERSONNE_PHYSIQUE", birth_name="Petit", first_names="Thomas", situation="MARIE")),
                ("two", NewContact("PERSONNE_PHYSIQUE", birth_name="Petit", first_names="Émilie", situation="MARIE")),
                ("company", NewContact("PERSONNE_MORALE", company_name="Petit SARL")),
            )
        }  # fmt: skip
        for key in ("one", "two"):
            contacts.join_household(session, "cli", made["home"], made[key])
        return made
