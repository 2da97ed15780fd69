"""What people of the cabinet do with the mandate (BL-04, BL-05): one function a step, each safe to submit twice.

`seen` is the id of the history's last line when the form was shown: a step already done by the same form changes
nothing; one shown before somebody else's step raises `Conflict`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy import update

from core.auth.models import OidcCode
from core.db.clock import PARIS
from core.db.clock import now
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents.models import Document
from core.jobs import outbox
from core.jobs.models import OutboxItem
from core.links import mandate_book as book
from core.links import mandate_code
from core.links import mandate_document
from core.links import wording
from core.links.mandate_document import OUTBOX
from core.links.models import Launch
from core.links.models import Mandate

OWNER = "mandate"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")


def issue(
    session: TenantSession, plugin: str, *, pdf: bytes, filename: str, code: str, actor: str, seen: str | None = None
) -> Mandate:
    """The pre-filled form was made; `code` is the one printed on it. A former form and its code are void."""
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "issue", seen):
        return mandate
    usable = mandate_code.usable(mandate.code_hash, mandate.code_expires_at, mandate.code_tries)
    if mandate.state == "received" and usable:
        raise Conflict("La compagnie a reçu l'original et peut encore en saisir le code\u202f: un nouveau mandat l'annulerait.")
    kept = _keep(session, mandate, pdf, filename, "Mandat à remplir", actor)
    _take_code(mandate, code)
    mandate.sent_on = mandate.received_on = None
    book.move(session, mandate, "issue", "platform", actor=actor, document_id=kept.id)
    return mandate


def complete(
    session: TenantSession, plugin: str, *, pdf: bytes, filename: str, broker_code: str, signed_on: date, actor: str,
    form: Mapping[str, Any] | None = None, code: str | None = None, seen: str | None = None,
) -> Mandate:  # fmt: skip
    """The form was filled: on screen (`code` is the new one, printed on `pdf`) or deposited (the former code holds).

    Raises `DomainError` for a broker code that is none (PLP-004) or a signature in the future.
    """
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "complete", seen):
        return mandate
    if not re.fullmatch(r"[!-~]{1,64}", broker_code):
        raise DomainError("Le code courtier compte 1 à 64 lettres, chiffres ou signes, sans espace ni accent.")
    if signed_on > today():
        raise DomainError("La date de signature est dans le futur\u202f: vérifiez-la.")
    known = book.registration(session, plugin)
    assert known is not None, "a mandate has its registration"
    if mandate.state == "none" and code is not None:
        book.move(session, mandate, "issue", "platform", actor=actor)
    kept = _keep(session, mandate, pdf, filename, "Mandat rempli", actor)
    if code is not None:
        _take_code(mandate, code)
    known.broker_code = broker_code
    mandate.form = {**mandate.form, **dict(form or {})}
    mandate.signed_at = _noon(signed_on)
    mandate.signed_pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    book.move(session, mandate, "complete", "platform", actor=actor, document_id=kept.id)
    return mandate


def send(
    session: TenantSession, plugin: str, *, inspector_name: str, inspector_email: str, sent_on: date, actor: str,
    seen: str | None = None,
) -> Mandate:  # fmt: skip
    """The mandate went to the inspector. From here the partner is told of it (PLP-037). Raises `DomainError`."""
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "send", seen):
        return mandate
    whom = wording.words(plugin).of_contact
    if not inspector_name.strip():
        raise DomainError(f"Saisissez le nom {whom}.")
    if not _EMAIL.fullmatch(inspector_email):
        raise DomainError(f"Saisissez l'adresse e-mail {whom}, par exemple prenom.nom@exemple.fr.")
    _check_past(mandate, sent_on, "d'envoi")
    mandate.inspector_name = inspector_name.strip()[:120]
    mandate.inspector_email = inspector_email[:254]
    mandate.sent_on = sent_on
    text = f"À {mandate.inspector_name}, le {sent_on:%d/%m/%Y}"
    book.move(session, mandate, "send", "platform", actor=actor, text=text)
    return mandate


def receive(
    session: TenantSession, plugin: str, *, received_on: date, proof: bytes, filename: str, actor: str,
    seen: str | None = None,
) -> Mandate:  # fmt: skip
    """Somebody holds the company's word that the original came: the delay starts at that date (BL-05).

    Raises `DomainError` for a date in the future or before the signature, or a proof that is no PDF or picture.
    """
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "receive", seen):
        return mandate
    _check_past(mandate, received_on, "de réception")
    kept = _keep_proof(session, mandate, proof, filename, "Preuve de réception", actor)
    mandate.received_on = received_on
    text = f"Original reçu le {received_on:%d/%m/%Y}, saisi à la main sur preuve"
    book.move(session, mandate, "receive", "proof", actor=actor, text=text, document_id=kept.id)
    return mandate


def activate(
    session: TenantSession, plugin: str, *, active_on: date, proof: bytes, filename: str, actor: str,
    seen: str | None = None, reference: str | None = None,
) -> Mandate:  # fmt: skip
    """Somebody holds the company's written word that the mandate is active (BL-05): never by time alone."""
    mandate = book.locked(session, plugin, reference)
    if _done(session, mandate, "activate", seen):
        return mandate
    _check_past(mandate, active_on, "d'activation")
    kept = _keep_proof(session, mandate, proof, filename, "Preuve d'activation", actor)
    mandate.active_from = min(_noon(active_on), now())
    mandate.partner_state = "active"
    _spend_code(mandate)
    text = f"Actif depuis le {active_on:%d/%m/%Y}, saisi à la main sur preuve"
    book.move(session, mandate, "activate", "proof", actor=actor, text=text, document_id=kept.id)
    return mandate


