"""Undo (ux.md §3.2, rule 3): what can be reversed is done at once, and taken back by a token that works once.

Whoever changes something registers the command that reverses it and, with the change, offers it to the person who made
the change. The token names the offer and the person, signed; the offer itself lies in the cabinet's table. Command and
permission are those of the day it is used: a right that was withdrawn meanwhile, or a module that was turned off, wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash
from itsdangerous import BadSignature
from itsdangerous import URLSafeSerializer
from sqlalchemy import delete
from sqlalchemy import select

from core import config
from core.cabinets import audit
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.jobs.queue import periodic
from core.shell.models import UndoOffer

Reverse = Callable[[TenantSession, Adviser, Mapping[str, Any]], str]
#: The toast shows for ten seconds; its token lives longer: whoever reads slowly, or without scripts, has the same right.
LIFE = timedelta(minutes=10)
_GONE = "Cette action ne peut plus être annulée\u202f: le délai est passé, ou elle l'a déjà été."


@dataclass(frozen=True, slots=True)
class Command:
    """A reverse command: what it asks of whoever uses it, and what carries it out."""

    name: str
    permission: str | None
    run: Reverse


COMMANDS: dict[str, Command] = {}


def command(name: str, *, permission: str | None = None) -> Callable[[Reverse], Reverse]:
    """Register what reverses a change. `name`: «owner.what», where the owner is a plugin's name or a package of core.

    The function gets the session, the person and the offer's payload, writes (and audits) in the session's transaction,
    and returns the sentence that is said then. It raises `DomainError` where things have changed too much.
    Raises ValueError for a name that another function has.
    """

    def mark(function: Reverse) -> Reverse:
        known = COMMANDS.get(name)
        if known is not None and (known.run.__module__, known.run.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"the reverse command {name} is registered twice")
        COMMANDS[name] = Command(name, permission, function)
        return function

    return mark


def offer(session: TenantSession, adviser: Adviser, name: str, subject: str, payload: Mapping[str, Any]) -> str:
    """Offer to reverse the change that is being made, in its transaction; the token. `subject`: «kind:id», for the journal.

    `payload` must be JSON; it may hold what the change took away, and is deleted with the offer. Raises KeyError for a
    command that nobody registered.
    """
    assert COMMANDS[name]
    row = UndoOffer(
        user_id=adviser.user_id, command=name, subject=subject, payload=dict(payload), expires_at=now() + LIFE
    )
    session.add(row)
    session.flush()
    return _serializer().dumps([row.id, adviser.user_id])


def take_back(session: TenantSession, adviser: Adviser, token: str, *, owners: Collection[str] | None = None) -> str:
    """Carry out the reverse command of a token; what is to be said. The offer is used up in the same transaction.

    `owners`: names whose commands may run here (plugins that are on, packages of core); None: all.
    Raises `DomainError` for a token that is not this person's, is used or too old, `Forbidden` without the right.
    """
    try:
        offer_id, user_id = _serializer().loads(token)
    except (BadSignature, TypeError, ValueError):
        raise DomainError(_GONE, code="undo-gone") from None
    wanted = select(UndoOffer).where(UndoOffer.id == str(offer_id), UndoOffer.expires_at > now())
    row = session.scalar(wanted.with_for_update())  # two clicks at once: the second finds none
    if row is None or user_id != adviser.user_id or row.user_id != adviser.user_id:
        raise DomainError(_GONE, code="undo-gone")
    known = COMMANDS.get(row.command)
    if known is None or (owners is not None and known.name.split(".")[0] not in owners):
        raise DomainError(_GONE, code="undo-gone")
    if known.permission is not None and not adviser.can(known.permission):
        raise Forbidden("Votre profil ne permet plus cette action. Demandez ce droit à un administrateur du cabinet.")
    subject, payload = row.subject, dict(row.payload)
    session.delete(row)
    session.flush()
    said = known.run(session, adviser, payload)
    audit.record(session, adviser.user_id, "undo.done", subject, {"command": known.name})
    return said


def say(text: str, token: str) -> None:
    """Have the next page say what was done, with «Annuler» beside it. (Any JSON goes through our sessions.)"""
    flash({"text": text, "undo": token}, "undo")  # type: ignore[arg-type]


@periodic("shell.undo_offers", 3600)
def purge(cabinet_id: int) -> None:
    """Delete the offers whose time is over, with what they held."""
    with db.session(cabinet_id) as session:
        session.execute(
            delete(UndoOffer).where(UndoOffer.expires_at <= now()).execution_options(synchronize_session=False)
        )


def _serializer() -> URLSafeSerializer:
    signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(config.current().secret_key, salt="undo", signer_kwargs=signer)
