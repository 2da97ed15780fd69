"""The mails of a signature: invitation, reminder. The link's token is drawn when a mail leaves; we keep its hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core import config
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
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import OPEN
from core.web import formats

KIND = "mail.signature"


def turn(session: TenantSession, request_id: str) -> SignatureSigner | None:
    """Whose turn it is: the first who has not signed."""
    wanted = select(SignatureSigner).where(SignatureSigner.request_id == request_id, SignatureSigner.state != "SIGNE")
    return session.scalar(wanted.order_by(SignatureSigner.rank).limit(1))


def invite_next(session: TenantSession, row: SignatureRequest, *, again: bool = False) -> SignatureSigner | None:
    """Post a mail to the one whose turn it is, where he signs by a link; whom. `again`: a reminder, with a link of its own."""
    one = turn(session, row.id)
    if one is None or one.way != "LIEN" or row.state not in OPEN:
        return None
    outbox.cancel(session, KIND, f"signer:{one.id}")
    outbox.post(session, KIND, f"signer:{one.id}", {"signer": one.id, "again": again})
    if one.state == "ATTENTE":
        one.state = "INVITE"
    if row.state == "PRET":
        row.state = "ENVOYE"
    session.flush()
    return one


def troubles(session: TenantSession, signer_ids: Sequence[str]) -> dict[str, str]:
    """Signer → why the last mail to him did not leave; those whose mail left, or still waits, are not there."""
    subjects = {f"signer:{one}": one for one in signer_ids}
    items = session.scalars(
        select(OutboxItem).where(OutboxItem.kind == KIND, OutboxItem.subject.in_(list(subjects))).order_by(OutboxItem.id)
    )
    last = {subjects[item.subject]: item for item in items}
    return {key: item.last_error or "" for key, item in last.items() if item.state in ("refused", "dead")}


def hashed(token: str) -> str:
    """What we keep of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@outbox.sender(KIND)
def send(cabinet_id: int, _item_id: str, payload: dict[str, Any]) -> None:
    """Draw a link, keep its hash, hand the mail over: the former link of this signer opens nothing any more."""
    token = f"{cabinet_id}.{secrets.token_urlsafe(32)}"
    with db.session(cabinet_id) as session:
        one = session.get(SignatureSigner, (cabinet_id, payload["signer"]), with_for_update=True)
        row = session.get(SignatureRequest, (cabinet_id, one.request_id)) if one is not None else None
        if one is None or row is None or row.state not in OPEN or one.state not in ("INVITE", "CONSULTE") or not one.email:
            raise PartnerRefused("il n'y a plus rien à signer")
        one.token_hash, one.invited_at = hashed(token), now()
        session.flush()
        cabinet = session.get_one(Cabinet, cabinet_id).name
        sender = session.scalar(select(User.display_name).where(User.id == row.asked_by)) or cabinet
        letter = _letter(row, one, cabinet, sender, token, again=bool(payload.get("again")))
    smtp.send(letter)


def _letter(
    row: SignatureRequest, one: SignatureSigner, cabinet: str, sender: str, token: str, *, again: bool
) -> Letter:  # fmt: skip
    head = "Rappel\u202f: un document attend votre signature" if again else "Un document attend votre signature"
    own = f"{row.message}\n\n" if row.message else ""
    return Letter(
        str(one.email), _one_line(f"{head} ({cabinet})"),
        f"Bonjour {one.name},\n\n"
        f"{sender} ({cabinet}) vous demande de signer ce document\u202f: {row.title}.\n\n{own}"
        f"Lisez-le et signez-le par ce lien, jusqu'au {formats.day(row.expires_on)}\u202f:\n\n"
        f"{config.current().base_url}/signature?jeton={token}\n\n"
        "Ce lien est personnel\u202f: ne le transmettez pas. Vous n'attendiez pas cette demande\u202f? Ne signez pas, et "
        f"appelez votre cabinet au numéro que vous connaissez.",
    )  # fmt: skip


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
