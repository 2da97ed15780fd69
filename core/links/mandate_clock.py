"""The mandate's clock (BL-05): reminders, lateness, expiry, the daily reading. Time alone never activates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.cabinets.services import administrators
from core.db.clock import now
from core.db.clock import today
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import settings
from core.hooks import telling
from core.jobs.queue import handler
from core.jobs.queue import periodic
from core.links import mandate_book as book
from core.links import mandate_document
from core.links import mandate_machine as machine
from core.links import mandate_views as views
from core.links import places
from core.links import wording
from core.links import working_days
from core.links.client import PlpClient
from core.links.mandate_activity import is_on
from core.links.models import Enrolment
from core.links.models import Mandate
from core.shell.notifications import notify


@dataclass(frozen=True, slots=True)
class Delay:
    """How long the company takes: a setting of the partner's plugin. The source says «5 jours» (BL-05)."""

    days: int = 5
    kind: working_days.DelayKind = "calendar"
    reminder_days: int = 3

    @property
    def label(self) -> str:
        """«5 jours calendaires»."""
        return working_days.label(self.days, self.kind)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the activation stands on a day. `due` and `days_left` are None where no receipt is known.

    `chase`: the inspector should be asked again; `late`: the delay is over and the mandate not active.
    """

    due: date | None = None
    days_left: int | None = None
    remind: bool = False
    chase: bool = False
    late: bool = False


def delay(session: TenantSession, plugin: str) -> Delay:
    """The cabinet's setting for this partner, or the default."""
    known = telling.hub().registry.plugins.get(plugin) if telling.ready() else None
    values: Mapping[str, Any] = settings.read(session, known).values if known is not None else {}
    kind: working_days.DelayKind = "working" if values.get("delay_kind") == "working" else "calendar"
    return Delay(int(values.get("delay_days", 5)), kind, int(values.get("reminder_days", 3)))


def progress(state: str, sent_on: date | None, received_on: date | None, rule: Delay, on: date) -> Progress:
    """Pure arithmetic: the delay runs from the receipt of the original, never from the sending (BL-05)."""
    if state == "received" and received_on is not None:
        due = working_days.add_days(received_on, rule.days, rule.kind)
        remind_on = working_days.add_days(received_on, rule.reminder_days, rule.kind)
        return Progress(due=due, days_left=(due - on).days, remind=remind_on <= on <= due, late=on > due)
    if state == "sent" and sent_on is not None:
        return Progress(chase=on >= working_days.add_days(sent_on, rule.reminder_days, rule.kind))
    return Progress()


def progress_of(session: TenantSession, mandate: Mandate) -> Progress:
    """The same for a mandate, today, by the cabinet's setting."""
    return progress(mandate.state, mandate.sent_on, mandate.received_on, delay(session, mandate.plugin), today())


def due_on(session: TenantSession, plugin: str) -> date | None:
    """The last day of the delay, where a receipt is known; None otherwise: there is then no countdown."""
    mandate = book.current(session, plugin)
    return progress_of(session, mandate).due if mandate is not None else None


@periodic("mandate_clock", 3600)
def tick(cabinet_id: int) -> None:
    """Each hour: what time brings about for each mandate of the cabinet. Told once (the keys are)."""
    with db.session(cabinet_id) as session:
        for mandate in session.scalars(select(Mandate).where(Mandate.ended_at.is_(None))).all():
            if is_on(session, mandate.plugin):
                _tick(session, mandate)


def _tick(session: TenantSession, mandate: Mandate) -> None:
    if mandate.expires_at is not None and mandate.expires_at <= now() and mandate.state in ("active", "suspended"):
        book.move(session, mandate, "expire", "clock", actor="system")
        text = "Le mandat a expiré\u202f: demandez un nouveau mandat depuis la page d'activation."
        _tell(session, mandate, "expired", "le mandat a expiré", text, advisers=True)
        return
    mandate_document.touch(session, mandate)
    _remind(session, mandate)
    known = book.registration(session, mandate.plugin)
    told = mandate.content and known is not None and known.sheet.get("mandates") == "api"
    if told and mandate.alerted.get("read_on") != today().isoformat():
        mandate.alerted = {**mandate.alerted, "read_on": today().isoformat()}
        views.ask(session, mandate)


