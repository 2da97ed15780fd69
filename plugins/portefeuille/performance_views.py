"""Performance of an account, a person, a household: tab of the account, page of the file (PF-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import performance
from core.api import wealth
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_views
from plugins.portefeuille import frames
from plugins.portefeuille import performance_rows as rows

#: What is shown where the address asks for nothing.
USUAL = "origine"
FREE = "libre"
FIRST = date(1950, 1, 1)


class PeriodForm(Form):
    """Days of one's own, and an index."""

    du = fields.day(_l("Du"), least=FIRST)
    au = fields.day(_l("Au"), past=True, least=FIRST)
    indice = fields.choice(_l("Comparer à"), {})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: the period's code, its days, the index, the form that says so."""

    period: str
    since: date | None
    until: date
    index: str
    form: Any


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comptes/<account_id>/performance", "account_performance", account)
    made.add_url_rule("/contacts/<contact_id>/performance", "contact_performance", contact)


@permission("accounts.view")
def account(account_id: str) -> ResponseReturnValue:
    """Tab Performance of an account."""
    head = account_views.head_of(account_id, "account_performance")
    asked = _asked()
    found = performance.of_account(db_session(), adviser(), account_id, asked.since, asked.until)
    page = render_template(
        "portefeuille/account_performance.html", head=head, crumbs=account_views.crumbs_of(head),
        **_shown(asked, found, head.account.label, "p_portefeuille.account_performance", {"account_id": account_id}),
        moves_url=url_for("p_portefeuille.account_movements", account_id=account_id),
    )  # fmt: skip
    return page, 422 if asked.form.errors else 200


@permission("accounts.view")
def contact(contact_id: str) -> ResponseReturnValue:
    """Portefeuille > Performance of a person or a household: all accounts together."""
    session, who = db_session(), adviser()
    one = contacts.get_contact(session, who, contact_id)
    asked = _asked()
    found = performance.of_contact(session, who, contact_id, asked.since, asked.until)
    frame, failures = frames.file_frame(contact_id, "performance")
    page = render_template(
        "portefeuille/contact_performance.html", contact=one, frame=frame, age=one.age(today()), failures=failures,
        held=_held(who, contact_id), moves_url=None,
        **_shown(asked, found, one.name, "p_portefeuille.contact_performance", {"contact_id": contact_id}),
    )  # fmt: skip
    return page, 422 if asked.form.errors else 200


def _held(who: Adviser, contact_id: str) -> Any:
    return wealth.totals.of_contact(db_session(), who, contact_id) or ()


def _asked() -> Asked:
    """The period and the index of the address. A day that cannot be read stays in the form, with what is wrong."""
    schema, known = PeriodForm(), performance.known_indices(db_session())
    options = {"": _("Aucun indice"), **{one.id: one.label for one in known}}
    period = request.args.get("periode", USUAL)
    period = period if period in performance.PERIODS else USUAL
    typed = {name: request.args.get(name, "") for name in ("du", "au")}
    index = request.args.get("indice", "")
    index = index if index in options else ""
    since, until = performance.bounds(period, today())
    errors: dict[str, str] = {}
    if any(typed.values()):
        checked = forms.check(schema, {**typed, "indice": ""})
        errors = {name: text for name, text in checked.errors.items() if name in typed}
        own = (checked.values.get("du"), checked.values.get("au") or today())
        errors = errors or _refused(*own)
        if errors or own != (since, until):  # the days of the period chosen come back with the index
            period = FREE
            since, until = performance.bounds(USUAL, today()) if errors else own
    shown = typed if period == FREE else {"du": since or "", "au": until}
    form = forms.view(schema, {**shown, "indice": index}, errors, options={"indice": options})
    return Asked(period, since, until, index, form)


def _refused(since: date | None, until: date) -> dict[str, str]:
    if since is not None and since >= until:
        return {"du": _("La période finit avant d'avoir commencé, ou le même jour\u202f: choisissez une date plus ancienne.")}
    return {}


def _shown(
    asked: Asked, found: performance.Measure, name: str, endpoint: str, values: dict[str, str]
) -> dict[str, Any]:
    compared = performance.beside(db_session(), found, [asked.index] if asked.index else [])
    kept = {**values, **({"indice": asked.index} if asked.index else {})}
    return {
        "found": found, "form": asked.form, "figures": rows.figures(found, compared), "chart": rows.chart(found, compared, name),
        "flows": rows.flows(found), "values": rows.values(found), "compared": compared, "endpoint": endpoint, "kept": kept,
        "period": asked.period, "months": rows.MONTHS, "most": rows.MOST,
        "periods": [{"key": key, "label": label} for key, label in performance.PERIODS.items() if key != FREE],
    }  # fmt: skip
