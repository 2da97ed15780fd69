"""Portefeuille > Audit: what is to be seen in a person's or a household's portfolio on a day, and what to do (PF-07)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import address
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import audit_rows as rows
from plugins.portefeuille import frames

SECTION = "audit"
FIRST = date(1990, 1, 1)


class DayForm(Form):
    """The day of the audit."""

    au = fields.day(_l("Audit au"), past=True, least=FIRST)


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/audit", "audit", audit)


@permission("accounts.view")
def audit(contact_id: str) -> ResponseReturnValue:
    """The findings by severity on the day `au`, each with its lines, its source and what to do."""
    contact = contacts.get_contact(db_session(), adviser(), contact_id)
    asked, form = forms.asked(DayForm(), request.args, {"au": today()})
    on: date = asked["au"]
    found = rows.audit(contact_id, on)
    icons = frames.icons(found.accounts)
    frame, failures = frames.file_frame(contact_id, SECTION)
    names = {ref.id: ref for ref in found.accounts}
    page = render_template(
        "portefeuille/audit.html", contact=contact, frame=frame, age=contact.age(today()), form=form, on=on, today=today(),
        failures=(*failures, *found.failures, *icons.failures), found=found, looks=rows.LOOKS, badges=icons.badges, names=names,
        supports={key: url for key in rows.supports(found.said) if (url := address("p_outils.support", support_id=key))},
        pages=[_page(one) for one in found.said], homes=_homes(contact, on),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _page(said: rows.Said) -> str | None:
    finding = said.finding
    return address(finding.endpoint, **finding.values) if finding.endpoint else None


def _homes(contact: contacts.ContactCard, on: date) -> list[tuple[str, str]]:
    """The households of a person, to see the whole."""
    return [(one.name, url_for("p_portefeuille.audit", contact_id=one.id, au=f"{on:%d/%m/%Y}")) for one in contact.households]
