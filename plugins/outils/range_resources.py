"""`/p/outils/ranges` and `/p/outils/favourites`: what the cabinet chooses, what a person keeps at hand (OU-04, OU-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Taken
from core.api.rest import schemas

READ, WRITE = "accounts:read", "accounts:write"
RANGES = Resource("outils_ranges", _l("Gammes"), _l("Gammes de supports que le cabinet retient."), plugin="outils")
FAVOURITES = Resource(
    "outils_favourites", _l("Favoris"), _l("Supports que le titulaire du jeton garde sous la main."), plugin="outils"
)
_BASE = "/p/outils/ranges"
_ONE = f"{_BASE}/{{range_id}}"
_MINE = "/p/outils/favourites"


class MemberOut(Given):
    """A support of a range."""

    id = schemas.string()
    isin = schemas.string(null=True)
    code = schemas.string(null=True)
    label = schemas.string()


class RangeOut(Given):
    """A range."""

    id = schemas.string()
    name = schemas.string(source="range.terms.name")
    company = schemas.string(_l("Code de la compagnie, vide sans"), source="range.terms.company")
    product = schemas.string(source="range.terms.product")
    remarks = schemas.string(source="range.terms.remarks")
    archived_at = schemas.moment(source="range.archived_at")
    supports = schemas.many(MemberOut, _l("Supports éligibles"))


class RangeLine(Given):
    """A range in a list."""

    id = schemas.string()
    name = schemas.string(source="terms.name")
    company = schemas.string(source="terms.company")
    count = schemas.whole(_l("Ses supports"))
    archived_at = schemas.moment()


class RangesOut(Given):
    """All of them."""

    items = schemas.many(RangeLine)


class RangePatch(Taken):
    """What changes of a range."""

    name = schemas.ask_text(_l("Nom"), 120)
    company = schemas.ask_text(_l("Code de la compagnie, au catalogue ou dans le cabinet"), 40, null=True)
    product = schemas.ask_text(_l("Produit"), 120, null=True)
    remarks = schemas.ask_text(_l("Remarques"), 500, null=True, lines=True)
    codes = schemas.ask_texts(_l("Codes ISIN ou internes de tous ses supports"), most=supports.ranges.MOST)


class RangeNew(RangePatch):
    """A new range."""

    name = schemas.ask_text(_l("Nom"), 120, missing=_l("Donnez un nom à cette gamme."))


class FavouriteOut(Given):
    """A favourite."""

    support_id = schemas.string()
    label = schemas.string()
    code = schemas.string(_l("ISIN ou code interne"))


class FavouritesOut(Given):
    """All of them, in one's own order."""

    items = schemas.many(FavouriteOut)


class OrderIn(Taken):
    """An order."""

    ids = schemas.ask_texts(_l("Ids des supports, dans l'ordre voulu"), missing=_l("Donnez l'ordre voulu."))


@RANGES.get(_BASE, _l("Lister les gammes"), RangesOut, scope=READ)
def listed(call: Call) -> dict[str, Any]:
    """The cabinet's, those put away among them."""
    return {"items": supports.ranges.listed(call.session)}


@RANGES.post(_BASE, _l("Créer une gamme"), RangeOut, takes=RangeNew, status=201, scope=WRITE)
def create(call: Call) -> Reply:
    """As «Nouvelle gamme»."""
    given = call.taken
    made = supports.ranges.save(call.session, call.adviser, _terms(given), _text(given) or "", new_id=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@RANGES.get(_ONE, _l("Lire une gamme"), RangeOut, scope=READ)
def show(call: Call, range_id: str) -> dict[str, Any]:
    """One, with its supports."""
    found = supports.ranges.get(call.session, range_id)
    return {"id": range_id, "range": found, "supports": supports.ranges.members(call.session, range_id)}


@RANGES.patch(_ONE, _l("Modifier une gamme"), RangeOut, takes=RangePatch, scope=WRITE, same="outils_ranges_show")
def change(call: Call, range_id: str) -> dict[str, Any]:
    """What was sent, and nothing else."""
    terms = supports.ranges.get(call.session, range_id).terms
    kept = {"name": terms.name, "company": terms.company, "product": terms.product, "remarks": terms.remarks}
    supports.ranges.save(call.session, call.adviser, _terms({**kept, **call.taken}), _text(call.taken), range_id=range_id)
    return show(call, range_id)


@RANGES.post(f"{_ONE}/archive", _l("Archiver une gamme"), RangeOut, scope=WRITE)
def archive(call: Call, range_id: str) -> dict[str, Any]:
    """Put it away."""
    supports.ranges.archive(call.session, call.adviser, range_id)
    return show(call, range_id)


@RANGES.post(f"{_ONE}/restore", _l("Sortir une gamme des archives"), RangeOut, scope=WRITE)
def restore(call: Call, range_id: str) -> dict[str, Any]:
    """Take it back."""
    supports.ranges.restore(call.session, call.adviser, range_id)
    return show(call, range_id)


@FAVOURITES.get(_MINE, _l("Lister ses favoris"), FavouritesOut, scope=READ)
def mine(call: Call) -> dict[str, Any]:
    """One's own."""
    rows = supports.favourites.named(call.session, call.adviser)
    return {"items": [{"support_id": one, "label": label, "code": code} for one, label, code in rows]}


@FAVOURITES.post(f"{_MINE}/order", _l("Ordonner ses favoris"), FavouritesOut, takes=OrderIn, scope=WRITE)
def order(call: Call) -> dict[str, Any]:
    """What is named first, the rest after."""
    supports.favourites.order(call.session, call.adviser, call.taken["ids"])
    return mine(call)


@FAVOURITES.post(f"{_MINE}/{{support_id}}", _l("Ajouter un favori"), FavouritesOut, scope=WRITE)
def star(call: Call, support_id: str) -> dict[str, Any]:
    """Last of one's own."""
    supports.favourites.put(call.session, call.adviser, support_id, on=True)
    return mine(call)


@FAVOURITES.delete(f"{_MINE}/{{support_id}}", _l("Retirer un favori"), scope=WRITE)
def unstar(call: Call, support_id: str) -> None:
    """No longer."""
    supports.favourites.put(call.session, call.adviser, support_id, on=False)


def _terms(given: Any) -> supports.ranges.Terms:
    return supports.ranges.Terms(
        given.get("name") or "", given.get("company") or "", given.get("product") or "", given.get("remarks") or ""
    )


def _text(given: Any) -> str | None:
    return "\n".join(given["codes"]) if given.get("codes") is not None else None
