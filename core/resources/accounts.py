"""`/accounts`: list, page, positions, movements, valuations, and what may be done at the partner (BL-02, BL-08, PF-05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import holdings
from core.accounts import lists
from core.accounts import movements
from core.accounts import overrides
from core.accounts import services
from core.accounts.envelopes import ENDED_STATES
from core.contacts import services as contacts
from core.db.clock import today
from core.hooks.types import AccountRef
from core.links import account_links
from core.links import acts
from core.links import types_menu
from core.queries import accounts as requests
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.resources import account_schemas as shapes
from core.resources.contacts import CONTACTS
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import matching
from core.wealth import evolution
from core.wealth import totals
from core.wealth.balance import CURRENCY

ACCOUNTS = Resource("accounts", _l("Comptes"), _l("Contrats et comptes, leurs lignes, mouvements et valorisations."))
READ, ACT = "accounts:read", "transactions:write"


@ACCOUNTS.get("/accounts", _l("Lister les comptes"), shapes.AccountOut, asks=shapes.AccountQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[AccountRef]:
    """Those that the owner sees."""
    asked = {**call.asked, "state": _STATES.get(call.asked.get("state", ""), call.asked.get("state"))}
    rules = [Rule(field, operator, (asked[key],)) for key, field, operator in _ASKED if asked.get(key)]
    return _page(call, Group((*rules, Rule("compte.archived", "yes" if asked.get("archived") else "no"))))


_STATES = {"open": requests.OPEN, "ended": requests.ENDED}
#: Parameter, the request's field, its operator.
_ASKED = (
    ("q", "compte.search", "find"), ("contact", "compte.holder", "="), ("company", "compte.company", "="),
    ("envelope", "compte.envelope", "="), ("state", "compte.state", "="), ("partner", "compte.partner", "="),
)


@CONTACTS.get(
    "/contacts/{contact_id}/accounts", _l("Lister les comptes d'un contact"), shapes.AccountOut, paged=True, scope=READ,
    about=_l("Ceux dont il est titulaire\u202f; ceux de ses membres, pour un foyer."),
)  # fmt: skip
def accounts(call: Call, contact_id: str) -> Slice[AccountRef]:
    """Those that he holds, or that a member of the household holds."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    return _page(call, Group((Rule("compte.holder", "=", (contact_id,)), Rule("compte.archived", "no"))))