def activate_by_hand(session: TenantSession, reference: str, *, proof: bytes, filename: str, actor: str) -> Mandate:
    """`encours partner activate`: the mandate of this reference, active from today on proof. Raises `NotFound`."""
    plugin = book.of_reference(session, reference).plugin
    return activate(
        session, plugin, active_on=today(), proof=proof, filename=filename, actor=actor, reference=reference
    )


def suspend(session: TenantSession, plugin: str, *, reason: str, actor: str, seen: str | None = None) -> Mandate:
    """The cabinet stops the link for a time; only the cabinet lifts it again (PLP-042)."""
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "suspend", seen):
        return mandate
    if mandate.suspended_by in ("platform", "both"):
        raise Conflict("Le cabinet a déjà suspendu ce mandat.")
    mandate.suspended_by = "both" if mandate.suspended_by == "partner" else "platform"
    book.move(session, mandate, "suspend", "platform", actor=actor, text=_reason(reason))
    return mandate


def resume(session: TenantSession, plugin: str, *, actor: str, seen: str | None = None) -> Mandate:
    """The cabinet lifts its own suspension. The partner's own stays: the mandate is then still suspended."""
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "resume", seen):
        return mandate
    if mandate.suspended_by == "partner":
        who = wording.words(plugin).contact
        raise Conflict(f"La suspension vient de la compagnie\u202f: elle seule peut la lever. Contactez votre {who}.")
    if mandate.suspended_by == "both":
        mandate.suspended_by = "partner"
        book.note(session, mandate, "resume", actor=actor, text="La compagnie maintient sa propre suspension")
        mandate_document.touch(session, mandate)
        return mandate
    mandate.suspended_by = None
    book.move(session, mandate, "resume", "platform", actor=actor)
    return mandate


def revoke(session: TenantSession, plugin: str, *, reason: str, actor: str, seen: str | None = None) -> Mandate:
    """The cabinet ends the mandate, at once and for good (PLP-043)."""
    mandate = book.locked(session, plugin)
    if _done(session, mandate, "revoke", seen):
        return mandate
    book.move(session, mandate, "revoke", "platform", actor=actor, text=_reason(reason))
    kill(session, mandate)
    return mandate


