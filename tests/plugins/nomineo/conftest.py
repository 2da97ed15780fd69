"""A cabinet registered with a partner who counts calls, with one Himalia."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import account_links
from core.links import registration
from core.supports import services as supports
from tests.conftest import People
from tests.plugins.nomineo.link import Doorbell
from tests.plugins.nomineo.link import Link


@pytest.fixture
def bell() -> Iterator[Doorbell]:
    made = Doorbell()
    yield made
    made.close()


@pytest.fixture
def unregistered(hub: Hub, people: People, bell: Doorbell) -> Link:
    """The module is on, an account is there, the company's sheet is not."""
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "nomineo", on=True, actor="cli")
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne")
        jeanne = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", jeanne, people.adviser)
        generali = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        himalia = supports.product_for(session, generali, "Himalia", envelope="ASSURANCE_VIE")
        holders = [Role(jeanne, "SOUSCRIPTEUR")]
        opened = NewAccount("ASSURANCE_VIE", "HIM0012345", "Himalia", generali, holders, product_id=himalia)
        account = accounts.create(session, "cli", opened)
        account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
    return Link(people, bell, account)


@pytest.fixture
def link(unregistered: Link) -> Link:
    """The same, with the company's sheet imported; nothing asked yet."""
    with db.session(unregistered.people.cabinet_id) as session:
        registration.register(session, unregistered.bell.sheet())
    return unregistered
