"""`/p/outils/models`: model portfolios and their versions for programs (OU-01)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.db import DomainError
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from plugins.outils.portfolios import book
from plugins.outils.portfolios import forms
from plugins.outils.portfolios import schemas as made
from plugins.outils.portfolios import shapes

READ, WRITE = "accounts:read", "accounts:write"
MODELS = Resource(
    "outils_models", _l("Modèles"), _l("Portefeuilles modèles du cabinet, par profil\u202f: versions, lignes, bandes."),
    plugin="outils",
)  # fmt: skip
_BASE = "/p/outils/models"
_ONE = f"{_BASE}/{{model_id}}"


@MODELS.get(_BASE, _l("Lister les modèles"), made.ModelsOut, scope=READ)
def listed(call: Call) -> dict[str, Any]:
    """The cabinet's, those put away among them."""
    return {"items": book.listed(call.session)}


@MODELS.post(_BASE, _l("Créer un modèle"), made.ModelOut, takes=made.ModelNew, status=201, scope=WRITE)
def create(call: Call) -> Reply:
    """As «Nouveau modèle»."""
    lines = _lines(call, call.taken["lines"])
    terms = shapes.Terms(call.taken["name"], call.taken["profile"], call.taken.get("remarks") or "", lines)
    new = book.save(call.session, call.adviser, terms, new_id=call.once or None)
    return Reply(show(call, new), f"{_BASE}/{new}")


@MODELS.get(_ONE, _l("Lire un modèle"), made.ModelOut, scope=READ)
def show(call: Call, model_id: str) -> shapes.Portfolio:
    """One, with the version that holds."""
    return book.get(call.session, model_id)


@MODELS.patch(
    _ONE, _l("Modifier un modèle"), made.ModelOut, takes=made.ModelPatch, scope=WRITE, same="outils_models_show",
    about=_l("D'autres lignes, un autre profil ou d'autres remarques font une nouvelle version\u202f; les anciennes restent."),
)  # fmt: skip
def change(call: Call, model_id: str) -> shapes.Portfolio:
    """What was sent, and nothing else."""
    found = book.get(call.session, model_id)
    held, sent = found.version, call.taken
    if "lines" in sent:
        lines = _lines(call, sent["lines"])
    else:
        lines = tuple(shapes.Target(one.support_id, one.weight, one.band) for one in held.lines)
    remarks = (sent["remarks"] or "") if "remarks" in sent else held.remarks
    terms = shapes.Terms(sent.get("name", found.name), sent.get("profile", held.profile), remarks, lines)
    book.save(call.session, call.adviser, terms, model_id=model_id)
    return book.get(call.session, model_id)


@MODELS.get(f"{_ONE}/versions", _l("Lire les versions d'un modèle"), made.VersionsOut, scope=READ)
def versions(call: Call, model_id: str) -> dict[str, Any]:
    """The newest first."""
    return {"items": book.versions(call.session, model_id)}


@MODELS.post(f"{_ONE}/archive", _l("Archiver un modèle"), made.ModelOut, scope=WRITE)
def archive(call: Call, model_id: str) -> shapes.Portfolio:
    """Put it away."""
    book.archive(call.session, call.adviser, model_id)
    return book.get(call.session, model_id)


@MODELS.post(f"{_ONE}/restore", _l("Sortir un modèle des archives"), made.ModelOut, scope=WRITE)
def restore(call: Call, model_id: str) -> shapes.Portfolio:
    """Take it back."""
    book.restore(call.session, call.adviser, model_id)
    return book.get(call.session, model_id)


def _lines(call: Call, sent: Sequence[Mapping[str, Any]]) -> tuple[shapes.Target, ...]:
    """The lines of a body, each support by its ISIN, code or label."""
    found = []
    for n, one in enumerate(sent, 1):
        support_id = supports.naming.support(call.session, one["support"], call.adviser.user_id) if one["support"] else None
        if support_id is None:
            said = _("Aucun support ne porte le code «\u202f%(code)s\u202f» de la ligne %(n)s.", code=one["support"][:40], n=n)
            raise DomainError(said, field="lines")
        band = one.get("band")
        weight = one["weight"] / forms.HUNDRED
        found.append(shapes.Target(support_id, weight, (forms.BAND if band is None else band) / forms.HUNDRED))
    return tuple(found)
