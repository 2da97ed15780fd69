"""`/cabinet/appearance`: the theme, the colours and the layout of statements (PL-06). Logos are files: they go by the page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.admin import appearance as words
from core.cabinets import brand
from core.db.errors import DomainError
from core.resources import appearance_schemas as shapes
from core.resources.people import CABINET
from core.resources.people import READ
from core.resources.people import WRITE
from core.rest.operations import Call
from core.web import looks
from core.web.problems import Fault
from core.web.problems import Problem


@CABINET.get("/cabinet/appearance", _l("Lire l'apparence"), shapes.AppearanceOut, scope=READ)
def appearance(call: Call) -> dict[str, Any]:
    """What is worn, and the themes that may be."""
    worn = brand.of(call.session)
    return {
        "theme": looks.themes().of(worn.theme).name, "main": worn.main, "accent": worn.accent, "layout": worn.layout,
        "foot": worn.foot, "legal": worn.legal, "themes": looks.themes().listed(),
    }  # fmt: skip


@CABINET.patch(
    "/cabinet/appearance", _l("Modifier l'apparence"), shapes.AppearanceOut, takes=shapes.AppearancePatch, scope=WRITE,
    same="cabinet_appearance",
    about=_l("Une couleur qui ne se lit pas assez sur le thème est refusée (422), avec la plus proche qui convient."),
)  # fmt: skip
def appearance_change(call: Call) -> dict[str, Any]:
    """What was sent, if it can be read; nothing of it otherwise."""
    worn, sent = brand.of(call.session), dict(call.taken)
    if (name := sent.get("theme")) is not None and name not in looks.themes().installed:
        raise DomainError(_("Ce thème n'est pas installé."), field="theme")
    colours = {role: sent.get(role, getattr(worn, role)) for role in words.ROLES}
    if refused := words.refused(looks.themes().of(sent.get("theme", worn.theme)), colours):
        raise Problem(
            422, "validation", "Saisie à corriger", "Des couleurs ne se lisent pas assez\u202f: corrigez-les, puis recommencez.",
            faults=[Fault(role, text) for role, text in refused.items()],
        )  # fmt: skip
    brand.change(call.session, call.adviser.user_id, **sent)
    return appearance(call)
