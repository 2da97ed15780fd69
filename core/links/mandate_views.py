"""The partner's word on the mandate (PLP-021, PLP-037..043): by hook, by `GET`, by the answer to our `PUT`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from sqlalchemy import event as orm_event
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import SessionTransaction

from core.db.clock import PARIS
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.jobs import queue
from core.links import mandate_book as book
from core.links import mandate_code
from core.links import mandate_machine as machine
from core.links import mandate_steps as steps
from core.links import places
from core.links import wording
from core.links.models import Mandate
from core.shell.notifications import notify_administrators

#: The job that reads the partner's view (PLP-039).
READ_JOB = "mandate_view"
_MAX_SEQ = 2**53 - 1
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class ViewOutcome:
    """What became of a view: `kind` for programs, `status` the HTTP answer of a hook (PLP-041)."""

    kind: str
    status: int


APPLIED = ViewOutcome("applied", 204)
STALE = ViewOutcome("stale", 200)
NOTHING_SAID = ViewOutcome("nothing_said", 200)
FOREIGN = ViewOutcome("aside", 202)
MALFORMED = ViewOutcome("malformed-request", 400)
INVALID = ViewOutcome("validation", 422)
WRONG_CODE = ViewOutcome("validation", 422)


class _Bad(ValueError):
    """A member of the view is not what the protocol says."""


@dataclass(frozen=True, slots=True)
class _View:
    reference: str
    seq: int
    state: str | None
    received_at: datetime | None
    active_from: datetime | None
    effective_at: datetime | None
    code: str | None
    reason: str | None


def apply_view(session: TenantSession, plugin: str, data: dict[str, Any]) -> ViewOutcome:
    """Apply the partner's view; the higher `seq` wins (PLP-041). An outcome of 400 or more must be rolled back.

    A wrong code leaves the mandate as it is; the try is counted in a transaction of its own, once this one ends.
    """
    reference = data.get("mandate")
    if not isinstance(reference, str):
        return MALFORMED
    if session.scalar(select(Mandate.id).where(Mandate.plugin == plugin, Mandate.reference == reference)) is None:
        return FOREIGN
    mandate = book.locked(session, plugin, reference)
    try:
        view = _read(data)
    except _Bad:
        return INVALID
    if view.state is None:
        return NOTHING_SAID
    if view.seq <= mandate.partner_seq:
        return STALE
    if view.state == "active" and not _code_holds(mandate, view.code):
        _count_after(session, mandate, f"{view.seq}:{hashlib.sha256((view.code or '').encode()).hexdigest()[:16]}")
        return WRONG_CODE
    if view.seq > mandate.partner_seq + 1:
        ask(session, mandate)
    mandate.partner_seq = view.seq
    mandate.partner_state = view.state
    _apply(session, mandate, view)
    return APPLIED


def ask(session: TenantSession, mandate: Mandate) -> None:
    """Read the partner's view soon: after a gap, on its «mandate-inactive» (PLP-039), once a day."""
    payload = {"plugin": mandate.plugin, "reference": mandate.reference}
    queue.enqueue(session, READ_JOB, payload, key=f"{READ_JOB}:{mandate.cabinet_id}:{mandate.reference}")


def ask_again(session: TenantSession, plugin: str) -> None:
    """The same for the current mandate of a partner; nothing where there is none."""
    mandate = book.current(session, plugin)
    if mandate is not None and mandate.content:
        ask(session, mandate)


def _apply(session: TenantSession, mandate: Mandate, view: _View) -> None:
    word = str(view.state)
    actor = f"partner:{mandate.plugin}"
    event = machine.event_of_word(word, mandate.state)
    if machine.target(event, mandate.state, "partner") is None:
        # The partner's word stands in partner_state, so nothing opens; a person has to look.
        text = f"La compagnie annonce «\u202f{wording.state(mandate.plugin, word)}\u202f»"
        book.note(session, mandate, event, actor=actor, text=text)
        _tell(session, mandate, f"contradiction:{view.seq}", f"{text}, alors que le mandat ici est à l'état "
              f"«\u202f{wording.state(mandate.plugin, mandate.state)}\u202f». Contactez votre "
              f"{wording.words(mandate.plugin).contact}.")  # fmt: skip
        return
    if view.received_at is not None and word in ("received", "active", "returned"):
        mandate.received_on = view.received_at.astimezone(PARIS).date()
    elif word == "received":
        mandate.received_on = (view.effective_at or now()).astimezone(PARIS).date()
    if word == "active":
        mandate.active_from = mandate.active_from or view.active_from or view.effective_at or now()
        mandate.code_hash = mandate.code_expires_at = None
    if word == "suspended":
        mandate.suspended_by = "both" if mandate.suspended_by in ("platform", "both") else "partner"
    if word == "active" and mandate.suspended_by in ("platform", "both"):
        mandate.suspended_by = "platform"
        book.note(session, mandate, "resume", actor=actor, text="La suspension du cabinet demeure")
        return
    if word == "active":
        mandate.suspended_by = None
    if word == "returned":
        mandate.received_on = mandate.sent_on = None
    book.move(session, mandate, event, "partner", actor=actor, text=view.reason)
    if word == "revoked":
        steps.kill(session, mandate)
    if word in ("active", "returned", "refused", "suspended", "revoked"):
        why = f"Motif : {view.reason}. " if view.reason else ""
        _tell(session, mandate, f"{event}:{view.seq}", f"{why}L'historique du mandat donne le détail.")


