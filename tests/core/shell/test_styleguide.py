"""The style guide shows every component (issue 3, «Components»)."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import csrf

PANELS = (
    "couleurs", "typographie", "boutons", "champs", "statuts", "menus", "pages", "messages", "dialogue", "chargement",
    "coquille", "vide", "sans-resultat", "tableau", "graphique-anneau", "graphique-barres", "graphique-courbe",
)  # fmt: skip


def test_every_panel_is_there(adviser: FlaskClient) -> None:
    """US-01: colours, type, buttons, fields, statuses, menus, tabs, messages, dialog, empty, loading, table, charts."""
    page = adviser.get("/styleguide").get_data(as_text=True)
    for panel in PANELS:
        assert f'id="{panel}"' in page, panel
    assert page.count("<e-chart") == 3


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


def test_a_visitor_signs_in_first(app: Flask) -> None:
    """security-reliability.md §2.5."""
    assert app.test_client().get("/styleguide", headers={"Accept": "text/html"}).status_code == 302
