"""The style guide's list: the component of every table, over a few lines that nothing stores."""

from __future__ import annotations

from decimal import Decimal

from flask import request
from flask import url_for
from flask_babel import lazy_gettext as _l

from core.shell.saved_views import View
from core.web import lists
from core.web.lists import ListState

LINES: tuple[tuple[str, str, str, Decimal | None], ...] = (
    ("Exemple Anne", "Aville", "Client", Decimal("412345.10")), ("Modèle Jean", "Béville", "Client", Decimal("1204588.32")),
    ("Essai Zoé", "Aville", "Prospect", None),
    ("Exemple-Composé de La Longue-Particule Marie-Antoinette", "Saint-Aville-sur-Fleuve", "Client", Decimal("98450.75")),
)  # fmt: skip
SPEC = lists.ListSpec(
    "styleguide", _l("Exemple"), "styleguide.list", "",
    (
        lists.ListColumn("nom", _l("Nom"), lambda line: line[0], sortable=True, fixed=True),
        lists.ListColumn("ville", _l("Ville"), lambda line: line[1]),
        lists.ListColumn("categorie", _l("Type"), lambda line: line[2]),
        lists.ListColumn("montant", _l("Encours"), lambda line: line[3], sortable=True, numeric=True),
    ),
    (
        lists.ListFilter("texte", _l("Recherche"), "search", hint=_l("Nom")),
        lists.ListFilter("categorie", _l("Type"), every=_l("Type\u202f: tous")),
        lists.ListFilter("minimum", _l("Encours"), "amount", hint=_l("Encours ≥")),
        lists.ListFilter("jour", _l("Depuis le"), "since", hint=_l("Du JJ/MM/AAAA")),
    ), "nom",
)  # fmt: skip


def state() -> ListState:
    """The example's state, from the style guide's own address."""
    options = {"categorie": [("Client", _l("Client")), ("Prospect", _l("Prospect"))]}
    return lists.read(SPEC, request.args, can=lambda _name: True, options=options)


def lines(shown: ListState) -> list[tuple[str, str, str, Decimal | None]]:
    """The lines as filtered and sorted."""
    asked, least = shown.values, shown.values["minimum"]
    found = [
        line for line in LINES
        if (asked["texte"] or "").lower() in line[0].lower() and asked["categorie"] in (None, line[2])
        and (least is None or (line[3] or 0) >= least)
    ]  # fmt: skip
    if shown.sort == "montant":
        return sorted(found, key=lambda line: line[3] or Decimal(0), reverse=shown.descending)
    return sorted(found, key=lambda line: line[0], reverse=shown.descending)


def views() -> tuple[tuple[View, str], ...]:
    """Views as their menu shows them: one's own, the usual one; a colleague's."""
    here = url_for(SPEC.endpoint, categorie="Client")
    return (
        (View("v1", "Mes clients à suivre", "", True, True, "Vous", True, True), here),
        (View("v2", "Prospects d’Aville", "", True, False, "Une collègue", False, False), here),
    )  # fmt: skip