def _remind(session: TenantSession, mandate: Mandate) -> None:
    rule, who = delay(session, mandate.plugin), wording.words(mandate.plugin)
    stands = progress(mandate.state, mandate.sent_on, mandate.received_on, rule, today())
    if stands.chase and mandate.sent_on is not None:
        week = (today() - mandate.sent_on).days // 7
        text = (
            f"Mandat transmis le {mandate.sent_on:%d/%m/%Y} à {mandate.inspector_name}\u202f: la date de réception par la "
            f"compagnie est inconnue. Relancez {who.the_contact}\u202f; le délai d'activation ne court qu'à partir de cette date."
        )
        _tell(session, mandate, f"chase:{mandate.sent_on}:{week}", f"relancez {who.the_contact}", text)
    if stands.remind and stands.due is not None:
        text = (
            f"Original reçu par la compagnie le {mandate.received_on:%d/%m/%Y} : l'activation est attendue au plus "
            f"tard le {stands.due:%d/%m/%Y} ({rule.label})."
        )
        _tell(session, mandate, f"remind:{mandate.received_on}", "activation attendue", text)
    if stands.due == today():
        text = (
            f"Dernier jour du délai ({rule.label} après la réception du {mandate.received_on:%d/%m/%Y})\u202f: la compagnie "
            "n'a pas encore activé l'accès."
        )
        _tell(session, mandate, f"due:{mandate.received_on}", "activation attendue aujourd'hui", text)
    if stands.late and stands.due is not None:
        text = (
            f"L'activation était attendue le {stands.due:%d/%m/%Y} au plus tard ({rule.label} après la réception du "
            f"{mandate.received_on:%d/%m/%Y}). Contactez {who.the_contact} {mandate.inspector_name or ''}".rstrip() + "."
        )
        _tell(session, mandate, f"late:{mandate.received_on}", "retard d'activation", text, advisers=True)
    code_until = mandate.code_expires_at
    if mandate.state in machine.PENDING and code_until is not None and code_until <= now():
        text = (
            "Le code imprimé sur le mandat a plus de 30 jours\u202f: la compagnie ne peut plus s'en servir. "
            "Générez un nouveau mandat, ou activez-le à la main sur preuve écrite."
        )
        _tell(session, mandate, f"code:{code_until:%Y%m%d}", "code d'activation périmé", text)


def _tell(
    session: TenantSession, mandate: Mandate, key: str, title: str, text: str, *, advisers: bool = False
) -> None:
    people = administrators(session)
    if advisers:
        people += session.scalars(
            select(Enrolment.user_id).where(Enrolment.plugin == mandate.plugin, Enrolment.state == "enrolled")
        ).all()
    notify(
        session, people, kind="mandate", key=f"mandate:{mandate.reference}:{key}",
        title=f"{book.partner_label(session, mandate.plugin)}\u202f: {title}", text=text,
        url=places.address(mandate.plugin),
    )  # fmt: skip


@handler(views.READ_JOB, transaction=False)
def read_view(cabinet_id: int, payload: dict[str, Any]) -> None:
    """PLP-039: ask the partner where the mandate stands; one that it does not know is handed over again."""
    plugin, reference = str(payload["plugin"]), str(payload["reference"])
    with db.session(cabinet_id, write=False) as session:
        if not is_on(session, plugin):
            return
    found = PlpClient(cabinet_id, plugin).get_mandate(reference)
    with db.session(cabinet_id) as session:
        if found is None:
            mandate_document.send(session, book.locked(session, plugin, reference))
        elif views.apply_view(session, plugin, found).status >= 400:
            session.rollback()
