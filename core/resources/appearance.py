"""`/cabinet/appearance`: the theme, the colours, the logos and the layout of statements (PL-06)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.admin import appearance as words
from core.admin import logos
from core.cabinets import brand
from core.cabinets.brand import Shade
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.resources import appearance_schemas as shapes
from core.resources.people import CABINET
from core.resources.people import READ
from core.resources.people import WRITE
from core.rest.operations import Call
from core.rest.operations import Reply
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
        "logo_light": _size(worn.light), "logo_dark": _size(worn.dark),
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


@CABINET.get("/cabinet/appearance/logos/{shade}", _l("Télécharger un logo"), media="image/png", scope=READ)
def appearance_logo(call: Call, shade: str) -> Reply:
    """The one that is worn, as it is drawn for paper."""
    known = _shade(shade)
    kept = getattr(brand.of(call.session), known)
    image = brand.logo(call.session, kept[0]) if kept else None
    if image is None:
        raise NotFound(_("Le cabinet n'a pas de logo pour ce fond."))
    return Reply(data=image, media="image/png", filename=f"logo-{known}.png")


@CABINET.post(
    "/cabinet/appearance/logos/{shade}", _l("Déposer un logo"), shapes.AppearanceOut, takes=shapes.LogoIn, scope=WRITE,
    about=_l("shade\u202f: light pour les fonds clairs et les états, dark pour les fonds sombres. L'image est redessinée."),
)  # fmt: skip
def appearance_logo_deposit(call: Call, shade: str) -> dict[str, Any]:
    """Wear it, in the place of the former one."""
    known = _shade(shade)
    call.session.commit()  # drawing it is slow work: nothing is held
    drawn = logos.drawn(call.taken["file"])
    size = (drawn.width, drawn.height)
    brand.keep_logo(call.session, call.adviser.user_id, known, paper=drawn.paper, screen=drawn.screen, size=size)
    return appearance(call)


@CABINET.delete("/cabinet/appearance/logos/{shade}", _l("Retirer un logo"), scope=WRITE, same="cabinet_appearance_logo")
def appearance_logo_remove(call: Call, shade: str) -> None:
    """Wear none for that ground."""
    brand.change(call.session, call.adviser.user_id, **{_shade(shade): None})


def _shade(text: str) -> Shade:
    found = next((one for one in brand.SHADES if one == text), None)
    if found is None:
        raise NotFound(_("Un logo est pour un fond\u202f: light ou dark."))
    return found


def _size(logo: tuple[str, int, int] | None) -> dict[str, int] | None:
    return {"width": logo[1], "height": logo[2]} if logo else None
