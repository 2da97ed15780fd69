"""Assets: added, changed, valued, let, given up. What is wrong is said beside its field (PA-01, AU-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import fields
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import forms
from core.api import undo
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import asset_forms
from plugins.patrimoine import asset_writes
from plugins.patrimoine import owner_forms
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.asset_views import SECTION
from plugins.patrimoine.asset_views import of_file
from plugins.patrimoine.owner_forms import Page

EDIT = asset_writes.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/actifs"
    made.add_url_rule(f"{base}/nouveau", "asset_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/modifier", "asset_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/ceder", "asset_dispose", dispose, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/valeurs/ajouter", "asset_value", value, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/valeurs/<value_id>/retirer", "asset_value_remove", remove_value, methods=["POST"])
    made.add_url_rule(f"{base}/<asset_id>/loyers/ajouter", "rent_new", rent_new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/loyers/<rent_id>/modifier", "rent_edit", rent_edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<asset_id>/loyers/<rent_id>/retirer", "rent_remove", remove_rent, methods=["POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Add an asset to the file of one of its owners. The form's key makes that a second arrival adds nothing."""
    found = owner_forms.editable(contact_id)
    if found.line.kind == "FOYER":
        raise Forbidden(_("Un foyer ne possède rien\u202f: ajoutez l'actif au dossier de l'un de ses membres."))
    page = _page(contact_id, _("Nouvel actif"))
    near = owner_forms.near(found)
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    usual = {"owner_1": contact_id, "right_1": "PLEINE_PROPRIETE", "share_1": Decimal(100), "basis": "ESTIMATION"}

    def write(values: Mapping[str, Any], owners: list[Owner]) -> str:
        first, errors = asset_forms.first(values)
        if errors:
            raise owner_forms.Wrong(errors)
        return asset_writes.create(db_session(), adviser(), asset_forms.facts(values), owners, first=first, asset_id=key)

    return owner_forms.shared_form(
        page, asset_forms.NewAssetForm(), usual, near, write, _("L'actif est ajouté."), page_of=_url,
        count=asset_forms.OWNERS, options={"company_id": owner_forms.companies(found)}, once=key,
    )  # fmt: skip


@permission(EDIT)
def edit(contact_id: str, asset_id: str) -> ResponseReturnValue:
    """Change an asset's facts and owners."""
    found = _asset(contact_id, asset_id)
    file = owner_forms.editable(contact_id)
    page = _page(contact_id, _("Modifier l'actif"), found)

    def write(values: Mapping[str, Any], owners: list[Owner]) -> str:
        beyond = found.owners[asset_forms.OWNERS :]
        asset_writes.change(db_session(), adviser(), asset_id, asset_forms.facts(values), [*owners, *beyond])
        return asset_id

    return owner_forms.shared_form(
        page, asset_forms.AssetForm(), asset_forms.shown(found), owner_forms.near(file, found.owners), write,
        _("Les modifications sont enregistrées."), page_of=_url, count=asset_forms.OWNERS,
        options={"company_id": owner_forms.companies(file, found.company)}, stamped=True,
    )  # fmt: skip


@permission(EDIT)
def dispose(contact_id: str, asset_id: str) -> ResponseReturnValue:
    """Say that it is theirs no more, or take that back."""
    found = _asset(contact_id, asset_id)
    page = _page(contact_id, _("Sortir du patrimoine"), found)
    if request.method == "POST" and found.disposed_on is not None:
        asset_writes.restore(db_session(), adviser(), asset_id)
        return owner_forms.done(page.back, _("L'actif est de retour au patrimoine."))

    def write(values: Mapping[str, Any]) -> None:
        asset_writes.dispose(db_session(), adviser(), asset_id, values["on"], values["why"])

    done = _("L'actif est sorti du patrimoine\u202f: les bilans antérieurs le gardent.")
    return owner_forms.small(page, asset_forms.DisposeForm(), {}, write, done)


@permission(EDIT)
def value(contact_id: str, asset_id: str) -> ResponseReturnValue:
    """Note what it is worth on a day."""
    page = _page(contact_id, _("Noter une valeur"), _asset(contact_id, asset_id))
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(values: Mapping[str, Any]) -> None:
        given = Valuation(values["on"], values["value"], values["basis"])
        asset_writes.add_value(db_session(), adviser(), asset_id, given, value_id=key)

    usual = {"on": today(), "basis": "ESTIMATION"}
    return owner_forms.small(page, asset_forms.ValueForm(), usual, write, _("La valeur est notée."), once=key)


