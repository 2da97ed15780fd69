"""Which partner link serves an account (domain.md §3.6 #21, #26)."""

from __future__ import annotations

from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks.declared import Partner
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.links import account_links
from core.links.models import AccountLink
from core.shell.models import Notification
from core.supports import services as supports
from tests.conftest import People


class First(Plugin):
    name = "first"
    partner: ClassVar[Partner] = Partner("first", "Premier", "P", ("compagnie",), number="HIM[0-9]{7}")


class Second(Plugin):
    name = "second"
    partner: ClassVar[Partner] = Partner("second", "Second", "S", ("compagnie",))


@pytest.fixture
def account(app: Flask, hub: Hub, people: People) -> str:
    """An account that both plugins would serve."""
    for plugin in (First, Second):
        hub.registry.register(plugin.name, plugin)
    with db.session(people.cabinet_id) as session:
        holder = contacts.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jo"))
        company = supports.company_for(session, "compagnie", name="Compagnie")
        data = NewAccount(
            envelope="ASSURANCE_VIE", number="him 001 234-5", title="Himalia", company_id=company,
            roles=[Role(holder, "SOUSCRIPTEUR")],
        )  # fmt: skip
        return accounts.create(session, "cli", data)


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_the_cabinets_order_decides_between_two_claims_and_is_told_once(
    hub: Hub, people: People, account: str, order: tuple[str, str]
) -> None:
    """domain.md §3.6 #26: deterministic, whatever was there before; the administrators are told, once."""
    for _ in range(2):
        for plugins in (order[::-1], order):
            with db.session(people.cabinet_id) as session:
                account_links.recompute(session, hub.registry, plugins)
    with db.session(people.cabinet_id, write=False) as session:
        link = session.scalars(select(AccountLink)).one()
        told = session.scalars(
            select(Notification).where(Notification.kind == "partner", Notification.key == f"claims:{', '.join(order)}")
        ).all()
    assert (link.account_id, link.plugin, link.ref) == (account, order[0], "HIM0012345")
    assert [one.user_id for one in told] == [people.administrator]
    assert f"«{order[0]}» est retenu" in told[0].text


def test_a_number_written_otherwise_is_the_same_number(hub: Hub, people: People, account: str) -> None:
    """domain.md §3.6 #21: the link keeps the folded number, and a partner's pattern is held against it."""
    with db.session(people.cabinet_id) as session:
        assert account_links.recompute(session, hub.registry, ("first",)) == 1
        assert account_links.recompute(session, hub.registry, ()) == 0
        assert session.scalars(select(AccountLink)).all() == []
