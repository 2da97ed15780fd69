"""`/p/outils/optimisations`: optimisations of a model for programs (PF-09)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.db import DomainError
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.web import own_context
from plugins.outils.optimising import book
from plugins.outils.optimising import schemas as made
from plugins.outils.optimising import shapes
from plugins.outils.optimising import words

READ, WRITE = "accounts:read", "accounts:write"
OPTIMISATIONS = Resource(
    "outils_optimisations", _l("Optimisations"), _l("Poids d'un modèle cherchés sur les cours passés, dans des bornes."),
    plugin="outils",
)  # fmt: skip
_BASE = "/p/outils/optimisations"
_MODEL = "/p/outils/models/{model_id}/optimisations"


@OPTIMISATIONS.get(_MODEL, _l("Lister les optimisations d'un modèle"), made.OptimisationsOut, scope=READ)
def listed(call: Call, model_id: str) -> dict[str, Any]:
    """The last fifty."""
    return {"items": [_told(one) for one in book.listed(call.session, model_id)]}


@OPTIMISATIONS.post(
    _MODEL, _l("Demander une optimisation"), made.OptimisationOut, takes=made.OptimisationNew, status=201, scope=WRITE,
    about=_l("Le calcul se fait ensuite\u202f: relisez-la jusqu'à ce que son état ne soit plus «\u202fwaiting\u202f»."),
)  # fmt: skip
def ask(call: Call, model_id: str) -> Reply:
    """As «Optimiser»."""
    sent = call.taken
    risk = sent.get("risk")
    wish = shapes.Wish(
        tuple(_line(call, one, n) for n, one in enumerate(sent["lines"], 1)), int(sent["years"]), sent["goal"],
        None if risk is None else risk / 100, sent.get("keep", True),
    )  # fmt: skip
    new = book.ask(own_context("outils"), call.session, call.adviser, model_id, wish, new_id=call.once or None)
    return Reply(show(call, new), f"{_BASE}/{new}")


@OPTIMISATIONS.get(f"{_BASE}/{{optimisation_id}}", _l("Lire une optimisation"), made.OptimisationOut, scope=READ)
def show(call: Call, optimisation_id: str) -> dict[str, Any]:
    """How far it is, and what was found."""
    return _told(book.get(call.session, optimisation_id))


def _line(call: Call, one: dict[str, Any], n: int) -> shapes.Line:
    support_id = supports.naming.support(call.session, one["support"], call.adviser.user_id) if one["support"] else None
    if support_id is None:
        said = _("Aucun support ne porte le code «\u202f%(code)s\u202f» de la ligne %(n)s.", code=one["support"][:40], n=n)
        raise DomainError(said, field="lines")
    low, high = one.get("low"), one.get("high")
    return shapes.Line(
        support_id, shapes.ZERO if low is None else low / 100, shapes.ONE if high is None else high / 100
    )  # fmt: skip


def _told(found: shapes.Optimisation) -> dict[str, Any]:
    result = found.result
    each = words.shares(found, result) if result else ()
    weights = {one.line.support_id: {"weight": one.weight, "whole": one.whole} for one in each}
    lines = [
        {"support_id": one.support_id, "label": one.label, "low": one.low, "high": one.high, "model": one.model,
         "weight": None, "whole": None, **weights.get(one.support_id, {})}
        for one in found.lines
    ]  # fmt: skip
    return {
        "id": found.id, "model_id": found.model_id, "version": found.version, "state": found.state, "why": found.why,
        "wish": found.wish, "said_by": found.said_by, "created_at": found.created_at, "share": found.share, "lines": lines,
        "since": found.series.days[0], "until": found.series.days[-1], "mean": result.chosen.mean if result else None,
        "risk": result.chosen.risk if result else None, "binding": words.binding(found, result) if result else [],
        "tried_since": result.trial.split if result else None, "tried": result.trial.figures if result else None,
        "model_tried": result.trial.model_figures if result else None, "frontier": result.frontier if result else (),
    }  # fmt: skip
