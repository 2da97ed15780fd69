"""`/p/patrimoine/assets`: what people own beside accounts, its values and rents, for programs (PA-01, AU-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import wealth
from core.api.db import NotFound
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.patrimoine import asset_schemas as shapes
from plugins.patrimoine import asset_writes
from plugins.patrimoine import assets
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.wealth import of_asset

READ, WRITE = "contacts:read", "contacts:write"
ASSETS = Resource(
    "patrimoine_assets", _l("Actifs"), _l("Biens et droits des contacts, hors comptes\u202f: propriétaires, valeurs, loyers."),
    plugin="patrimoine",
)  # fmt: skip
_BASE = "/p/patrimoine/assets"
_ONE = f"{_BASE}/{{asset_id}}"


@ASSETS.get(_BASE, _l("Lister les actifs"), shapes.AssetOut, asks=shapes.ByContact, paged=True, scope=READ)
def listed(call: Call) -> Slice[dict[str, Any]]:
    """Those of whom the owner of the token sees an owner; or those of a contact."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        found = call.among(assets.of_contact(call.session, call.adviser, who), lambda one: one.id)
    else:
        after = call.after[0] if call.after else None
        found = call.page(assets.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,))
    return Slice(tuple(_told(call, list(found.items))), found.last)


@ASSETS.post(
    _BASE, _l("Ajouter un actif"), shapes.AssetOut, takes=shapes.AssetNew, status=201, scope=WRITE,
    about=_l("Les quotes-parts sont des proportions. Le prix d'un achat est aussi noté comme valeur du jour de l'acquisition."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Ajouter un actif»."""
    given = dict(call.taken)
    first = given.pop("first", None)
    owners = _owners(given.pop("owners"))
    made = asset_writes.create(
        call.session, call.adviser, Facts(**given), owners, first=Valuation(**first) if first else None,
        asset_id=call.once or None,
    )  # fmt: skip
    return Reply(show(call, made), f"{_BASE}/{made}")


@ASSETS.get(_ONE, _l("Lire un actif"), shapes.AssetOut, scope=READ)
def show(call: Call, asset_id: str) -> dict[str, Any]:
    """One."""
    return next(iter(_told(call, [_read_by(call, asset_id)])))


@ASSETS.patch(_ONE, _l("Modifier un actif"), shapes.AssetOut, takes=shapes.AssetPatch, scope=WRITE, same="patrimoine_assets_show")
def change(call: Call, asset_id: str) -> dict[str, Any]:
    """What was sent, and nothing else."""
    found, given = assets.get(call.session, call.adviser, asset_id), dict(call.taken)
    owners = _owners(given.pop("owners")) if "owners" in given else list(found.owners)
    asset_writes.change(call.session, call.adviser, asset_id, replace(found.facts, **given), owners)
    return show(call, asset_id)


@ASSETS.post(f"{_ONE}/dispose", _l("Sortir un actif du patrimoine"), shapes.AssetOut, takes=shapes.DisposeIn, scope=WRITE)
def dispose(call: Call, asset_id: str) -> dict[str, Any]:
    """It was sold, given, lost."""
    asset_writes.dispose(call.session, call.adviser, asset_id, call.taken["on"], call.taken["why"])
    return show(call, asset_id)


@ASSETS.post(f"{_ONE}/restore", _l("Remettre un actif au patrimoine"), shapes.AssetOut, scope=WRITE)
def restore(call: Call, asset_id: str) -> dict[str, Any]:
    """It was not, after all."""
    asset_writes.restore(call.session, call.adviser, asset_id)
    return show(call, asset_id)


@ASSETS.post(f"{_ONE}/values", _l("Noter une valeur"), shapes.ValueOut, takes=shapes.ValueIn, status=201, scope=WRITE)
def value_add(call: Call, asset_id: str) -> Reply:
    """What it is worth on a day."""
    made = asset_writes.add_value(call.session, call.adviser, asset_id, Valuation(**call.taken), value_id=call.once or None)
    return Reply(value_show(call, asset_id, made), f"{_BASE}/{asset_id}/values/{made}")


@ASSETS.get(f"{_ONE}/values/{{value_id}}", _l("Lire une valeur"), shapes.ValueOut, scope=READ)
def value_show(call: Call, asset_id: str, value_id: str) -> Valuation:
    """One of them."""
    return _among(_read_by(call, asset_id).values, value_id)  # type: ignore[no-any-return]


@ASSETS.delete(f"{_ONE}/values/{{value_id}}", _l("Retirer une valeur"), scope=WRITE, same="patrimoine_assets_value_show")
def value_remove(call: Call, asset_id: str, value_id: str) -> None:
    """It never was worth that."""
    asset_writes.remove_value(call.session, call.adviser, asset_id, value_id)


@ASSETS.post(f"{_ONE}/rents", _l("Noter une location"), shapes.RentOut, takes=shapes.RentIn, status=201, scope=WRITE)
def rent_add(call: Call, asset_id: str) -> Reply:
    """It is let."""
    made = asset_writes.add_rent(call.session, call.adviser, asset_id, Rent(**call.taken), rent_id=call.once or None)
    return Reply(rent_show(call, asset_id, made), f"{_BASE}/{asset_id}/rents/{made}")


@ASSETS.get(f"{_ONE}/rents/{{rent_id}}", _l("Lire une location"), shapes.RentOut, scope=READ)
def rent_show(call: Call, asset_id: str, rent_id: str) -> Rent:
    """One of them."""
    return _among(_read_by(call, asset_id).rents, rent_id)  # type: ignore[no-any-return]


@ASSETS.patch(
    f"{_ONE}/rents/{{rent_id}}", _l("Modifier ou terminer une location"), shapes.RentOut, takes=shapes.RentPatch, scope=WRITE,
    same="patrimoine_assets_rent_show",
)  # fmt: skip
def rent_change(call: Call, asset_id: str, rent_id: str) -> Rent:
    """What was sent, and nothing else."""
    found = rent_show(call, asset_id, rent_id)
    asset_writes.change_rent(call.session, call.adviser, asset_id, rent_id, replace(found, **call.taken))
    return rent_show(call, asset_id, rent_id)


@ASSETS.delete(f"{_ONE}/rents/{{rent_id}}", _l("Retirer une location"), scope=WRITE, same="patrimoine_assets_rent_show")
def rent_remove(call: Call, asset_id: str, rent_id: str) -> None:
    """It never was let so."""
    asset_writes.remove_rent(call.session, call.adviser, asset_id, rent_id)


def _read_by(call: Call, asset_id: str) -> Asset:
    """An asset whose reading is noted in its owners' files, which the address does not name."""
    found = assets.get(call.session, call.adviser, asset_id)
    for one in found.owners:
        if one.visible:
            also_reads("contact", one.contact_id)
    return found


def _among(found: Any, wanted: str) -> Any:
    one = next((one for one in found if one.id == wanted), None)
    if one is None:
        raise NotFound(asset_writes.GONE)
    return one


def _told(call: Call, found: list[Asset]) -> list[dict[str, Any]]:
    """Assets with what each person has of them who may be seen: a few queries for all."""
    day = today()
    items = [of_asset(one, day) for one in found]
    parts = {line.item.key: line.amounts for line in wealth.lines(call.session, "patrimoine", items, day)}
    people = {who for amounts in parts.values() for who in amounts} | {who.contact_id for one in found for who in one.owners}
    _names, seen = assets.known(call.session, call.adviser, people)
    told = []
    for one in found:
        known, yields = one.value(day), one.yields(day)
        told.append({
            "id": one.id, "facts": one.facts, "category": one.kind.category, "scheme_ends": one.scheme_ends, "ifi": one.ifi,
            "owners": one.owners, "value": known.value if known else None, "value_on": known.on if known else None,
            "parts": [{"contact_id": who, "amount": part} for who, part in parts[one.id].items() if who in seen],
            "values": one.values, "rents": one.rents, "gross_yield": yields and yields.gross and round(yields.gross, 8),
            "net_yield": yields and yields.net and round(yields.net, 8), "disposed_on": one.disposed_on,
            "disposed_why": one.disposed_why,
        })  # fmt: skip
    return told


def _owners(given: list[Mapping[str, Any]]) -> list[Owner]:
    return [Owner(one["contact_id"], one["share"], one.get("right", "PLEINE_PROPRIETE")) for one in given]
