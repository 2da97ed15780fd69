"""Idempotency keys (draft-ietf-httpapi-idempotency-key): the same POST sent again does nothing and gets the same answer.

A key is its owner's, for a day. The effect and its answer are written in one transaction: a process that dies in
between has done nothing, and the key is free again after some minutes. What was refused is not kept: it did nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Request
from flask import Response
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.rest.models import ApiReply
from core.web.problems import Problem

HEADER = "Idempotency-Key"
#: How long an answer is kept; after how long a request that never ended is taken for dead.
KEPT, DEAD = timedelta(hours=24), timedelta(minutes=5)
#: Of an answer, what is answered again.
_HEADERS = ("Content-Type", "Location", "ETag")


@dataclass(frozen=True, slots=True)
class Claim:
    """A key taken for one request. `earlier`: the answer that it had already."""

    id: str
    cabinet_id: int
    earlier: Response | None = None


def claim(request: Request, told: bytes, cabinet_id: int, user_id: str) -> Claim:
    """Take the request's key; `told`: its body. Raises `Problem`: 400 without one, 409 while it is in use, 422 for another's."""
    key = request.headers.get(HEADER, "").strip()
    if not key:
        raise Problem(
            400, "idempotency-key-missing", "Clé d'idempotence manquante",
            f"Ajoutez l'en-tête {HEADER} avec une valeur nouvelle, par exemple un UUID\u202f: "
            "la même demande envoyée deux fois ne sera exécutée qu'une fois.",
        )  # fmt: skip
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Problem(
            400, "idempotency-key-invalid", "Clé d'idempotence refusée", "Une clé compte de 1 à 255 signes ASCII visibles."
        )
    try:
        return _claimed(key, _fingerprint(request, told), cabinet_id, user_id)
    except IntegrityError as error:  # the same request, at the same moment: the other one was quicker
        raise _in_flight() from error


def _in_flight() -> Problem:
    return Problem(
        409, "idempotency-key-in-flight", "Demande en cours", "La première demande de cette clé n'est pas achevée.",
        headers={"Retry-After": "2"},
    )


def _claimed(key: str, fingerprint: str, cabinet_id: int, user_id: str) -> Claim:
    with db.session(cabinet_id) as session:
        row = session.scalar(select(ApiReply).where(ApiReply.user_id == user_id, ApiReply.key == key))
        if row is not None and row.created_at < now() - (KEPT if row.status else DEAD):
            session.delete(row)
            session.flush()
            row = None
        if row is None:
            row = ApiReply(user_id=user_id, key=key, fingerprint=fingerprint, created_at=now())
            session.add(row)
            session.flush()
            return Claim(row.id, cabinet_id)
        if row.fingerprint != fingerprint:
            raise Problem(
                422, "idempotency-key-reused", "Clé d'idempotence déjà utilisée",
                "Cette clé a servi à une autre demande\u202f: prenez-en une nouvelle.",
            )  # fmt: skip
        if row.status is None:
            raise _in_flight()
        again = Response(row.body or b"", row.status)
        del again.headers["Content-Type"]
        again.headers.update({name: str(value) for name, value in (row.headers or {}).items()})
        again.headers["Idempotency-Replayed"] = "true"
        return Claim(row.id, cabinet_id, again)


def keep(session: TenantSession, found: Claim, answer: Response) -> None:
    """Write the answer down in the effect's own transaction; not a file made for the asking, which is made again."""
    row = session.get(ApiReply, (found.cabinet_id, found.id))
    if row is not None and answer.is_streamed:
        session.delete(row)
        return
    if row is not None:
        row.status, row.body = answer.status_code, answer.get_data()
        row.headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
        session.flush()


def release(found: Claim) -> None:
    """Nothing was done: the key is free."""
    with db.session(found.cabinet_id) as session:
        session.execute(delete(ApiReply).where(ApiReply.id == found.id, ApiReply.status.is_(None)))


def purge(session: TenantSession) -> None:
    """Forget what is older than a day."""
    old = delete(ApiReply).where(ApiReply.created_at < now() - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


def _fingerprint(request: Request, told: bytes) -> str:
    whole = b"\n".join((request.method.encode(), request.path.encode(), request.query_string, told))
    return hashlib.sha256(whole).hexdigest()