@CONTACTS.get(
    "/contacts/{contact_id}/wealth", _l("Lire l'encours d'un contact"), shapes.WealthOut, asks=shapes.Since, scope=READ,
    about=_l("Des comptes ouverts en euros que vous voyez\u202f: le total, sa répartition, son évolution de mois en mois."),
)  # fmt: skip
def wealth(call: Call, contact_id: str) -> dict[str, Any]:
    """What is held together."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    held = lists.refs(call.session, call.adviser, contact_id=contact_id)
    ours = [ref.id for ref in held if ref.currency == CURRENCY]
    open_now = [ref.id for ref in held if ref.currency == CURRENCY and ref.state not in ENDED_STATES]
    total = totals.of_contact(call.session, call.adviser, contact_id)
    parts = totals.parts_of(call.session, contact_id, ours)
    kinds = evolution.by_support_type(call.session, {key: parts[key] for key in open_now if key in parts})
    return {
        "value": total[0] if total else None, "currency": CURRENCY, "as_of": total[1] if total else None,
        "by_support_type": [{"label": label, "value": value} for label, value in kinds.items()],
        "evolution": evolution.evolution(call.session, parts, since=call.asked.get("since"), until=today()),
    }  # fmt: skip


@ACCOUNTS.get("/accounts/{account_id}", _l("Lire un compte"), shapes.AccountFileOut, scope=READ)
def show(call: Call, account_id: str) -> Any:
    """Synthèse."""
    card = services.card(call.session, call.adviser, account_id)
    return {
        "ref": _linked(call, [card.ref])[0], "card": card, "fees": dict(card.fees),
        "overrides": tuple(overrides.of_account(call.session, account_id).values()),
    }


@ACCOUNTS.get(
    "/accounts/{account_id}/positions", _l("Lire les lignes d'un compte"), shapes.PositionsOut, asks=shapes.On, scope=READ,
    about=_l("Celles du dernier jour connu, ou du dernier jusqu'à on."),
)  # fmt: skip
def positions(call: Call, account_id: str) -> dict[str, Any]:
    """Supports."""
    ref = lists.get_ref(call.session, call.adviser, account_id)
    held = holdings.positions(call.session, account_id, call.asked.get("on"))
    return {"as_of": held.on, "total": held.total, "currency": ref.currency, "items": held.lines}


@ACCOUNTS.get(
    "/accounts/{account_id}/movements", _l("Lister les mouvements d'un compte"), shapes.MovementOut, asks=shapes.MovementQuery,
    paged=True, scope=READ, about=_l("Les plus récents d'abord."),
)  # fmt: skip
def movements_listed(call: Call, account_id: str) -> Slice[Any]:
    """Mouvements."""
    lists.get_ref(call.session, call.adviser, account_id)
    asked, matched = call.asked, call.asked.get("matched")
    among = None if matched is None else matching.with_act(call.adviser, found=matched)
    wanted = movements.MovementFilter(asked.get("kind"), asked.get("since"), asked.get("until"), among=among)
    edge = (date.fromisoformat(call.after[0]), call.after[1]) if call.after else None
    rows = movements.movements_before(call.session, account_id, wanted, edge, size=call.more)
    page = call.page(rows, lambda one: (one.on.isoformat(), one.id))
    acts = matching.acts_of(call.session, call.adviser, [one.id for one in page.items])
    return Slice(
        tuple(replace(one, transaction_id=acts[one.id].id if one.id in acts else None) for one in page.items), page.last
    )


@ACCOUNTS.get(
    "/accounts/{account_id}/valuations", _l("Lister les valorisations d'un compte"), shapes.ValuationOut, paged=True,
    scope=READ, about=_l("Les plus récentes d'abord."),
)  # fmt: skip
def valuations(call: Call, account_id: str) -> Slice[Any]:
    """What it was worth."""
    ref = lists.get_ref(call.session, call.adviser, account_id)
    edge = date.fromisoformat(call.after[0]) if call.after else None
    found = call.page(
        holdings.valuations_before(call.session, account_id, edge, size=call.more), lambda one: (one.on.isoformat(),)
    )
    return Slice(tuple({"line": one, "currency": ref.currency} for one in found.items), found.last)


@ACCOUNTS.get(
    "/accounts/{account_id}/actions", _l("Demander ce qui peut être fait chez le partenaire"), shapes.ActsOut, scope=ACT,
    about=_l(
        "Le partenaire est interrogé. Un acte fermé dit pourquoi. Ouvrir un acte demande un navigateur\u202f: "
        "l'extranet du partenaire s'y ouvre au nom du conseiller."
    ),
)  # fmt: skip
def actions(call: Call, account_id: str) -> dict[str, Any]:
    """The icon's menu."""
    account = _linked(call, [lists.get_ref(call.session, call.adviser, account_id, "transactions.initiate")])[0]
    if account.plugin is None or account.plugin not in current_context().enabled:
        return {"state": "empty", "checked_at": None, "message": None, "groups": []}
    view = acts.menu(hub(), current_context(), call.session, account, account.plugin, back="", refresh_url="")
    return _acts(view)


@ACCOUNTS.get(
    "/accounts/{account_id}/transaction-types", _l("Demander ce qui peut être ajouté"), shapes.ActsOut, scope=ACT,
    about=_l("Chez le partenaire du compte, puis ce qui se saisit ici."),
)  # fmt: skip
def transaction_types(call: Call, account_id: str) -> dict[str, Any]:
    """Transactions > Ajouter."""
    account = _linked(call, [lists.get_ref(call.session, call.adviser, account_id, "transactions.initiate")])[0]
    return _acts(types_menu.menu(hub(), current_context(), call.session, account, back="", refresh_url=""))


def _page(call: Call, wanted: Group) -> Slice[AccountRef]:
    after = call.after[0] if call.after else None
    rows = requests.following_id(call.session, call.adviser, Asked(wanted), after, size=call.more)
    found = call.page(rows, lambda one: (one.id,))
    return Slice(tuple(_linked(call, found.items)), found.last)


def _linked(call: Call, refs: Any) -> list[AccountRef]:
    return list(account_links.attach(call.session, refs))


def _acts(view: acts.ActsView) -> dict[str, Any]:
    message = view.message
    return {
        "state": view.state, "checked_at": view.checked_at,
        "message": {"title": message.title, "text": message.text, "todo": message.todo} if message else None,
        "groups": [{"label": label, "items": items} for label, items in view.groups],
    }  # fmt: skip
