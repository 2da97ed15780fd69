"""The style guide shows every component (issue 3, «Components»)."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import csrf

PANELS = (
    "couleurs", "typographie", "boutons", "champs", "statuts", "menus", "pages", "messages", "dialogue", "chargement",
    "coquille", "vide", "sans-resultat", "tableau", "graphique-anneau", "graphique-barres", "graphique-courbe",
    "graphique-courbes", "toasts", "ordre", "fichiers", "repliables", "travaux", "attente", "erreur", "droits", "cartes",
    "apercu",
)  # fmt: skip


def test_every_panel_is_there(adviser: FlaskClient) -> None:
    """US-01: colours, type, buttons, fields, statuses, menus, tabs, messages, dialog, empty, loading, table, charts."""
    page = adviser.get("/styleguide").get_data(as_text=True)
    for panel in PANELS:
        assert f'id="{panel}"' in page, panel
    assert page.count("<e-chart") == 6


def test_its_states_are_in_the_address(adviser: FlaskClient) -> None:
    """ux.md §3.2, rule 2: order, page, filter, errors."""
    page = adviser.get("/styleguide?tri=valeur&sens=desc&page=99&filtre=non&erreurs=1").get_data(as_text=True)
    assert page.index("Fonds euro Generali Vie</th>") < page.index("Carmignac Patrimoine A EUR Acc</th>")
    for part in ("Il y a 2 erreurs", "Remettre le filtre", 'aria-sort="descending"', "601 à 612 sur 612"):
        assert part in page, part


def test_the_example_dialog_says_that_nothing_was_done(adviser: FlaskClient) -> None:
    """No button that does nothing: it is posted, and its message comes back."""
    answer = adviser.post("/styleguide", data={"csrf_token": csrf(adviser, "/styleguide")}, follow_redirects=True)
    assert "rien n&#39;a été modifié" in answer.get_data(as_text=True)


def test_an_order_is_kept_and_taken_back(adviser: FlaskClient) -> None:
    """The list to be put in order works without scripts; the script gets the toast alone."""
    token = csrf(adviser, "/styleguide")
    answer = adviser.post("/styleguide/ordre", data={"csrf_token": token, "move": "valeur:first"}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert page.index('data-key="valeur"') < page.index('data-key="libelle"')
    given = {"csrf_token": token, "order": ["part", "gain", "inconnu", "valeur"]}
    toast = adviser.post("/styleguide/ordre", data=given, headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "<html" not in toast
    offered = toast.split('name="undo" value="')[1].split('"')[0]
    page = adviser.get("/styleguide").get_data(as_text=True)
    places = [page.index(f'data-key="{key}"') for key in ("part", "gain", "valeur", "libelle", "isin")]
    assert places == sorted(places)
    form = {"csrf_token": token, "undo": offered, "next": "/styleguide"}
    page = adviser.post("/annuler", data=form, follow_redirects=True).get_data(as_text=True)
    assert page.index('data-key="valeur"') < page.index('data-key="libelle"') < page.index('data-key="part"')


def test_a_visitor_signs_in_first(app: Flask) -> None:
    """security-reliability.md §2.5."""
    assert app.test_client().get("/styleguide", headers={"Accept": "text/html"}).status_code == 302


def test_badges_and_notes_have_kinds_that_exist() -> None:
    """A kind that has no colour is drawn as nothing in particular: a signed document once looked like any other."""
    known = {"success", "warning", "danger", "info", "neutral"}
    asked = {
        (str(path), kind)
        for folder in ("core", "plugins") for path in Path(folder).rglob("templates/**/*.html")
        for kind in re.findall(r"ui\.(?:badge|note)\('(\w+)'", path.read_text("utf-8"))
    }  # fmt: skip
    assert len(asked) > 50
    assert {one for one in asked if one[1] not in known} == set()
