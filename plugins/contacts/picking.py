"""Which contact a form means by a name or a file code that was typed: taken where it is clear, asked for where it is not."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from core.api import contacts
from core.api.web import adviser
from core.api.web import db_session

MOST = 10


@dataclass(frozen=True, slots=True)
class Picked:
    """`id` where it is clear; otherwise `choices` to pick from, or what is `wrong`. `text`: what was typed."""

    id: str = ""
    choices: tuple[contacts.ContactLine, ...] = ()
    wrong: str = ""
    text: str = ""


def picked(text: str, *, beside: str, fits: tuple[str, ...]) -> Picked:
    """Read the field «other» and the choice that was made of it. `beside`: the contact whose file is open; `fits`: kinds."""
    found, _how = contacts.found(db_session(), adviser(), text, limit=MOST + 1)
    lines = tuple(one for one in found if one.id != beside and one.kind in fits)[:MOST]
    choice = request.form.get("choix", "")
    if choice and request.form.get("pour") == text and choice in {one.id for one in lines}:
        return Picked(choice, text=text)
    exact = [one for one in lines if text.strip().casefold() in (one.file_code.casefold(), one.name.casefold())]
    if len(exact) == 1:
        return Picked(exact[0].id, text=text)
    if not lines:
        return Picked(wrong=_("Aucun contact ouvert à votre profil ne correspond\u202f: vérifiez le nom, ou créez ce contact."))
    return Picked(choices=lines, text=text, wrong=_("Choisissez ci-dessous le contact dont il s'agit."))
