"""Who asks what, for the commands that call a hook by hand: the cabinet, the person, the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.models import Account
from core.app import create_app
from core.cabinets import services as cabinets
from core.cli.accounts import cabinet_id
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import calling
from core.hooks import context
from core.hooks.health import Health
from core.hooks.hub import Hub
from core.hooks.specs import Spec
from core.hooks.specs import specs
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.links import account_links
from core.transactions import services as transactions

#: Accounts and transactions that a batch is tried with, where none is named.
SOME = 50
#: Hooks that do something, and are not called to be looked at.
ACTS = ("on_event", "start_transaction")
#: Natures by act, for the guards.
NATURES = {"arbitrage": "arbitrage", "rachat_partiel": "rachat", "versement_libre": "versement"}


class Uncounted(Health):
    """What is called to be looked at is counted against nobody: no failure, no pause, no timing."""

    def failed(self, cabinet_id: int, plugin: str, hook: str, *, kind: str, text: str, trace: str) -> None:
        """Nothing is written."""

    def recovered(self, cabinet_id: int, plugin: str, hook: str) -> None:
        """Nothing is written."""

    def took(self, cabinet_id: int, plugin: str, hook: str, seconds: float) -> None:
        """Nothing is written."""


def _told(_session: TenantSession, _plugin: str, _hook: str, _why: str) -> None:
    """Nobody hears of a pause that is none."""


@dataclass(frozen=True)
class Scene:
    """Everything for one call. `args` is None where this hook is not called by hand; `why_not` says why."""

    hub: Hub
    hook: str
    spec: Spec
    ctx: Context
    account: AccountRef | None
    args: tuple[Any, ...] | None
    why_not: str = ""

    @property
    def who(self) -> str:
        """Who asks, in words."""
        return self.ctx.principal.name if self.ctx.principal else "personne"


def laid(hook: str, slug: str, email: str | None, number: str | None) -> Scene:
    """The scene for a command. Raises `DomainError` for an unknown hook, `NotFound` for a cabinet, a person, an account."""
    spec = specs().get(hook)
    if spec is None:
        raise DomainError(f"Il n'y a pas de hook «{hook}». Il y a : {', '.join(specs())}.")
    registry = create_app().extensions["encours_hub"].registry
    hub, cabinet = Hub(db, registry, Uncounted(db, _told), context.prepare), cabinet_id(slug)
    with db.session(cabinet, write=False) as session:
        if email is not None:
            user = cabinets.known_user(session, email)
            if user.cabinet_id != cabinet:
                raise NotFound(f"{email} n'est pas du cabinet «{slug}».")
            user_id = user.id
        else:
            user_id = cabinets.administrators(session)[0]
        principal = cabinets.principals(session, [user_id])[user_id]
        ctx = context.make(session, hub.registry, principal=principal, slug=slug)
        found: list[AccountRef] = []
        if number is not None:
            known = session.scalar(select(Account.id).where(Account.number_key == accounts.number_key(number)))
            if known is None:
                raise NotFound(f"Aucun compte ne porte le numéro {number} dans ce cabinet.")
            found = account_links.attach(session, [accounts.get_ref(session, principal, known)])
        elif any("AccountRef]" in one or "TransactionRef]" in one for one in calling.wanted(hook).values()):
            ids = session.scalars(select(Account.id).order_by(Account.id).limit(SOME)).all()
            found = account_links.attach(session, accounts.refs(session, principal, account_ids=ids))
        rows = [row for one in found for row in transactions.for_account(session, principal, one.id, limit=SOME)][:SOME]
    samples: dict[str, Any] = {
        "Sequence[AccountRef]": tuple(found), "Sequence[TransactionRef]": tuple(rows), "Mapping[str, str]": NATURES,
        **({"AccountRef": found[0]} if number is not None else {}),
    }  # fmt: skip
    account = found[0] if number is not None else None
    if hook in ACTS:
        return Scene(hub, hook, spec, ctx, account, None, f"{hook} agit : il n'est pas appelé pour voir.")
    if "AccountRef" in calling.wanted(hook).values() and number is None:
        return Scene(hub, hook, spec, ctx, None, None, "Dites de quel compte il s'agit : --account NUMÉRO.")
    calls = calling.arguments(hook, samples)
    return Scene(hub, hook, spec, ctx, account, calls[0] if calls else None)
