"""`/accounts`, written: add, change, correct, close, put away, take away, people, lines; as on the pages (PF-01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.accounts import by_hand
from core.accounts import history
from core.accounts import overrides
from core.accounts import values_by_hand
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.resources import account_edit_schemas as taken
from core.resources import account_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.resources.accounts import READ
from core.resources.accounts import positions
from core.resources.accounts import show
from core.rest.operations import Call
from core.rest.operations import Reply
from core.supports import services as supports
from core.supports.models import Support

WRITE = "accounts:write"
_ONE = "/accounts/{account_id}"
_CONFIRM = _l("Ce qui est inhabituel est refusé avec un code, tant que acknowledged ne le porte pas.")


@ACCOUNTS.post(
    "/accounts", _l("Ajouter un compte"), shapes.AccountFileOut, takes=taken.AccountNew, status=201, scope=WRITE, about=_CONFIRM
)
def create(call: Call) -> Reply:
    """As «Ajouter un compte»."""
    given = dict(call.taken)
    seen, code, roles = given.pop("acknowledged", []), given.pop("company", None), _roles(given.pop("roles"))
    if code and "company_id" not in given:
        given["company_id"] = supports.company_for(call.session, code, actor=call.adviser.user_id)
    if "company_id" not in given:
        raise DomainError("Donnez la compagnie, par company_id ou par company.", field="company")
    data = NewAccount(roles=roles, **given)
    made = by_hand.add(call.session, call.adviser, data, seen=seen, account_id=call.once or None)
    return Reply(show(call, made), f"/accounts/{made}")


@ACCOUNTS.patch(
    _ONE, _l("Modifier un compte"), shapes.AccountFileOut, takes=taken.AccountPatch, scope=WRITE, same="accounts_show",
    about=_CONFIRM,
)  # fmt: skip
def change(call: Call, account_id: str) -> Any:
    """What was sent, and nothing else."""
    given = dict(call.taken)
    by_hand.change(call.session, call.adviser, account_id, given, seen=given.pop("acknowledged", []))
    return show(call, account_id)


@ACCOUNTS.delete(
    _ONE, _l("Supprimer un compte"), scope=WRITE, same="accounts_show",
    about=_l("Archivé, avec son historique, si un flux le remplit ou si une opération ou un document le nomme."),
)  # fmt: skip
def remove(call: Call, account_id: str) -> None:
    """As «Supprimer»."""
    by_hand.remove(call.session, call.adviser, account_id)


@ACCOUNTS.post(f"{_ONE}/archive", _l("Archiver un compte"), shapes.AccountFileOut, scope=WRITE)
def archive(call: Call, account_id: str) -> Any:
    """Put it away."""
    by_hand.archive(call.session, call.adviser, account_id)
    return show(call, account_id)


@ACCOUNTS.post(f"{_ONE}/restore", _l("Sortir un compte des archives"), shapes.AccountFileOut, scope=WRITE)
def restore(call: Call, account_id: str) -> Any:
    """Take it back."""
    by_hand.restore(call.session, call.adviser, account_id)
    return show(call, account_id)


@ACCOUNTS.post(f"{_ONE}/state", _l("Clore ou rouvrir un compte"), shapes.AccountFileOut, takes=taken.StateIn, scope=WRITE)
def state(call: Call, account_id: str) -> Any:
    """Where it stands."""
    by_hand.set_state(call.session, call.adviser, account_id, call.taken["state"], call.taken.get("closed_on"))
    return show(call, account_id)


@ACCOUNTS.post(
    f"{_ONE}/roles", _l("Remplacer les personnes d'un compte"), shapes.AccountFileOut, takes=taken.RolesIn, scope=WRITE,
    about=_CONFIRM,
)  # fmt: skip
def roles(call: Call, account_id: str) -> Any:
    """All of them."""
    given = _roles(call.taken["roles"])
    by_hand.set_people(call.session, call.adviser, account_id, given, seen=call.taken.get("acknowledged", []))
    return show(call, account_id)


@ACCOUNTS.post(
    f"{_ONE}/overrides", _l("Corriger un champ reçu"), shapes.AccountFileOut, takes=taken.OverrideIn, scope=WRITE,
    about=_l("La valeur reçue est gardée à côté\u202f; les suivantes n'écrasent pas la correction."),
)  # fmt: skip
def correct(call: Call, account_id: str) -> Any:
    """As «Corriger»."""
    field, value = call.taken["field"], call.taken["value"]
    try:
        typed = date.fromisoformat(value) if field == "opened_on" else value
    except ValueError as error:
        raise DomainError("Écrivez la date sous la forme AAAA-MM-JJ, par exemple 2026-11-25.", field="value") from error
    overrides.correct(call.session, call.adviser, account_id, field, typed)
    return show(call, account_id)


@ACCOUNTS.delete(f"{_ONE}/overrides/{{field_name}}", _l("Retirer une correction"), scope=WRITE)
def release(call: Call, account_id: str, field_name: str) -> None:
    """What was received stands again."""
    overrides.release(call.session, call.adviser, account_id, field_name)


@ACCOUNTS.post(
    f"{_ONE}/positions", _l("Saisir les lignes d'un compte"), shapes.PositionsOut, takes=taken.PositionsIn, scope=WRITE,
    about=_l("Toutes celles du jour\u202f; leur somme devient la valorisation du compte ce jour-là."),
)  # fmt: skip
def put_positions(call: Call, account_id: str) -> Any:
    """As «Saisir les lignes»."""
    currency = show(call, account_id)["ref"].currency
    on, items = call.taken["on"], call.taken["items"]
    ids = {one["support_id"] for one in items}
    if len(set(call.session.scalars(select(Support.id).where(Support.id.in_(ids))))) != len(ids):
        raise NotFound("L'un des supports n'existe pas dans votre cabinet.")
    lines = [
        NewPosition(
            one["support_id"], _worth(one), one.get("quantity"), one.get("price"), on if one.get("price") is not None else None,
            None, currency, one.get("pocket", ""),
        )
        for one in items
    ]  # fmt: skip
    values_by_hand.put_lines(call.session, call.adviser, account_id, on, lines)
    return positions(call, account_id)


@ACCOUNTS.delete(f"{_ONE}/movements/{{movement_id}}", _l("Retirer un mouvement saisi"), scope=WRITE)
def movements_remove(call: Call, account_id: str, movement_id: str) -> None:
    """One that a person or a program typed; others stay."""
    values_by_hand.remove_movement(call.session, call.adviser, account_id, movement_id)


@ACCOUNTS.delete(f"{_ONE}/valuations/{{day}}", _l("Retirer une valorisation saisie"), scope=WRITE)
def valuations_remove(call: Call, account_id: str, day: str) -> None:
    """That of a day, AAAA-MM-JJ."""
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("Cette valorisation n'existe plus, ou n'a pas été saisie ici.") from error
    values_by_hand.remove_value(call.session, call.adviser, account_id, on)


@ACCOUNTS.get(f"{_ONE}/history", _l("Lire l'historique de la fiche d'un compte"), taken.HistoryOut, scope=READ)
def changes(call: Call, account_id: str) -> dict[str, Any]:
    """Who changed what, when; the newest first, 200 at most."""
    return {"items": history.of_account(call.session, call.adviser, account_id)}


def _roles(given: list[Mapping[str, Any]]) -> list[Role]:
    return [Role(**{**one, "rank": one.get("rank") or 1}) for one in given]


def _worth(one: Mapping[str, Any]) -> Decimal:
    if one.get("value") is not None:
        return Decimal(one["value"])
    if one.get("quantity") is None or one.get("price") is None:
        raise DomainError("Donnez la quantité et le cours, ou la valorisation.", field="items")
    return values_by_hand.worth(one["quantity"], one["price"])