def _tell(session: TenantSession, mandate: Mandate, key: str, text: str) -> None:
    label = book.partner_label(session, mandate.plugin)
    notify_administrators(
        session, kind="mandate", key=f"mandate:{mandate.reference}:{key}",
        title=f"Mandat {label}\u202f: {wording.state(mandate.plugin, mandate.state).lower()}", text=text,
        url=places.address(mandate.plugin),
    )  # fmt: skip


def _code_holds(mandate: Mandate, typed: str | None) -> bool:
    """PLP-021, PLP-041: the code is due at the first activation only."""
    if mandate.active_from is not None:
        return True
    if typed is None or not mandate_code.usable(mandate.code_hash, mandate.code_expires_at, mandate.code_tries):
        return False
    return mandate_code.matches(typed, mandate.reference, str(mandate.code_hash))


def _count_after(session: TenantSession, mandate: Mandate, attempt: str) -> None:
    """Count the try once the refused transaction is over: it leaves no change of its own (PLP-098)."""
    counted: list[bool] = []
    cabinet_id, plugin, reference = mandate.cabinet_id, mandate.plugin, mandate.reference

    def count(_session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is not None or counted:
            return
        counted.append(True)
        with db.session(cabinet_id) as own:
            count_wrong_code(own, plugin, reference, attempt)

    orm_event.listen(session, "after_transaction_end", count)


def count_wrong_code(session: TenantSession, plugin: str, reference: str, attempt: str) -> None:
    """One more wrong try (PLP-021); at the fifth the code is dead and the administrators are told.

    The same `attempt`, read again by the daily `GET`, is not another try.
    """
    mandate = book.locked(session, plugin, reference)
    if mandate.alerted.get("attempt") == attempt:
        return
    mandate.alerted = {**mandate.alerted, "attempt": attempt}
    mandate.code_tries += 1
    actor = f"partner:{plugin}"
    if mandate.code_tries < mandate_code.TRIES:
        book.note(session, mandate, "wrong_code", actor=actor, text=f"Essai {mandate.code_tries} sur 5")
    elif mandate.code_tries == mandate_code.TRIES:
        book.note(session, mandate, "code_locked", actor=actor, text="Cinq essais erronés\u202f: le code est annulé")
        _tell(session, mandate, "code-locked", "Le code imprimé sur le mandat a été saisi cinq fois de travers chez la "
              "compagnie. Générez un nouveau mandat, ou activez-le à la main sur preuve écrite.")  # fmt: skip


def _read(data: dict[str, Any]) -> _View:
    seq = data.get("seq")
    state = data.get("state")
    if state is not None and state not in machine.PARTNER_WORDS:
        raise _Bad("state")
    if state is not None and (not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= _MAX_SEQ):
        raise _Bad("seq")
    code = data.get("code")
    if code is not None and not isinstance(code, str):
        raise _Bad("code")
    reason = data.get("reason")
    text = reason.get("text") if isinstance(reason, dict) else reason
    if text is not None and not isinstance(text, str):
        raise _Bad("reason")
    return _View(
        str(data["mandate"]), seq if isinstance(seq, int) else 0, state, _stamp(data, "received_at"),
        _stamp(data, "active_from"), _stamp(data, "effective_at"), code, text[:200] if text else None,
    )  # fmt: skip


def _stamp(data: dict[str, Any], name: str) -> datetime | None:
    text = data.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not _STAMP.fullmatch(text):
        raise _Bad(name)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _Bad(name) from error
