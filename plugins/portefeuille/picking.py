"""Which contact a field means by a name or a file code that was typed: taken where it is clear, else the choices are said."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from core.api import contacts
from core.api.web import adviser
from core.api.web import db_session

MOST = 10
PEOPLE = ("PERSONNE_PHYSIQUE", "PERSONNE_MORALE")


def said(line: contacts.ContactLine) -> str:
    """A contact as a field names him: «Durand Jeanne · D00012»."""
    return f"{line.name} · {line.file_code}"


def picked(field: str, text: str, fits: tuple[str, ...] = PEOPLE) -> tuple[str, str, tuple[contacts.ContactLine, ...]]:
    """The contact's id where it is clear; else what is wrong, and those to choose from (`choix_<field>` in the form)."""
    code = text.rpartition(" · ")[2].strip() if " · " in text else text.strip()
    found, _how = contacts.found(db_session(), adviser(), code, limit=MOST + 1)
    lines = tuple(one for one in found if one.kind in fits)[:MOST]
    chosen = request.form.get(f"choix_{field}", "")
    if chosen in {one.id for one in lines}:
        return chosen, "", ()
    exact = [one for one in lines if code.casefold() in (one.file_code.casefold(), one.name.casefold())]
    if len(exact) == 1:
        return exact[0].id, "", ()
    if not lines:
        return "", _("Aucun contact ouvert à votre profil ne correspond\u202f: vérifiez le nom, ou créez ce contact."), ()
    return "", _("Choisissez ci-dessous le contact dont il s'agit."), lines