def renew(session: TenantSession, plugin: str, *, actor: str) -> Mandate:
    """After a final state: a new mandate under a new reference, at its beginning; an open one is given back as is."""
    mandate = book.locked(session, plugin)
    if mandate.ended_at is None:
        return mandate
    # The newest by date is the current one: two in one microsecond would have no order.
    fresh = Mandate(plugin=plugin, reference=new_reference(), form=dict(mandate.form), created_at=now())
    session.add(fresh)
    session.flush()
    book.note(session, fresh, "request", actor=actor, text=f"Remplace le mandat {mandate.reference}")
    return fresh


def kill(session: TenantSession, mandate: Mandate) -> None:
    """PLP-043: launches, codes and outbox items of the mandate die at once, save the `PUT`."""
    at = now()
    launches = session.scalars(
        select(Launch.launch_id).where(Launch.mandate == mandate.reference, Launch.expires_at > at)
    ).all()
    session.execute(
        update(Launch)
        .where(Launch.mandate == mandate.reference, Launch.expires_at > at)
        .values(expires_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OidcCode)
        .where(
            OidcCode.cabinet_id == session.require_cabinet(), OidcCode.launch_id.in_(launches), OidcCode.expires_at > at
        )
        .values(expires_at=at)
        .execution_options(synchronize_session=False)
    )
    subject = f"mandate:{mandate.reference}"
    kinds = session.scalars(
        select(OutboxItem.kind)
        .where(OutboxItem.state == "waiting", OutboxItem.kind != OUTBOX, OutboxItem.subject.startswith(subject))
        .distinct()
    ).all()
    for kind in kinds:
        outbox.cancel(session, kind, subject)


def new_reference() -> str:
    """`mdt_` and 128 random bits (PLP-004)."""
    return "mdt_" + secrets.token_urlsafe(16)


def _done(session: TenantSession, mandate: Mandate, event: str, seen: str | None) -> bool:
    """Whether this very step was done since the form was shown. Raises `Conflict` where another one was."""
    if seen is None:
        return False
    last = book.last_event(session, mandate)
    if seen == (last.id if last else ""):
        return False
    if last is not None and last.event == event:
        return True
    raise Conflict(
        "Le mandat a changé depuis l'affichage de cette page. Revenez à la page de l'activation\u202f: rien n'a été modifié."
    )


def _keep(
    session: TenantSession, mandate: Mandate, data: bytes, filename: str, title: str, actor: str,
    media_type: str = "application/pdf",
) -> Document:  # fmt: skip
    by = actor if len(actor) == 26 else None
    return documents.store(
        session, owner_kind=OWNER, owner_id=mandate.id, category="MANDAT", title=title, filename=filename, data=data,
        media_type=media_type, created_by=by,
    )  # fmt: skip


def _keep_proof(
    session: TenantSession, mandate: Mandate, data: bytes, filename: str, title: str, actor: str
) -> Document:
    media_type = documents.sniff(data)
    if media_type is None:
        text = "Joignez la preuve en PDF, PNG ou JPEG\u202f: l'e-mail de la compagnie imprimé en PDF convient."
        raise DomainError(text, code="file-type")
    return _keep(session, mandate, data, filename, title, actor, media_type)


def _check_past(mandate: Mandate, on: date, what: str) -> None:
    if on > today():
        raise DomainError(f"La date {what} est dans le futur\u202f: vérifiez-la.")
    if mandate.signed_at is not None and on < mandate.signed_at.astimezone(PARIS).date():
        raise DomainError(f"La date {what} précède la signature du mandat\u202f: vérifiez-la.")


def _take_code(mandate: Mandate, code: str) -> None:
    mandate.code_hash = mandate_code.hashed(code, mandate.reference)
    mandate.code_expires_at = now() + mandate_code.LIFE
    mandate.code_tries = 0


def _spend_code(mandate: Mandate) -> None:
    mandate.code_hash = None
    mandate.code_expires_at = None


def _reason(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise DomainError("Saisissez un motif\u202f: il est conservé dans l'historique du mandat.")
    return text[:300]


def _noon(day: date) -> datetime:
    """A day known without its hour: noon in France, so that its date is the same in UTC."""
    return datetime.combine(day, time(12), tzinfo=PARIS)
