"""Accounts that follow a model: who does, since when, and how far each is from it (OU-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import supports
from core.api import wealth
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.outils.portfolios import book
from plugins.outils.portfolios.drift import Drift
from plugins.outils.portfolios.drift import drift
from plugins.outils.portfolios.shapes import Portfolio
from plugins.outils.portfolios.tables import ModelFollower

#: Accounts that are set to follow at a time.
MOST = 500


@dataclass(frozen=True, slots=True)
class Following:
    """An account's tie to a model."""

    account_id: str
    model_id: str
    since: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class Followed:
    """An account beside the model that it follows."""

    account: AccountRef
    model: Portfolio
    tie: Following
    drift: Drift


def ties(session: TenantSession, account_ids: Iterable[str] | None = None, *, model_id: str = "") -> dict[str, Following]:
    """Account → what it follows: of these accounts, of a model, of all. The caller has checked the accounts."""
    wanted = select(ModelFollower)
    if account_ids is not None:
        wanted = wanted.where(ModelFollower.account_id.in_(list(account_ids)))
    if model_id:
        wanted = wanted.where(ModelFollower.model_id == model_id)
    rows = session.scalars(wanted)
    return {row.account_id: Following(row.account_id, row.model_id, row.since, row.said_by) for row in rows}


def listed(
    session: TenantSession, adviser: Adviser, *, model_id: str = "", account_ids: Sequence[str] | None = None,
    prices: bool = False,
) -> list[Followed]:  # fmt: skip
    """Those that the adviser may see and that were not put away, each with its drift: six queries, however many there are.

    `prices`: whether a price of a support that is not held is known is looked up too, support by support.
    """
    tied = ties(session, account_ids, model_id=model_id)
    if not tied:
        return []
    models = {one.id: one for one in book.listed(session)}
    refs = [one for one in accounts.refs(session, adviser, account_ids=list(tied)) if not one.archived]
    held = wealth.contents(session, [one.id for one in refs])
    used = {tied[one.id].model_id for one in refs}
    known = {key: priced(session, models[key]) if prices else None for key in used if key in models}
    return [
        Followed(
            one, model, tied[one.id], drift(model.version.lines, held.get(one.id), one.currency, priced=known[model.id])
        )
        for one in refs if (model := models.get(tied[one.id].model_id))
    ]  # fmt: skip


def of_account(session: TenantSession, adviser: Adviser, account_id: str) -> Followed | None:
    """The model that an account follows, and its drift, unknown prices told. Raises `NotFound` for the account."""
    ref = accounts.get_ref(session, adviser, account_id)
    return beside(session, ref, prices=True)


def beside(session: TenantSession, ref: AccountRef, *, prices: bool = False) -> Followed | None:
    """The same of an account at hand, which the caller has checked; one query where it follows nothing."""
    tie = ties(session, [ref.id]).get(ref.id)
    if tie is None:
        return None
    model = book.get(session, tie.model_id)
    held = wealth.contents(session, [ref.id]).get(ref.id)
    known = priced(session, model) if prices else None
    return Followed(ref, model, tie, drift(model.version.lines, held, ref.currency, priced=known))


def priced(session: TenantSession, model: Portfolio) -> frozenset[str]:
    """The supports of a model of which a price is known today."""
    ids = [line.support_id for line in model.version.lines]
    return frozenset(one for one in ids if supports.latest_price(session, one, today()) is not None)


def follow(session: TenantSession, by: Adviser, model_id: str, account_ids: Sequence[str]) -> int:
    """Have accounts follow a model, whatever they followed before; how many did not yet.

    Raises `NotFound` for a model or an account that is not there or not open to the person, `DomainError`, `Forbidden`.
    """
    actor, name = supports.by_hand.writer(by)
    model = book.get(session, model_id)
    if model.archived_at is not None:
        raise DomainError(_("Ce modèle est archivé\u202f: sortez-le des archives, ou choisissez-en un autre."))
    ids = _editable(session, by, account_ids)
    before = ties(session, ids)
    new = [one for one in ids if one not in before or before[one].model_id != model_id]
    names = {one.id: one.name for one in book.listed(session)}
    for account_id in new:
        row = session.scalar(select(ModelFollower).where(ModelFollower.account_id == account_id))
        if row is None:
            row = ModelFollower(account_id=account_id)
            session.add(row)
        row.model_id, row.said_by, row.since = model_id, name, now()
        was = names.get(before[account_id].model_id) if account_id in before else None
        payload = {"name": model.name, **({"before": was} if was else {})}
        audit.record(session, actor, "outils.model_followed", f"account:{account_id}", payload)
    session.flush()
    return len(new)


def leave(session: TenantSession, by: Adviser, account_ids: Sequence[str]) -> int:
    """Have accounts follow nothing any more; how many followed something. Raises as `follow`."""
    actor, _name = supports.by_hand.writer(by)
    before = ties(session, _editable(session, by, account_ids))
    names = {one.id: one.name for one in book.listed(session)}
    if before:
        gone = delete(ModelFollower).where(ModelFollower.account_id.in_(list(before)))
        session.execute(gone.execution_options(synchronize_session=False))
    for account_id, tie in before.items():
        audit.record(session, actor, "outils.model_left", f"account:{account_id}", {"name": names.get(tie.model_id, "")})
    session.flush()
    return len(before)


def _editable(session: TenantSession, by: Adviser, account_ids: Sequence[str]) -> list[str]:
    ids = list(dict.fromkeys(account_ids))
    if not ids:
        raise DomainError(_("Choisissez au moins un compte."))
    if len(ids) > MOST:
        raise DomainError(_("Choisissez %(most)s comptes au plus à la fois.", most=MOST))
    mine = {one.id for one in accounts.refs(session, by, account_ids=ids, rights=(book.EDIT,))}
    if mine != set(ids):
        if {one.id for one in accounts.refs(session, by, account_ids=ids)} == set(ids):
            raise Forbidden(_("Votre profil permet de voir ces comptes, pas tous de les modifier. Adressez-vous à qui les suit."))
        raise NotFound(_("L'un des comptes n'existe pas, ou n'est pas ouvert à votre profil."))
    return ids
