"""Patrimoine > Bilan: what a person or a household owns and owes on a day, part by part, and each figure's origin (PA-01)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import wealth
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.patrimoine import balance_pictures
from plugins.patrimoine import balance_rows
from plugins.patrimoine import frames
from plugins.patrimoine.balance_rows import Sheet

SECTION = "bilan"
FIRST = date(1950, 1, 1)


class OnForm(Form):
    """The day of the sheet."""

    au = fields.day(_l("Situation au"), past=True, least=FIRST)


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/bilan", "balance", balance)


@permission("contacts.view")
def balance(contact_id: str) -> ResponseReturnValue:
    """The sheet, today or on the day in the address."""
    frame = frames.of(contact_id, SECTION, (_("Bilan"), None))
    asked, form = forms.asked(OnForm(), request.args, {"au": today()})
    on: date = asked["au"]
    found = wealth.balance(hub(), current_context(), db_session(), adviser(), contact_id, on)
    sheet = balance_rows.of(found)
    page = render_template(
        "patrimoine/balance.html", **frame, sheet=sheet, on=on, form=form, codes=balance_rows, names=_names(sheet),
        urls=_urls(contact_id, sheet), chart=balance_pictures.assets(sheet), bars=balance_pictures.balance(sheet),
        homes=_homes(frame["contact"]), today=today(),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _names(sheet: Sheet) -> dict[str, str]:
    """Names of owners, of those only whom the adviser may see."""
    return frames.names({part.contact_id for line in sheet.balance.lines for part in line.parts} | set(sheet.balance.people))


def _urls(contact_id: str, sheet: Sheet) -> dict[str, str]:
    """Where each line leads, by its key: its own page, its account, its company's sheet."""
    found: dict[str, str | None] = {}
    for one in sheet.balance.lines:
        item = one.item
        if one.source == "accounts":
            found[item.key] = address("p_portefeuille.account", account_id=item.key)
        elif item.endpoint:
            found[item.key] = address(item.endpoint, contact_id=contact_id, item_id=item.key)
        elif item.company_id:
            found[item.key] = address("p_patrimoine.balance", contact_id=item.company_id)
    return {key: url for key, url in found.items() if url}


def _homes(contact: contacts.ContactCard) -> list[tuple[str, str]]:
    """The households of a person, to see the whole."""
    return [(one.name, address("p_patrimoine.balance", contact_id=one.id) or "") for one in contact.households]