@permission(EDIT)
def remove_value(contact_id: str, asset_id: str, value_id: str) -> ResponseReturnValue:
    """Take a value away at once, and offer to put it back."""
    _asset(contact_id, asset_id)
    gone = asset_writes.remove_value(db_session(), adviser(), asset_id, value_id)
    return _taken_back(contact_id, asset_id, "patrimoine.value_removed", gone, _("La valeur est retirée."))


@permission(EDIT)
def rent_new(contact_id: str, asset_id: str) -> ResponseReturnValue:
    """Note a letting."""
    found = _asset(contact_id, asset_id)
    if not found.kind.immovable:
        raise NotFound(_("Seul un bien immobilier a des loyers."))
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(values: Mapping[str, Any]) -> None:
        asset_writes.add_rent(db_session(), adviser(), asset_id, asset_forms.rent(values), rent_id=key)

    page = _page(contact_id, _("Noter une location"), found)
    return owner_forms.small(page, asset_forms.RentForm(), {}, write, _("La location est notée."), once=key)


@permission(EDIT)
def rent_edit(contact_id: str, asset_id: str, rent_id: str) -> ResponseReturnValue:
    """Change a letting, or say when it ended."""
    found = _asset(contact_id, asset_id)
    known = next((one for one in found.rents if one.id == rent_id), None)
    if known is None:
        raise NotFound(asset_writes.GONE)

    def write(values: Mapping[str, Any]) -> None:
        asset_writes.change_rent(db_session(), adviser(), asset_id, rent_id, asset_forms.rent(values))

    page = _page(contact_id, _("Modifier la location"), found)
    return owner_forms.small(
        page, asset_forms.RentForm(), asset_forms.rent_shown(known), write, _("La location est modifiée."), stamped=True
    )


@permission(EDIT)
def remove_rent(contact_id: str, asset_id: str, rent_id: str) -> ResponseReturnValue:
    """Take a letting away at once, and offer to put it back."""
    _asset(contact_id, asset_id)
    gone = asset_writes.remove_rent(db_session(), adviser(), asset_id, rent_id)
    return _taken_back(contact_id, asset_id, "patrimoine.rent_removed", gone, _("La location est retirée."))


@undo.command("patrimoine.value_removed", permission=EDIT)
def value_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_value`."""
    kept = payload["kept"]
    gone = Valuation(date.fromisoformat(kept["on"]), Decimal(kept["value"]), kept["basis"], kept["said_by"])
    asset_writes.add_value(session, by, payload["asset"], gone, value_id=kept["id"])
    return str(_("La valeur est de retour."))


@undo.command("patrimoine.rent_removed", permission=EDIT)
def rent_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_rent`."""
    kept = dict(payload["kept"])
    for name in ("monthly", "charges", "property_tax", "vacancy"):
        kept[name] = None if kept[name] is None else Decimal(kept[name])
    for name in ("since", "until"):
        kept[name] = None if kept[name] is None else date.fromisoformat(kept[name])
    gone = Rent(**{one.name: kept[one.name] for one in fields(Rent)})
    asset_writes.add_rent(session, by, payload["asset"], replace(gone, id=""), rent_id=gone.id)
    return str(_("La location est de retour."))


def _taken_back(contact_id: str, asset_id: str, command: str, gone: Valuation | Rent, said: str) -> ResponseReturnValue:
    kept = {name: None if value is None else str(value) for name, value in asdict(gone).items()}
    token = undo.offer(db_session(), adviser(), command, f"contact:{contact_id}", {"asset": asset_id, "kept": kept})
    db_session().commit()
    undo.say(said, token)
    return redirect(_url(contact_id, asset_id), 303)


def _url(contact_id: str, asset_id: str) -> str:
    return url_for("p_patrimoine.asset", contact_id=contact_id, asset_id=asset_id)


def _asset(contact_id: str, asset_id: str) -> Asset:
    of_file(contact_id, asset_id)
    return asset_writes.editable(db_session(), adviser(), asset_id)


def _page(contact_id: str, title: str, found: Asset | None = None) -> Page:
    home = (_("Actifs"), url_for("p_patrimoine.assets", contact_id=contact_id))
    if found is None:
        return Page(contact_id, SECTION, (home,), title, home[1])
    back = _url(contact_id, found.id)
    return Page(contact_id, SECTION, (home, (found.facts.label, back)), title, back, found.facts.label)
