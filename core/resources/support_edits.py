"""`/supports`, written: made, corrected, priced by hand; what is known of each with its source (OU-09)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.errors import NotFound
from core.resources import book_schemas as shapes
from core.resources import support_edit_schemas as taken
from core.resources.book import READ
from core.resources.book import SUPPORTS
from core.resources.book import show
from core.rest.operations import Call
from core.rest.operations import Reply
from core.supports import by_hand
from core.supports import facts
from core.supports.by_hand import Cause

WRITE = "accounts:write"
_ONE = "/supports/{support_id}"


@SUPPORTS.post(
    "/supports", _l("Créer un support"), shapes.SupportOut, takes=taken.SupportNew, status=201, scope=WRITE,
    about=_l("Un ISIN que le catalogue connaît en reprend les valeurs\u202f; ce qui est envoyé passe avant."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Créer un support»."""
    given = dict(call.taken)
    isin, code = given.pop("isin", None), given.pop("code", None)
    made = by_hand.add(
        call.session, call.adviser, given, _cause(given), isin=isin, code=code, support_id=call.once or None
    )
    return Reply(show(call, made), f"/supports/{made}")


@SUPPORTS.patch(_ONE, _l("Modifier un support"), shapes.SupportOut, takes=taken.SupportPatch, scope=WRITE, same="supports_show")
def change(call: Call, support_id: str) -> Any:
    """What was sent, and nothing else."""
    given = dict(call.taken)
    by_hand.change(call.session, call.adviser, support_id, given, _cause(given))
    return show(call, support_id)


@SUPPORTS.get(
    f"{_ONE}/facts", _l("Lire ce qui est connu d'un support"), taken.FactsOut, scope=READ,
    about=_l("Chaque valeur avec qui la dit, d'où, à quelle date, et ce que disent les autres."),
)  # fmt: skip
def known(call: Call, support_id: str) -> dict[str, Any]:
    """Value by value."""
    return {"items": list(facts.of(call.session, support_id).values())}


@SUPPORTS.delete(f"{_ONE}/facts/{{key}}", _l("Retirer une valeur saisie"), scope=WRITE)
def withdraw(call: Call, support_id: str, key: str) -> None:
    """What a file or the catalogue says stands again; where nobody says anything, it is not known."""
    by_hand.withdraw(call.session, call.adviser, support_id, key)


@SUPPORTS.post(f"{_ONE}/prices", _l("Saisir un cours"), shapes.PriceOut, takes=taken.PriceNew, status=201, scope=WRITE)
def prices_add(call: Call, support_id: str) -> Reply:
    """As «Saisir un cours»."""
    given = call.taken
    by_hand.put_price(call.session, call.adviser, support_id, given["on"], given["value"], given.get("source") or "")
    found = by_hand.price_on(call.session, support_id, given["on"])
    currency = show(call, support_id).currency
    return Reply({"price": found, "currency": currency}, f"/supports/{support_id}/prices")


@SUPPORTS.delete(f"{_ONE}/prices/{{day}}", _l("Retirer un cours saisi"), scope=WRITE)
def prices_remove(call: Call, support_id: str, day: str) -> None:
    """That of a day, AAAA-MM-JJ; one that a feed or a file brought stays."""
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("Ce cours n'existe plus, ou n'a pas été saisi ici.") from error
    by_hand.remove_price(call.session, call.adviser, support_id, on)


def _cause(given: Mapping[str, Any]) -> Cause:
    return Cause(given.get("source") or "", given.get("as_of"))
