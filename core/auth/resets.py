"""A forgotten password: a one-time link, by mail or from the operator's command.

The token is drawn when the mail leaves, so that no copy of it lies in the outbox; we keep its hash. A link chooses a
new password and nothing more: it signs nobody in and leaves the second factor as it is.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from core import config
from core.auth import entry
from core.auth import sessions
from core.auth.models import PasswordReset
from core.cabinets import audit
from core.cabinets import services
from core.cabinets.models import User
from core.db.clock import now
from core.db.model import new_id
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerRefused
from core.jobs import outbox
from core.jobs.queue import enqueue
from core.mail import smtp
from core.mail.letters import Letter

LIFETIME = timedelta(minutes=30)
#: Job: somebody asked for a link to this e-mail. Outbox: the mail that carries it.
ASKED, MAIL = "auth.reset_asked", "mail.password_reset"


def ask(address: str, ip: str | None) -> None:
    """Somebody asks for a link: only written down, so that the answer is the same whether anybody has this e-mail."""
    with db.session(None) as session:
        enqueue(session, ASKED, {"id": new_id(), "email": address, "ip": ip, "at": now().isoformat()})


def answer(payload: dict[str, Any]) -> None:
    """Post the mail, if somebody active has this e-mail; a job that comes twice posts it once."""
    with db.session(None, write=False) as reader:
        user = services.user_of(reader, payload["email"])
    if user is None or not user.active:
        return
    with db.session(user.cabinet_id) as session:
        audit.record(session, "system", "user.reset_asked", f"user:{user.id}", {"ip": payload["ip"]}, once=payload["id"])
        mail = {"user": user.id, "asked_at": payload["at"]}
        outbox.post(session, MAIL, f"user:{user.id}", mail, once=payload["id"])


@outbox.sender(MAIL)
def send(_cabinet_id: int, _item_id: str, payload: dict[str, Any]) -> None:
    """Write the mail with a link of its own, and hand it to the mail server."""
    asked = datetime.fromisoformat(payload["asked_at"])
    if asked < now() - LIFETIME:
        raise PartnerRefused("demande trop ancienne\u202f: la personne en a sans doute fait une autre")
    with db.session(None) as session:
        user = session.get_one(User, payload["user"])
        link = new_link(session, user)
    smtp.send(
        Letter(
            user.email, "Votre nouveau mot de passe Encours",
            f"Bonjour {user.display_name},\n\n"
            "Vous avez demandé à choisir un nouveau mot de passe pour Encours. Ouvrez ce lien dans les "
            f"{LIFETIME.seconds // 60} minutes\u202f; il ne sert qu'une fois\u202f:\n\n{link}\n\n"
            "Vous n'avez rien demandé\u202f? Ignorez ce message\u202f: votre mot de passe reste inchangé. S'il se répète, "
            "prévenez l'administrateur de votre cabinet.\n\n"
            "Encours ne demande jamais votre mot de passe par téléphone ni par e-mail.",
        )
    )  # fmt: skip


def by_hand(email: str) -> str:
    """A link that the operator hands over himself. Raises `NotFound` for an unknown e-mail."""
    with db.session(None, write=False) as reader:
        user = services.known_user(reader, email)
    with db.session(user.cabinet_id) as session:
        link = new_link(session, user)
        audit.record(session, "cli", "user.reset_link", f"user:{user.id}", {})
    return link


def hashed(token: str) -> str:
    """What the table knows of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(token_hash: str | None) -> User | None:
    """Whose password an unused link still opens."""
    if not token_hash:
        return None
    with db.session(None, write=False) as reader:
        row = reader.get(PasswordReset, token_hash)
        if row is None or row.used_at is not None or row.expires_at <= now():
            return None
        user = reader.get(User, row.user_id)
        return user if user is not None and user.active else None


def use(token_hash: str, user: User, password: str) -> bool:
    """Choose the new password and end the person's sessions; False where the link served meanwhile."""
    with db.session(user.cabinet_id) as session:
        row = session.get(PasswordReset, token_hash, with_for_update=True)
        if row is None or row.used_at is not None or row.expires_at <= now():
            return False
        session.execute(
            update(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
            .values(used_at=now()).execution_options(synchronize_session=False)
        )  # fmt: skip
        services.change_password(session, user.id, password, actor=user.id, how="reset")
        sessions.end_all(session, user.id)
        entry.tell(session, user.id, "password")
    return True


def purge(session: TenantSession) -> None:
    """Forget links that ended a day ago."""
    session.execute(delete(PasswordReset).where(PasswordReset.expires_at < now() - timedelta(days=1)))


def drop(session: TenantSession, user_id: str) -> None:
    """The links of a person are worth nothing any more."""
    session.execute(
        delete(PasswordReset).where(PasswordReset.user_id == user_id).execution_options(synchronize_session=False)
    )


def new_link(session: TenantSession, user: User, lasts: timedelta = LIFETIME) -> str:
    """A new link; the former ones of this person are worth nothing any more."""
    for row in session.scalars(select(PasswordReset).where(PasswordReset.user_id == user.id)):
        session.delete(row)
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        PasswordReset(
            token_hash=hashed(token), user_id=user.id, cabinet_id=user.cabinet_id, created_at=at, expires_at=at + lasts
        )
    )
    # Never the request's Host header, which whoever asks may choose (CVE-2025-43931).
    return f"{config.current().base_url}/mot-de-passe/nouveau?jeton={token}"
