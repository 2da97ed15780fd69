"""The transmission: an outbox item asks the plugin, whose word is written with all that it brings about (BL-14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.cabinets import audit
from core.cabinets import services as cabinets
from core.db.clock import now
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents import uploads
from core.documents.uploads import Held
from core.extensions import db
from core.hooks import context
from core.hooks import gates
from core.hooks import telling
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.hooks.hub import Hub
from core.hooks.journeys import Refused
from core.hooks.journeys import Submitted
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.jobs import outbox
from core.jobs.queue import Wait
from core.journeys import book
from core.journeys import draft as drafts
from core.journeys import reports
from core.journeys import services
from core.journeys import states
from core.journeys.book import Opened
from core.journeys.draft import Draft
from core.journeys.models import Journey
from core.journeys.slots import INITIATE
from core.journeys.walk import Walk
from core.journeys.walk import walk
from core.links import launch
from core.links.partner import PlpPlugin
from core.shell.notifications import notify

#: How long it waits before it looks again whether the module is on.
LOOK_AGAIN = 300.0
#: Under which category a document is filed that was joined to an act.
CATEGORY = "Pièce jointe à un acte"


@outbox.sender(services.SUBMIT)
def send(cabinet_id: int, item_id: str, payload: dict[str, Any]) -> None:
    """Ask the plugin to transmit, and write its answer. A journey that went on without this item is left alone."""
    hub = telling.hub()
    with db.session(cabinet_id, write=False) as session:
        row = session.get(Journey, (cabinet_id, str(payload["journey"])))
        if row is None or row.state != "sending" or row.sending != item_id:
            return None
        begun = _begun(session, hub, row)
        tries = row.tries
    if isinstance(begun, str):
        return _write(cabinet_id, str(payload["journey"]), item_id, _ours(begun, {}, tries))
    ctx, found, draft, held = begun
    try:
        answer, reached = _asked(hub, ctx, found, draft, held, tries)
    except PluginError as error:
        _tell(cabinet_id, found, error)
        raise
    return _write(cabinet_id, found.id, item_id, answer, reached)


def _asked(
    hub: Hub, ctx: Context, found: Opened, draft: Draft, held: Mapping[str, Held], tries: int
) -> tuple[Submitted | Refused, Walk]:
    """The answer, and what was sent. Raises the error words."""
    try:
        reached = walk(services.asker(hub, ctx, found), draft, held)
    except PartnerRefused as error:
        return _ours(error.text, {}, tries), Walk(())
    if reached.ready is None:  # the plugin asks for more than when it was confirmed
        last = reached.stops[-1]
        return _ours(last.said or "Une étape est à compléter avant la transmission.", last.errors, tries), reached
    _trying(ctx.cabinet_id, found.id)
    try:
        return _ask(hub, ctx, found, reached), reached
    except PartnerRefused as error:
        return Refused(error.text), reached


def _ours(text: str, errors: Mapping[str, str], tries: int) -> Refused:
    """A refusal of our own, before anything was sent. Afterwards the partner may have the act: raises `PartnerUnavailable`, so
    that it goes on being asked, until it says so or somebody looks."""
    if tries:
        raise PartnerUnavailable(f"{text} L'acte a pu parvenir au partenaire : vérifiez auprès de lui.")
    return Refused(text, errors)


def _trying(cabinet_id: int, journey_id: str) -> None:
    with db.session(cabinet_id) as session:
        book.locked(session, journey_id).tries += 1


def _begun(session: TenantSession, hub: Hub, row: Journey) -> tuple[Context, Opened, Draft, Mapping[str, Held]] | str:
    """All that the plugin is asked with; why it cannot be, in words for the person. Raises `Wait` while the module is off."""
    adviser = cabinets.principals(session, [row.user_id]).get(row.user_id)
    if adviser is None or not adviser.can(INITIATE):
        return "La personne qui l'a confirmé n'a plus le droit de lancer des actes."
    ctx = context.make(session, hub.registry, principal=adviser)
    if (held_up := gates.shut(hub.registry, row.plugin, ctx.enabled)) is not None:
        raise Wait(LOOK_AGAIN, held_up.text)
    try:
        found = book.opened(session, adviser, row)
        if isinstance(hub.registry.plugins[row.plugin], PlpPlugin):
            launch.mandated(session, row.plugin, row.act, row.user_id)
    except (NotFound, launch.Refused) as refusal:
        return refusal.text
    draft = drafts.read(session, row.id)
    return ctx, found, draft, uploads.held(session, row.user_id, draft.files.values())


def _ask(hub: Hub, ctx: Context, found: Opened, reached: Walk) -> Submitted | Refused:
    answer = hub.ask(
        found.plugin, Plugin.submit_transaction, ctx, found.account, found.intent(services.principal(ctx)), reached.values,
        reached.documents,
    )  # fmt: skip
    if isinstance(answer, Submitted) and not reports.is_known(hub.registry.plugins[found.plugin], answer.status):
        raise ProtocolError(f"Le module annonce un statut qu'il n'a pas déclaré («{answer.status}»).")
    return answer


def _write(cabinet_id: int, journey_id: str, item_id: str, answer: Submitted | Refused, reached: Walk | None = None) -> None:
    with db.session(cabinet_id) as session:
        row = book.locked(session, journey_id)
        if row.state != "sending" or row.sending != item_id:
            return
        actor = f"partner:{row.plugin}"
        if isinstance(answer, Refused):
            _give_back(session, row, answer, actor)
        else:
            _file(session, row, reached or Walk(()))
            book.move(session, row, "sent", actor=actor)
            book.clear(session, row)
            reports.take(session, telling.hub().registry.plugins[row.plugin], row.transaction_id, _first(row, answer))


def _first(row: Journey, answer: Submitted) -> reports.Said:
    return reports.Said(answer.seq, answer.status, now(), "submission", answer.partner_ref, reason_text=answer.reason or None)


def _give_back(session: TenantSession, row: Journey, answer: Refused, actor: str) -> None:
    draft = drafts.read(session, row.id)
    draft.errors = dict(answer.errors)
    draft.said = answer.text
    row.refusals += 1
    book.move(session, row, "refused", actor=actor, said=answer.text or "Des points sont à corriger avant la transmission.")
    book.touch(session, row, draft)
    notify(
        session, [row.user_id], kind="warning", key=f"journey:{row.id}:{row.refusals}",
        title=f"{row.act_label}\u202f: à corriger avant transmission",
        text="Le partenaire n'a pas pris l'acte. Ce que vous avez saisi est gardé\u202f: corrigez ce qu'il signale, puis "
        "transmettez de nouveau.",
        url=f"/parcours/{row.id}", about=("transaction", row.transaction_id),
    )  # fmt: skip


def _file(session: TenantSession, row: Journey, reached: Walk) -> None:
    """The documents become the transaction's."""
    labels = {slot.key: slot.label for stop in reached.stops for slot in stop.step.documents}
    for slot, one in reached.documents.items():
        made = documents.store(
            session, owner_kind="transaction", owner_id=row.transaction_id, category=CATEGORY, title=labels[slot],
            filename=one.filename, data=one.read(), media_type=one.media_type, created_by=row.user_id,
        )  # fmt: skip
        audit.record(session, row.user_id, "journey.filed", f"document:{made.id}", {"journey": row.id, "digest": made.sha256})


def _tell(cabinet_id: int, found: Opened, error: PluginError) -> None:
    """It did not work, and is tried again: said where one looks, once a kind of failure."""
    text = f"{states.LABELS['sending']} : {error.text or 'le partenaire ne répond pas.'}"
    with db.session(cabinet_id) as session:
        row = book.locked(session, found.id)
        if row.state == "sending" and row.sending == found.sending:
            book.say(session, row, text, actor="system", once=True)
