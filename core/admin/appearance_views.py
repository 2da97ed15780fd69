"""«Apparence»: the theme, the cabinet's colours, with what can be read judged as they are typed (PL-06, US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import appearance as words
from core.admin.appearance import ColoursForm
from core.admin.appearance import StatementForm
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.cabinets import brand
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell import undo
from core.themes.brand import Brand
from core.web import forms
from core.web import looks
from core.web.policy import policy
from core.web.request import db_session

CHANGED = "admin.brand_changed"


@blueprint.get("/apparence")
@policy("permission", PEOPLE)
def appearance() -> ResponseReturnValue:
    """Everything on one page."""
    return page()


@blueprint.post("/apparence/theme")
@policy("permission", PEOPLE)
def appearance_theme() -> ResponseReturnValue:
    """Wear another theme, from everybody's next page on."""
    wanted = looks.themes().installed.get(request.form.get("theme", ""))
    if wanted is None:
        raise DomainError(_("Ce thème n'est pas installé."))
    worn = brand.of(db_session())
    if refused := words.refused(wanted, {"main": worn.main, "accent": worn.accent}):
        flash(_("«\u202f%(title)s\u202f» ne s'accorde pas avec les couleurs du cabinet. %(why)s", title=wanted.title,
                why=next(iter(refused.values()))), "warning")  # fmt: skip
        return redirect(url_for("administration.appearance", _anchor="couleurs"), 303)
    return keep(_("Le thème «\u202f%(title)s\u202f» habille les pages du cabinet.", title=wanted.title), theme=wanted.name)


@blueprint.post("/apparence/couleurs")
@policy("permission", PEOPLE)
def appearance_colours() -> ResponseReturnValue:
    """Keep the colours that can be read; «Prendre» puts the nearest one that can in its field."""
    schema, typed = ColoursForm(), forms.typed(ColoursForm(), request.form)
    taken = request.form.get("prendre", "")
    role, _sep, colour = taken.partition(":")
    if role in words.ROLES:
        typed[role] = colour[:20]
    checked = forms.check(schema, typed)
    errors = checked.errors or words.refused(_theme(), checked.values)
    if role in words.ROLES:  # nothing is kept yet: it is shown, to be looked at
        return page(colours=(typed, {name: text for name, text in errors.items() if name != role}))
    if errors:
        return page(colours=(typed, errors)), 422
    chosen = {role: checked.values[role] for role in words.ROLES}
    return keep(_("Les couleurs du cabinet sont enregistrées."), anchor="couleurs", **chosen)


@blueprint.get("/apparence/contraste")
@policy("permission", PEOPLE)
def appearance_contrast() -> ResponseReturnValue:
    """What is typed, judged: the part beside the fields, and the pages as they would be."""
    typed = {role: request.args.get(role, "")[:40] for role in words.ROLES}
    return render_template("admin/appearance_contrast.html", **_judged(typed))


@undo.command(CHANGED, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a change of look."""
    now = brand.plain(brand.of(session))
    lost = any(payload["before"].get(shade) and not brand.logo(session, payload["before"][shade][0]) for shade in brand.SHADES)
    if lost or any(now[name] != value for name, value in payload["after"].items()):
        raise DomainError("L'apparence a encore changé depuis\u202f: vérifiez-la.", code="undo-gone")
    brand.change(session, by.user_id, **payload["before"])
    return "L'apparence est celle d'avant."


def keep(said: str, *, anchor: str = "themes", **changes: Any) -> ResponseReturnValue:
    """Change the look, with undo; back to the page."""
    session, by = db_session(), adviser()
    return told(said, brand.change(session, by.user_id, **changes), anchor=anchor)


def told(said: str, before: Mapping[str, Any], *, anchor: str) -> ResponseReturnValue:
    """Say what was changed (`before` is what `brand.change` gives), offer to take it back, commit."""
    session, by = db_session(), adviser()
    if before:
        now = brand.plain(brand.of(session))
        payload = {"before": dict(before), "after": {name: now[name] for name in before}}
        token = undo.offer(session, by, CHANGED, f"cabinet:{session.require_cabinet()}", payload)
        session.commit()
        undo.say(said, token)
    else:
        flash(_("Rien n'a changé."), "info")
    return redirect(url_for("administration.appearance", _anchor=anchor), 303)


def page(
    *, colours: tuple[Mapping[str, Any], Mapping[str, str]] | None = None, logos: Mapping[str, Any] | None = None,
    statement: tuple[Mapping[str, Any], Mapping[str, str]] | None = None,
) -> str:  # fmt: skip
    """The page; what was typed and refused stands in its form."""
    worn, installed = brand.of(db_session()), looks.themes()
    kept = {"main": worn.main, "accent": worn.accent}
    typed, wrong = colours or (kept, {})
    written, faults = statement or ({"layout": worn.layout or "", "foot": worn.foot, "legal": worn.legal}, {})
    own = Brand(worn.main, worn.accent)
    form, paper = forms.view(ColoursForm(), typed, wrong), forms.view(StatementForm(), written, faults)
    logo = words.logo_fields(logos or {})
    return shown(
        "appearance.html", "appearance", themes=installed.listed(), broken=installed.broken, worn=worn, current=_theme(),
        lost=worn.theme if worn.theme and worn.theme not in installed.installed else None,
        sheets={one.name: looks.sheet_of("apercu", one, own) for one in installed.listed()}, form=form, paper=paper, logos=logo,
        errors=(*form.errors, *logo.errors, *paper.errors), **_judged({role: str(typed.get(role) or "") for role in words.ROLES}),
    )  # fmt: skip


def _judged(typed: Mapping[str, str]) -> dict[str, Any]:
    theme = _theme()
    found = {role: words.verdict(theme, role, typed[role]) for role in words.ROLES}
    sound = Brand(*(found[role].near or found[role].colour for role in words.ROLES))
    return {"verdicts": found, "places": words.PLACES, "contrast": words.contrast, "theme": theme,
            "trial": looks.sheet_of("essai", theme, sound)}  # fmt: skip


def _theme() -> Any:
    return looks.themes().of(brand.of(db_session()).theme)
