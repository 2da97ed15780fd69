"""`/supports`, `/transactions`, `/documents`: the rest of the book of record (OU-02, PF-05, GED)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import lists as account_lists
from core.accounts import services as accounts
from core.db.clock import today
from core.documents import services as documents
from core.hooks.types import TransactionRef
from core.links import standstill
from core.resources import book_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.supports import lists as support_lists
from core.supports import prices
from core.transactions import lists as transaction_lists
from core.transactions import services as transactions

SUPPORTS = Resource("supports", _l("Supports"), _l("Supports du cabinet, leurs cours, ce qu'en détiennent les comptes."))
TRANSACTIONS = Resource("transactions", _l("Transactions"), _l("Actes initiés ici, saisis ou importés, et leur suivi."))
DOCUMENTS = Resource("documents", _l("Documents"), _l("Documents des clients et des mandats."))
READ = "accounts:read"


@SUPPORTS.get("/supports", _l("Lister les supports"), shapes.SupportOut, asks=shapes.SupportQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """The cabinet's, each with its last price."""
    asked, company, held = call.asked, call.asked.get("company"), call.asked.get("held")
    among = accounts.held_supports(call.adviser, company_id=company) if company or held is True else None
    seller = asked.get("distributor")
    within = (accounts.held_supports(call.adviser, distributor_id=seller),) if seller else ()
    wanted = support_lists.SupportFilter(
        asked.get("q", ""), asked.get("type", ""), asked.get("sri", ""), asked.get("sfdr", ""), asked.get("currency", ""),
        asked.get("asset_class", ""), asked.get("zone", ""), asked.get("category", ""), asked.get("manager", ""),
        asked.get("costs", ""), within=within, among=among,
        beside=accounts.held_supports(call.adviser) if held is False else None,
    )  # fmt: skip
    after = call.after[0] if call.after else None
    rows = support_lists.following_id(call.session, wanted, after, on=today(), size=call.more)
    return call.page(rows, lambda one: (one.id,))


@SUPPORTS.get("/supports/{support_id}", _l("Lire un support"), shapes.SupportOut, scope=READ)
def show(call: Call, support_id: str) -> Any:
    """One of them."""
    return support_lists.card(call.session, support_id, on=today()).line


@SUPPORTS.get(
    "/supports/{support_id}/prices", _l("Lister les cours d'un support"), shapes.PriceOut, asks=shapes.Period, paged=True,
    scope=READ, about=_l("Du plus ancien au plus récent, un par jour\u202f; celui du cabinet l'emporte sur le catalogue."),
)  # fmt: skip
def prices_listed(call: Call, support_id: str) -> Slice[Any]:
    """A day after the other."""
    card = support_lists.card(call.session, support_id, on=today())
    since = date.fromisoformat(call.after[0]) + timedelta(days=1) if call.after else call.asked.get("since")
    found = prices.prices(call.session, support_id, since=since, until=call.asked.get("until") or today())
    page = call.page(found[: call.more], lambda one: (one.on.isoformat(),))
    return Slice(tuple({"price": one, "currency": card.line.currency} for one in page.items), page.last)


@SUPPORTS.get(
    "/supports/{support_id}/holders", _l("Lister les comptes qui détiennent un support"), shapes.HoldersOut, scope=READ,
    about=_l("Les cinq cents premiers de ceux que vous voyez, et la somme de tous en euros."),
)  # fmt: skip
def holders(call: Call, support_id: str) -> dict[str, Any]:
    """Who holds it."""
    support_lists.card(call.session, support_id, on=today())
    held = accounts.holders(call.session, call.adviser, support_id, size=500)
    return {"value": held.value, "currency": "EUR", "apart": held.apart, "total": held.page.total, "items": held.page.items}


@TRANSACTIONS.get(
    "/transactions", _l("Lister les transactions"), shapes.TransactionOut, asks=shapes.TransactionQuery, paged=True,
    scope="transactions:read", about=_l("Les dernières enregistrées d'abord."),
)  # fmt: skip
def transactions_listed(call: Call) -> Slice[Any]:
    """All that the owner sees."""
    return _transactions(call, call.asked.get("account"))


@ACCOUNTS.get(
    "/accounts/{account_id}/transactions", _l("Lister les transactions d'un compte"), shapes.TransactionOut,
    asks=shapes.TransactionFilterQuery, paged=True, scope="transactions:read", about=_l("Les dernières enregistrées d'abord."),
)  # fmt: skip
def of_account(call: Call, account_id: str) -> Slice[Any]:
    """Tab Transactions."""
    account_lists.get_ref(call.session, call.adviser, account_id)
    return _transactions(call, account_id)


@TRANSACTIONS.get("/transactions/{transaction_id}", _l("Lire une transaction"), shapes.TransactionOut, scope="transactions:read")
def transaction(call: Call, transaction_id: str) -> Any:
    """One of them."""
    return _noticed(call, [transactions.get(call.session, call.adviser, transaction_id)])[0]


@TRANSACTIONS.get(
    "/transactions/{transaction_id}/history", _l("Lire le suivi d'une transaction"), shapes.HistoryOut,
    scope="transactions:read",
)  # fmt: skip
def history(call: Call, transaction_id: str) -> dict[str, Any]:
    """All that was said of it, in the order in which it was heard."""
    transactions.get(call.session, call.adviser, transaction_id)
    return {"items": transactions.history(call.session, call.adviser, transaction_id)}


@DOCUMENTS.get(
    "/documents", _l("Lister les documents"), shapes.DocumentOut, asks=shapes.DocumentQuery, paged=True, scope="documents:read"
)
def documents_listed(call: Call) -> Slice[Any]:
    """Those that the owner sees."""
    after = call.after[0] if call.after else None
    rows = documents.following_id(
        call.session, call.adviser, after, kind=call.asked.get("owner_kind"), ref=call.asked.get("owner"), size=call.more
    )
    return call.page(rows, lambda one: (one.id,))


@DOCUMENTS.get("/documents/{document_id}", _l("Lire la fiche d'un document"), shapes.DocumentOut, scope="documents:read")
def document(call: Call, document_id: str) -> Any:
    """What is known of it."""
    return documents.get(call.session, call.adviser, document_id)


@DOCUMENTS.get("/documents/{document_id}/content", _l("Télécharger un document"), media="*/*", scope="documents:read")
def content(call: Call, document_id: str) -> Reply:
    """The file itself."""
    found = documents.get(call.session, call.adviser, document_id)
    return Reply(data=documents.read(call.session, found), media=found.media_type, filename=found.filename)


def _transactions(call: Call, account_id: str | None) -> Slice[Any]:
    asked = call.asked
    status = transaction_lists.UNTRACKED if asked.get("status") == "none" else asked.get("status")
    wanted = transaction_lists.TransactionFilter(
        asked.get("nature"), status, asked.get("since"), asked.get("until"), matched=asked.get("matched")
    )
    edge = call.after[0] if call.after else None
    rows = transaction_lists.before_id(call.session, call.adviser, account_id, wanted, edge, size=call.more)
    page = call.page(rows, lambda one: (one.id,))
    return Slice(tuple(_noticed(call, page.items)), page.last)


def _noticed(call: Call, rows: Sequence[TransactionRef]) -> list[dict[str, Any]]:
    """As they are, and why some of them stand still."""
    stopped = standstill.of_transactions(call.session, rows)
    return [{**asdict(one), "notice": stopped[one.id].notice if one.id in stopped else None} for one in rows]
