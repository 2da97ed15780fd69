"""What an administrator has sent to a person: an invitation to choose a first password, word of a second factor taken away.

The link is that of a forgotten password (`core.auth.resets`), valid longer: its token is drawn when the mail leaves, and
the administrator never sees it. Without a mail server nothing is posted: the operator's command gives a link by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core import config
from core.auth import entry
from core.auth import resets
from core.auth.models import PasswordReset
from core.cabinets import audit
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerRefused
from core.jobs import outbox
from core.jobs.models import OutboxItem
from core.mail import smtp
from core.mail.letters import Letter

LIFETIME = timedelta(hours=72)
INVITATION, FACTOR = "mail.invitation", "mail.second_factor_reset"
_NOT_ASKED = "Encours ne demande jamais votre mot de passe par téléphone ni par e-mail."


@dataclass(frozen=True, slots=True)
class Sent:
    """A person's last invitation. `state`: waiting, sent, refused, dead, cancelled; `until`: of its link, while it serves."""

    state: str
    at: datetime
    until: datetime | None
    error: str | None


def invite(session: TenantSession, user_id: str, *, actor: str) -> bool:
    """Post a mail whose link lets the person choose a password; False where this installation sends no mail."""
    user = services.person(session, user_id)
    if not smtp.is_configured():
        return False
    outbox.cancel(session, INVITATION, f"user:{user.id}")
    audit.record(session, actor, "user.invited", f"user:{user.id}", {"email": user.email})
    outbox.post(session, INVITATION, f"user:{user.id}", {"user": user.id, "asked_at": now().isoformat()})
    return True


def last(session: TenantSession, user_id: str) -> Sent | None:
    """What became of a person's last invitation."""
    item = session.scalar(
        select(OutboxItem).where(OutboxItem.kind == INVITATION, OutboxItem.subject == f"user:{user_id}")
        .order_by(OutboxItem.id.desc()).limit(1)
    )  # fmt: skip
    if item is None:
        return None
    until = session.scalar(
        select(PasswordReset.expires_at).where(
            PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None), PasswordReset.expires_at > now()
        )
    )
    return Sent(item.state, item.done_at or item.created_at, until, item.last_error)


def told_of_factor(session: TenantSession, user_id: str, *, by: str) -> None:
    """Have a person told, by notification and mail, that an administrator took his second factor away."""
    entry.tell(session, user_id, "factor_reset", by=by)
    if smtp.is_configured():
        outbox.post(session, FACTOR, f"user:{user_id}", {"user": user_id, "by": by, "asked_at": now().isoformat()})


@outbox.sender(INVITATION)
def send(_cabinet_id: int, _item_id: str, payload: dict[str, Any]) -> None:
    """Write the mail with a link of its own, and hand it to the mail server."""
    _in_time(payload)
    with db.session(None) as session:
        user = _active(session, payload["user"])
        cabinet = session.get_one(Cabinet, user.cabinet_id).name
        link = resets.new_link(session, user, LIFETIME)
    smtp.send(
        Letter(
            user.email, f"{_one_line(cabinet)} vous ouvre Encours",
            f"Bonjour {user.display_name},\n\n"
            f"{cabinet} vous invite à travailler dans Encours. Choisissez votre mot de passe par ce lien, dans les "
            f"{LIFETIME.days * 24} heures\u202f; il ne sert qu'une fois\u202f:\n\n{link}\n\n"
            f"Vous vous connecterez ensuite avec votre adresse {user.email}. Le lien n'est plus valable\u202f? Demandez une "
            f"nouvelle invitation à l'administrateur de votre cabinet.\n\n{_NOT_ASKED}",
        )
    )  # fmt: skip


@outbox.sender(FACTOR)
def send_factor(_cabinet_id: int, _item_id: str, payload: dict[str, Any]) -> None:
    """Tell a person by mail that his second factor was taken away."""
    _in_time(payload)
    with db.session(None, write=False) as session:
        user = _active(session, payload["user"])
    smtp.send(
        Letter(
            user.email, "Votre second facteur Encours a été réinitialisé",
            f"Bonjour {user.display_name},\n\n"
            f"{payload['by']}, administrateur de votre cabinet, a réinitialisé le second facteur de votre compte et fermé "
            "vos sessions. Enregistrez de nouveau votre téléphone à la prochaine connexion, ou dans «Mon compte»\u202f:\n\n"
            f"{config.current().base_url}/mon-compte\n\n"
            f"Vous ne l'aviez pas demandé\u202f? Prévenez-le sans attendre, par un autre moyen que ce message.\n\n{_NOT_ASKED}",
        )
    )  # fmt: skip


def _in_time(payload: dict[str, Any]) -> None:
    if datetime.fromisoformat(payload["asked_at"]) < now() - LIFETIME:
        raise PartnerRefused("demande trop ancienne\u202f: recommencez-la")


def _active(session: TenantSession, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise PartnerRefused("l'accès de cette personne a été désactivé")
    return user


def _one_line(text: str) -> str:
    """What a mail's subject may hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
