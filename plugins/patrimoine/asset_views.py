"""Patrimoine > Actifs: the list and the page of an asset; Autres > Biens immobiliers (PA-01, AU-01)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import charts
from core.api import wealth
from core.api.db import NotFound
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.patrimoine import asset_kinds
from plugins.patrimoine import asset_pictures
from plugins.patrimoine import asset_writes
from plugins.patrimoine import assets
from plugins.patrimoine import debts
from plugins.patrimoine import frames
from plugins.patrimoine import item_rows
from plugins.patrimoine import loans
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.asset_terms import Yields
from plugins.patrimoine.wealth import of_asset

#: Who tells of accounts, in a balance sheet.
ACCOUNTS = "accounts"
SECTION, PROPERTIES = "actifs", "immobilier"
CODES = {
    "kinds": asset_kinds.KINDS, "rights": asset_kinds.RIGHTS, "natures": asset_kinds.NATURES, "modes": asset_kinds.MODES,
    "schemes": asset_kinds.SCHEMES, "bases": asset_kinds.BASES, "disposals": asset_kinds.DISPOSALS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A property as its page shows it."""

    asset: Asset
    value: Valuation | None
    yields: Yields | None
    chart: charts.Chart | None


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/actifs", "assets", index)
    made.add_url_rule("/contacts/<contact_id>/actifs/<asset_id>", "asset", asset)
    made.add_url_rule("/contacts/<contact_id>/immobilier", "properties", properties)


def of_file(contact_id: str, asset_id: str) -> Asset:
    """An asset on which this contact, or a member of this household, has a right. Raises `NotFound`."""
    found = next((one for one in assets.of_contact(db_session(), adviser(), contact_id) if one.id == asset_id), None)
    if found is None:
        raise NotFound(assets.ABSENT)
    return found


@permission("contacts.view")
def index(contact_id: str) -> ResponseReturnValue:
    """What a person, or a household's members, own beside their accounts: what the balance sheet of today has of it."""
    frame = frames.of(contact_id, SECTION, (_("Actifs"), None))
    sheet = wealth.balance(hub(), current_context(), db_session(), adviser(), contact_id)
    owned = [one for one in sheet.lines if not one.item.debt]
    rows = item_rows.rows(db_session(), adviser(), contact_id, sheet, [one for one in owned if one.source != ACCOUNTS])
    known = {one.id: one for one in assets.of_people(db_session(), adviser(), assets.around(db_session(), adviser(), contact_id))}
    mine = assets.of_contact(db_session(), adviser(), contact_id)
    held = [one for one in owned if one.source == ACCOUNTS]
    groups = item_rows.grouped(rows, asset_kinds.CATEGORIES)
    return render_template(
        "patrimoine/assets.html", **frame, groups=groups, known=known, codes=CODES, on=sheet.on, missing=sheet.missing,
        total=sum((one.total for one in groups), Decimal(0)), unknown=sum(one.unknown for one in groups), count=len(rows),
        gone=[one for one in mine if one.disposed_on is not None], people=sheet.people,
        accounts=sum((one.of(sheet.people) or Decimal(0) for one in held if one.counted), Decimal(0)) if held else None,
        accounts_url=address("p_portefeuille.portfolio", contact_id=contact_id),
    )  # fmt: skip


@permission("contacts.view")
def asset(contact_id: str, asset_id: str) -> ResponseReturnValue:
    """An asset: what it is, who has what part of it, its values over time, its rents, what was borrowed for it."""
    found, day = of_file(contact_id, asset_id), today()
    home = (_("Actifs"), url_for("p_patrimoine.assets", contact_id=contact_id))
    frame = frames.of(contact_id, SECTION, home, (found.facts.label, None))
    line = wealth.lines(db_session(), item_rows.SOURCE, [of_asset(found, day)], day)[0]
    names, seen = item_rows.named(db_session(), adviser(), line)
    return render_template(
        "patrimoine/asset.html", **frame, owned=found, facts=found.facts, value=found.value(day), line=line, names=names,
        seen=seen, whys=list(dict.fromkeys(one.why for one in line.parts if one.why)), on=day, codes=CODES,
        chart=asset_pictures.worth(found), yields=found.yields(day), **_paid_by(asset_id),
        may_edit=asset_writes.may_edit(db_session(), adviser(), found.owners),
    )  # fmt: skip


@permission("contacts.view")
def properties(contact_id: str) -> ResponseReturnValue:
    """The land and buildings of a person, or of a household's members: uses, schemes, rents, values over time."""
    frame, day = frames.of(contact_id, PROPERTIES, (_("Biens immobiliers"), None)), today()
    found = [
        one for one in assets.of_contact(db_session(), adviser(), contact_id) if one.kind.immovable and one.exists(day)
    ]  # fmt: skip
    cards = [Card(one, one.value(day), one.yields(day), asset_pictures.worth(one)) for one in found]
    paid = loans.financing(db_session(), adviser(), [one.id for one in found])
    return render_template(
        "patrimoine/properties.html", **frame, cards=cards, on=day, codes=CODES,
        paid={one.id: [loan for loan in paid if loan.terms.asset_id == one.id] for one in found},
        total=sum((one.value.value for one in cards if one.value), Decimal(0)), unknown=sum(one.value is None for one in cards),
        yearly=sum((one.yields.yearly for one in cards if one.yields), Decimal(0)),
        owed=sum((one.owed(day).amount for one in paid if one.closed_on is None), Decimal(0)),
    )  # fmt: skip


def _paid_by(asset_id: str) -> dict[str, Any]:
    """The loans and debts that paid for an asset."""
    return {
        "paid": loans.financing(db_session(), adviser(), [asset_id]), "debts": debts.financing(db_session(), adviser(), asset_id),
    }  # fmt: skip
