"""«Services»: the tree of settings and its search, filled by core and by modules (US-02, PL-08)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.admin.frame import TREE
from core.admin.services_tree import CABINET
from core.admin.services_tree import CORE
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import Context
from core.hooks.types import SettingsPage
from tests.conftest import People

PAGE = "/services"


class Essai(Plugin):
    """A third party's, with a page for all, one for who administers, and one that leads nowhere."""

    name, title = "essai", "Module d'essai"

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        return [
            SettingsPage("logo", "Logo", "shell.home", "personnalisation", "L'image des états.", ("marque", "en-tête")),
            SettingsPage("tarif", "Tarif", "shell.home", "modules", permission="administration", scope="cabinet"),
            SettingsPage("perdu", "Perdu", "p_essai.absent"),
        ]


@pytest.fixture
def essai(hub: Hub, people: People) -> Hub:
    hub.registry.register("essai", Essai)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    return hub


def listed(client: FlaskClient, asked: str = "") -> dict[str, tuple[str, str]]:
    """The page's entries: label → address and level."""
    page = client.get(PAGE, query_string={"q": asked} if asked else None).get_data(as_text=True)
    found = re.findall(r'<li><div><a href="([^"]+)">([^<]+)</a>.*?<span class="e-badge[^>]*>([^<]+)</span></li>', page, re.S)
    return {html.unescape(label): (html.unescape(url), level) for url, label, level in found}


def test_core_s_pages_exist(app: Flask) -> None:
    """US-02: each entry of core's leads to a page, and each page of the administration says what one does there."""
    known = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert [one.endpoint for one in CORE if one.endpoint not in known] == []
    assert {place.key for shelf in TREE for place in shelf.places} == set(CABINET)


def test_each_sees_his_own(adviser: FlaskClient, administrator: FlaskClient) -> None:
    """US-02: one's account, one's modules, saved views; the cabinet's pages for who may open them; every link opens."""
    mine, boss = listed(adviser), listed(administrator)
    assert mine["Ma fiche"] == ("/mon-compte/fiche", "Moi")
    assert mine["Second facteur"] == ("/mon-compte#titre-facteur", "Moi")
    assert mine["Portefeuille"] == ("/services/modules/portefeuille", "Moi")
    assert mine["Vues des contacts"] == ("/p/contacts/liste/vues", "Moi")
    assert mine["Activation de Nominéo"] == ("/p/nomineo/activation", "Cabinet")
    assert "Journal d'audit" not in mine
    assert "Nominéo, pour le cabinet" not in mine
    assert boss["Nominéo, pour le cabinet"] == ("/administration/modules/nomineo/reglages", "Cabinet")
    assert boss["Journal d'audit"] == ("/administration/journal", "Cabinet")
    assert set(mine) < set(boss)
    for client, held in ((adviser, mine), (administrator, boss)):
        assert [url for url, _level in held.values() if client.get(url.partition("#")[0]).status_code != 200] == []


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("second facteur", {"Second facteur"}), ("FACTEUR", {"Second facteur"}), ("telephone", {"Ma fiche", "Second facteur"}),
        ("avatar", {"Ma photo"}), ("habilitation generali", {"Conseillers habilités chez Nominéo"}),
        ("vues comptes", {"Vues des comptes", "Vues des comptes suivis"}), ("répart", {"Portefeuille"}), ("zzz", set()),
        ("\0 ' % _", None),
    ],
)  # fmt: skip
def test_the_search(adviser: FlaskClient, asked: str, wanted: set[str] | None) -> None:
    """US-02: by label, keyword, group or what is set there; accents, capitals and the ends of words do not matter."""
    answer = adviser.get(PAGE, query_string={"q": asked})
    assert answer.status_code == 200
    if wanted is not None:
        assert set(listed(adviser, asked)) == wanted
    if wanted == set():
        assert "Aucun réglage sur ces mots" in answer.get_data(as_text=True)


def test_modules_fill_it(essai: Hub, people: People, adviser: FlaskClient, administrator: FlaskClient) -> None:
    """US-02, PL-05: «logo» → Personnalisation › Logo; rights hold; an entry that leads nowhere is its module's fault alone."""
    assert listed(adviser, "logo") == {"Logo": ("/", "Moi")}
    assert listed(adviser, "marque") == listed(adviser, "personnalisation logo") == {"Logo": ("/", "Moi")}
    assert "Tarif" not in listed(adviser)
    assert listed(administrator)["Tarif"] == ("/", "Cabinet")
    page = html.unescape(adviser.get(PAGE).get_data(as_text=True))
    assert "Le module «Module d'essai» est indisponible" in page
    assert "Perdu" not in page
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, essai.registry, "essai", on=False, actor="cli")
    assert "Logo" not in listed(adviser)


def test_the_menu_and_the_palette_lead_there(adviser: FlaskClient) -> None:
    """US-02: «Services» stands in the user's menu, and among the palette's actions."""
    page = adviser.get("/mon-compte").get_data(as_text=True)
    assert re.search(r'<a class="e-item" href="/services">.*?Services', page)
    assert re.search(r'<a role="option"[^>]* href="/services">', page)
