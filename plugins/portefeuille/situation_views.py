"""Portefeuille > Situation: what a person or a household has on a day, along one axis, each slice down to its lines (PF-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from core.api import charts
from core.api import contacts
from core.api import forms
from core.api import wealth
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import address
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import frames
from plugins.portefeuille import pictures

SECTION = "situation"
FIRST = date(1990, 1, 1)
USUAL = "classe"


class OnForm(Form):
    """The day of the situation, and along which axis it is cut."""

    au = fields.day(_l("Situation au"), past=True, least=FIRST)
    par = fields.choice(_l("Répartir par"), {one.key: one.label for one in wealth.AXES.values()})


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/situation", "situation", situation)


@permission("accounts.view")
def situation(contact_id: str) -> ResponseReturnValue:
    """The whole, cut along the axis `par` on the day `au`; `tranche` opens one slice's lines."""
    contact = contacts.get_contact(db_session(), adviser(), contact_id)
    asked, form = forms.asked(OnForm(), request.args, {"au": today(), "par": USUAL})
    on, by = asked["au"], asked["par"]
    found = wealth.situation(db_session(), adviser(), contact_id, on)
    slices = found.slices(by)
    opened = next((one for one in slices if one.code == request.args.get("tranche", "")), None)
    frame, failures = frames.file_frame(contact_id, SECTION)
    kept: dict[str, Any] = {"contact_id": contact_id, "au": f"{on:%d/%m/%Y}"}
    urls = {
        one.code: url_for("p_portefeuille.situation", **kept, par=by, tranche=one.code, _anchor="t-lignes") for one in slices
    }  # fmt: skip
    page = render_template(
        "portefeuille/situation.html", contact=contact, frame=frame, failures=failures, age=contact.age(today()), form=form,
        on=on, today=today(), found=found, axis=wealth.AXES[by], slices=slices, opened=opened, urls=urls,
        chart=pictures.sliced(slices, wealth.AXES[by].label, found, urls), whole=len(slices) > charts.SLICES,
        supports=_supports(opened), homes=_homes(contact, on),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _supports(opened: wealth.Slice | None) -> dict[str, str]:
    """Where each support of the opened slice leads."""
    ids = {line.support_id for line in opened.lines if line.support_id} if opened else set()
    return {key: url for key in ids if (url := address("p_outils.support", support_id=key))}


def _homes(contact: contacts.ContactCard, on: date) -> list[tuple[str, str]]:
    """The households of a person, to see the whole."""
    return [
        (one.name, url_for("p_portefeuille.situation", contact_id=one.id, au=f"{on:%d/%m/%Y}")) for one in contact.households
    ]
