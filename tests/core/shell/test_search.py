"""The quick search's host: groups that answer each by itself (RE-01 to RE-03, QM-01, PL-02, PL-05)."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import QuickAction
from core.api.types import SearchHit
from core.api.types import SearchHits
from core.api.types import SearchProvider
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from tests.conftest import People
from tests.conftest import sign_in

GROUP = "/recherche/{plugin}/{key}?q={text}"


class Odd(Plugin):
    """Contributes groups that fail in each way, and one that works."""

    name, title, version = "odd", "Étrange", "1.0"

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """One group a fault."""
        found = {"well": self.well, "slow": self.slow, "crash": self.crash, "rubbish": self.rubbish, "lost": self.lost}
        return [SearchProvider(key, key.title(), search) for key, search in found.items()]

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """One that leads nowhere, one that leads somewhere."""
        return [QuickAction("lost", "Nulle part", "p_odd.absent"), QuickAction("ok", "Quelque part", "notifications.index")]

    def well(self, ctx: Context, text: str, limit: int) -> SearchHits:
        """Answers."""
        return SearchHits((SearchHit("1", f"Trouvé {text}", "notifications.index"),))

    def slow(self, ctx: Context, text: str, limit: int) -> SearchHits:
        """Never answers in time."""
        time.sleep(30)
        return SearchHits()

    def crash(self, ctx: Context, text: str, limit: int) -> SearchHits:
        """Raises."""
        raise RuntimeError("oh")

    def rubbish(self, ctx: Context, text: str, limit: int) -> SearchHits:
        """Returns something else."""
        return ["x"]  # type: ignore[return-value]

    def lost(self, ctx: Context, text: str, limit: int) -> SearchHits:
        """Leads nowhere."""
        return SearchHits((SearchHit("1", "Perdu", "p_odd.absent"),))


@pytest.fixture
def odd(hub: Hub, people: People) -> None:
    hub.registry.register("odd", Odd)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "odd", on=True, actor="cli")


@pytest.fixture
def jerome(people: People) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Lefèvre", first_names="Jérôme", phone="06 12 44 08 19")
    with db.session(people.cabinet_id) as session:
        made = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", made, people.adviser)
        return made


def asked(client: FlaskClient, plugin: str, key: str, text: str, status: int = 200) -> str:
    answer = client.get(GROUP.format(plugin=plugin, key=key, text=text))
    assert answer.status_code == status, answer.get_data(as_text=True)[-500:]
    return answer.get_data(as_text=True)


def test_a_contact_is_found_and_leads_to_its_file(adviser: FlaskClient, jerome: str) -> None:
    """RE-01: folded, by part of the number; the line says which it is."""
    for text in ("jerome", "06+12", "lefevr"):
        page = asked(adviser, "contacts", "contacts", text)
        assert f'href="/p/contacts/{jerome}"' in page
        assert "06 12 44 08 19" in page


def test_others_clients_are_not_found(app: Flask, people: People, strangers: People, jerome: str) -> None:
    """RE-01, domain.md §3.6 lines 17 and 18: nor by the page without scripts."""
    for email in ("autre@demo.example", "administrateur@second.example"):
        client = app.test_client()
        sign_in(client, email)
        for path in (GROUP.format(plugin="contacts", key="contacts", text="jerome"), "/recherche?q=jerome"):
            assert "Lefèvre" not in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(("key", "says"), [("slow", "indisponible"), ("crash", "indisponible"), ("rubbish", "indisponible"),
                                           ("lost", "indisponible")])  # fmt: skip
def test_a_failing_group_says_so_in_its_place_only(adviser: FlaskClient, odd: None, key: str, says: str) -> None:
    """PL-05, RE-03: given up at its deadline, its fault counted; the others answer."""
    page = asked(adviser, "odd", key, "x")
    assert 'data-group-state="failed"' in page
    assert says in page
    assert "Trouvé x" in asked(adviser, "odd", "well", "x")


def test_the_page_without_scripts_gives_all_groups_three_seconds(adviser: FlaskClient, odd: None, jerome: str) -> None:
    """RE-03: a slow group costs the page its deadline, not the others' results."""
    begun = time.monotonic()
    page = adviser.get("/recherche?q=jerome").get_data(as_text=True)
    assert time.monotonic() - begun < 6
    assert "Lefèvre Jérôme" in page
    assert "Trouvé jerome" in page
    assert "indisponible" in page


def test_an_unknown_group_does_not_exist(adviser: FlaskClient) -> None:
    """PL-02: nor one of a plugin that is off."""
    asked(adviser, "contacts", "autre", "x", 404)
    asked(adviser, "odd", "well", "x", 404)


def test_the_quick_menu_keeps_what_leads_somewhere(adviser: FlaskClient, odd: None) -> None:
    """QM-01, PL-05: an entry that leads nowhere is left out, its plugin is blamed, the page stands."""
    page = adviser.get("/notifications").get_data(as_text=True)
    assert "Quelque part" in page
    assert "Nulle part" not in page
    assert "Rechercher un contact" in page


@pytest.mark.parametrize("text", ["%00", "%25_", "x" * 5000, "%F0%9F%91%8D", "%3Cb%3E", "%27+OR+1%3D1", "++", ""])
def test_odd_queries_find_nothing_and_break_nothing(adviser: FlaskClient, jerome: str, text: str) -> None:
    """Bad input: NUL, wildcards, length, emoji, markup, quotes."""
    for path in ("/recherche?q=", "/recherche/contacts/contacts?q=", "/recherche/portefeuille/comptes?q="):
        answer = adviser.get(path + text)
        assert answer.status_code == 200
        assert "<b>x" not in answer.get_data(as_text=True)
