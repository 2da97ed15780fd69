"""The style guide's parts that do something: an order that is kept in one's session, an act that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import session as kept
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.db.session import TenantSession
from core.hooks.quality import Quality
from core.hooks.types import Adviser
from core.shell import undo
from core.web import diagrams
from core.web.order import reordered
from core.web.policy import policy
from core.web.request import db_session

ORDER = "styleguide_order"
COLUMNS = {"libelle": "Libellé", "isin": "ISIN", "valeur": "Valorisation", "gain": "Plus ou moins-value", "part": "Part"}


def columns() -> list[tuple[str, str]]:
    """The example's columns in this person's order."""
    order = [key for key in kept.get(ORDER, ()) if key in COLUMNS]
    return [(key, COLUMNS[key]) for key in (*order, *(key for key in COLUMNS if key not in order))]


def qualities() -> list[tuple[str, Quality]]:
    """A module's quality in each of its states."""
    lacks = (_("un passage de ses tests sur PostgreSQL"), _("un journal de ce qui change à chaque version"))
    return [
        (_("Or"), Quality("or", (), "1.0")), (_("Argent"), Quality("argent", lacks, "1.0")),
        (_("Bronze, version plus récente"), Quality("bronze", lacks[:1], "1.0", stale=True)),
        (_("Rien d'atteint"), Quality(None, lacks[:1], "1.0")), (_("Jamais vérifié"), Quality()),
    ]  # fmt: skip


def family() -> diagrams.Diagram:
    """A drawn family: the subject, somebody who died, a union that is over, what is left out."""
    boxes = (
        diagrams.Box("m", "Modèle Ève", (_("Mère"), "1938 – 2024, décès"), -1, 0, "#dessins", ("dead",)),
        diagrams.Box("x", "Ancien Luc", (_("Ex-époux"), "69 ans"), 0, 2, "#dessins", ("ended",)),
        diagrams.Box("s", "Modèle Anne", ("65 ans",), 0, 0, None, ("self",)),
        diagrams.Box("p", "Modèle Marc", (_("Époux"), "66 ans"), 0, 1, "#dessins"),
        diagrams.Box("e", "Modèle Zoé Apolline Radegonde", (_("Fille"), "41 ans"), 1, 0.5, "#dessins"),
    )
    ties = (
        diagrams.Tie("m", "s"), diagrams.Tie("s", "e"), diagrams.Tie("p", "e"), diagrams.Tie("s", "p", "union"),
        diagrams.Tie("s", "x", "ended"),
    )  # fmt: skip
    out = _("Le dessin ne montre pas tout\u202f: il laisse de côté 12 enfants. La liste les montre.")
    said = _("Quatre parents et alliés de Modèle Anne.")
    return diagrams.drawn("sg-famille", _("Exemple d'arbre familial"), boxes, ties, said=said, left_out=out)


def holdings() -> diagrams.Diagram:
    """A drawn structure: a beneficial owner through a holding, a company below."""
    boxes = (
        diagrams.Box("h", "Modèle Marc", ("au total 53,75 %", _("bénéficiaire effectif")), -2, 0, "#dessins", ("owner",)),
        diagrams.Box("d", "SAS Tête d'exemple", (), -1, 0, "#dessins", ("company",)),
        diagrams.Box("t", "SAS Milieu d'exemple", (), 0, 0, None, ("company", "self")),
        diagrams.Box("q", "SCI Bas d'exemple", (), 1, 0, "#dessins", ("company",)),
    )
    ties = (
        diagrams.Tie("h", "d", "holding", "65 % PP"), diagrams.Tie("d", "t", "holding", "75 % PP"),
        diagrams.Tie("h", "t", "holding", "5 % US"), diagrams.Tie("t", "q", "holding", "60 % PP", "end"),
    )  # fmt: skip
    said = _("Qui détient SAS Milieu d'exemple, et ce qu'elle détient.")
    return diagrams.drawn("sg-structure", _("Exemple d'organigramme"), boxes, ties, said=said)


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/styleguide/ordre", "order", order, methods=["POST"])
    made.add_url_rule("/styleguide/annulable", "reversible", reversible, methods=["POST"])


@policy("session")
def order() -> ResponseReturnValue:
    """Keep the order at once; the script gets the toast that takes it back, others a message."""
    before = [key for key, _label in columns()]
    after = reordered(before, request.form)
    kept[ORDER] = after
    text = _("L'ordre des colonnes est enregistré.")
    token = undo.offer(db_session(), current_user.adviser, "shell.styleguide_order", "styleguide:ordre", {"before": before})
    db_session().commit()
    back = url_for("styleguide.index", _anchor="ordre")
    if "X-Fragment" in request.headers:
        return render_template("styleguide/order_saved.html", text=text, token=token, back=back)
    undo.say(text, token)
    return redirect(back, 303)


@policy("session")
def reversible() -> ResponseReturnValue:
    """The example of an act that is done at once."""
    token = undo.offer(db_session(), current_user.adviser, "shell.styleguide_example", "styleguide:exemple", {})
    db_session().commit()
    undo.say(_("Exemple\u202f: l'encart Alertes est déplacé en position 2 sur 6."), token)
    return redirect(url_for("styleguide.index"), 303)


@undo.command("shell.styleguide_order")
def _order_again(_session: TenantSession, _adviser: Adviser, payload: Mapping[str, Any]) -> str:
    kept[ORDER] = list(payload["before"])
    return "Les colonnes ont repris leur ordre."


@undo.command("shell.styleguide_example")
def _example_again(_session: TenantSession, _adviser: Adviser, _payload: Mapping[str, Any]) -> str:
    return "Exemple annulé\u202f: l'encart Alertes est revenu à sa place."
