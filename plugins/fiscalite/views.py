"""Patrimoine > Fiscalité of a contact's file: what was declared, what it comes to, what is tried beside it (PA-03)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import permission
from plugins.fiscalite import edit_views
from plugins.fiscalite import frames
from plugins.fiscalite import households
from plugins.fiscalite import kinds
from plugins.fiscalite import pictures
from plugins.fiscalite import rates
from plugins.fiscalite import results
from plugins.fiscalite import services
from plugins.fiscalite import work


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint(frames.PLUGIN, __name__)
    made.add_url_rule("/contacts/<contact_id>", "taxes", taxes)
    made.add_url_rule("/contacts/<contact_id>/<int:year>/resultat", "result", result)
    made.add_url_rule("/contacts/<contact_id>/<int:year>/calculer", "calculate", calculate, methods=["POST"])
    edit_views.register(made)
    return made


@permission("contacts.view")
def taxes(contact_id: str) -> ResponseReturnValue:
    """A year of the household's taxes."""
    year = _asked_year()
    owner = services.owner(db_session(), adviser(), contact_id)
    return render_template("fiscalite/taxes.html", **frames.of(contact_id), **shown(owner, year), years=_years())


@permission("contacts.view")
def result(contact_id: str, year: int) -> ResponseReturnValue:
    """The part that changes once the engine has answered."""
    owner = services.owner(db_session(), adviser(), contact_id)
    more = {"contact": contacts.get_contact(db_session(), adviser(), contact_id), "can_edit": frames.may_edit(owner)}
    return render_template("fiscalite/result.html", **more, **shown(owner, services.checked_year(year)))


@permission("contacts.edit")
def calculate(contact_id: str, year: int) -> ResponseReturnValue:
    """Ask the engine, now or again."""
    owner = edit_views.editable(contact_id)
    found = services.declared(db_session(), owner.id, services.checked_year(year))
    if found.version:
        edit_views.ask(found)
        db_session().commit()
        flash(_("Le calcul est demandé."), "success")
    return redirect(url_for("p_fiscalite.taxes", contact_id=contact_id, annee=year), 303)


def shown(owner: contacts.ContactCard, year: int) -> dict[str, Any]:
    """What the page says of a year."""
    found = services.declared(db_session(), owner.id, year)
    base = frames.base(found) if found.version else None
    keys = services.keys(found, base.asked if base else None)
    estimates = services.estimates(db_session(), keys.values())
    now = estimates.get(keys["present"]) if keys else None
    ifi = estimates.get(keys.get(households.IFI, ""))
    done = now is not None and now.done
    return {
        "owner": owner, "year": year, "declared": found, "estimate": now, "part": work.part(owner.id, year),
        "tax": results.tax(now, found.facts) if now is not None and done else None,
        "chart": pictures.brackets(now) if now is not None and done else None,
        "share": results.by_bracket(now)[0] if now is not None and done else None,
        "ifi": results.ifi(base, ifi), "ifi_estimate": ifi, "sheet": address("p_patrimoine.balance", contact_id=owner.id),
        "levies": results.levies(found.facts, year), "ceilings": results.ceilings(found.facts, year) if found.version else (),
        "columns": results.columns(found, keys, estimates), "kinds": kinds, "rates": rates, "outlook": year >= today().year,
        "company": owner.line.kind == services.COMPANY,
    }  # fmt: skip


def _years() -> list[dict[str, Any]]:
    return [{"key": year, "label": str(year)} for year in services.years()]


def _asked_year() -> int:
    """The year in the address, or the last whole one; one that makes no sense is as if it were not there."""
    text = request.args.get("annee", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else services.usual_year()
    return year if year in services.years() else services.usual_year()
