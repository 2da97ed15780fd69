"""A journey's steps: begun from a list of acts, filled in, confirmed, given up (BL-14).

Whatever asks the plugin does so between transactions: nothing is held while it thinks.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import uploads
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.jobs import outbox
from core.jobs.models import OutboxItem
from core.journeys import book
from core.journeys import draft as drafts
from core.journeys import states
from core.journeys.book import Opened
from core.journeys.draft import Draft
from core.journeys.models import Journey
from core.journeys.walk import Asker
from core.journeys.walk import Walk
from core.journeys.walk import walk
from core.links import launch
from core.links.partner import PlpPlugin
from core.links.tokens import FormToken
from core.transactions import services as transactions

#: The outbox's kind.
SUBMIT = "journey.submit"


def begin(hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, token: FormToken, reason: str) -> str:
    """Write journey, transaction and audit in the caller's transaction; its id. The same form gives the first one again.

    Raises `launch.Refused` where mandate or guards say no, `launch.ReasonNeeded` where a warning asks for a reason.
    """
    adviser = principal(ctx)
    if (before := book.of_form(session, adviser, token.form)) is not None:
        return before.id
    act = AccountAction(token.act, token.label, nature=token.nature)
    allowed(hub, ctx, session, account, token.plugin, act, reason)
    made = transactions.create(
        session, account_id=account.id, plugin=token.plugin, origin="PARTENAIRE", act=token.act, act_label=token.label,
        nature=token.nature, initiated_by=adviser.user_id,
    )  # fmt: skip
    row = Journey(
        form=token.form, name=f"jrn_{secrets.token_urlsafe(16)}", plugin=token.plugin, act=token.act,
        act_label=made.act_label, nature=made.nature, account_id=account.id, transaction_id=made.id, user_id=adviser.user_id,
        reason=reason.strip()[:500], expires_at=now() + states.KEPT,
    )  # fmt: skip
    session.add(row)
    session.flush()
    book.say(session, row, states.LABELS["open"], actor=adviser.user_id)
    payload = {"journey": row.id, "act": row.act, "account": account.id, "reason": row.reason or None}
    audit.record(session, adviser.user_id, "journey.open", f"transaction:{made.id}", payload)
    return row.id


def allowed(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, plugin: str, act: AccountAction, reason: str,
    *, but: str = "",
) -> None:  # fmt: skip
    """Mandate, rights and every local rule, in the caller's transaction. `but`: the journey itself, once it is confirmed.

    A partner that does not speak PLP has no mandate here: what it agreed upon with the cabinet its `account_actions` say.
    """
    adviser = principal(ctx)
    if isinstance(hub.registry.plugins[plugin], PlpPlugin):
        launch.mandated(session, plugin, act.key, adviser.user_id)
    launch.check(hub, ctx, session, account, act, reason)
    on_its_way = select(Journey.id).where(
        Journey.account_id == account.id, Journey.nature == act.nature, Journey.state == "sending", Journey.id != but
    )
    if act.nature != "other" and session.scalar(on_its_way.limit(1)) is not None:
        raise launch.Refused("Un acte de même nature est en cours de transmission\u202f: attendez la réponse du partenaire.")


def asker(hub: Hub, ctx: Context, found: Opened) -> Asker:
    """Whom to ask for this journey."""
    return Asker(hub, ctx, found.plugin, found.account, found.intent(principal(ctx)))


def look(hub: Hub, ctx: Context, session: TenantSession, found: Opened) -> tuple[Walk, Draft]:
    """Where it stands. Gives up the session's transaction first. Raises the error words."""
    draft = drafts.read(session, found.id)
    held = uploads.held(session, found.user_id, draft.files.values())
    session.rollback()
    return walk(asker(hub, ctx, found), draft, held), draft


def fill(
    session: TenantSession, adviser: Adviser, journey_id: str, step: str, typed: Mapping[str, Any], files: Mapping[str, str],
    names: Iterable[str],
) -> None:  # fmt: skip
    """Keep what was typed in a step, right or wrong, in the caller's transaction. `files`: slot → file that waits.

    `names`: the step's fields and slots, whose refusals by the partner are answered by this. Raises `NotFound`, `Conflict`.
    """
    book.get(session, adviser, journey_id)
    row = book.locked(session, journey_id)
    if row.state not in states.TYPED:
        raise Conflict(f"Cette saisie est «{states.LABELS[row.state].lower()}»\u202f: rien n'y change plus.")
    book.touch(session, row, amended(drafts.read(session, journey_id), step, typed, files, names))


def amended(
    draft: Draft, step: str, typed: Mapping[str, Any], files: Mapping[str, str], names: Iterable[str]
) -> Draft:
    """The draft with this step's values and files in place of those that it had."""
    own = set(names)
    return Draft(
        {**draft.typed, step: dict(typed)}, {**{slot: one for slot, one in draft.files.items() if slot not in own}, **files},
        {name: text for name, text in draft.errors.items() if name not in own and name != ""}, draft.said,
    )  # fmt: skip


def confirm(
    hub: Hub, ctx: Context, session: TenantSession, found: Opened, reached: Walk, draft: Draft, reason: str = ""
) -> bool:
    """The person confirmed what `reached` shows: journey, transaction and outbox in the caller's transaction.

    `reason`: why a warning that came up meanwhile is passed. False where it was confirmed already. Raises `Conflict`,
    `launch.Refused`, `launch.ReasonNeeded`.
    """
    adviser = principal(ctx)
    row = book.locked(session, found.id)
    if row.state in ("sending", "sent"):
        return False
    if reached.ready is None or drafts.read(session, found.id) != draft:
        raise Conflict("La saisie a changé depuis que ce récapitulatif a été affiché\u202f: relisez-le, puis transmettez.")
    act = AccountAction(found.act, found.act_label, nature=found.nature)
    row.reason = reason.strip()[:500] or row.reason
    allowed(hub, ctx, session, found.account, found.plugin, act, row.reason, but=found.id)
    drafts.keep(session, found.id, Draft(draft.typed, draft.files))  # what the partner refused before is answered
    item = outbox.post(session, SUBMIT, f"{found.plugin}:{found.id}", {"journey": found.id}, lock=_lock(found))
    row.sending, row.tries = item.id, 0
    transaction = transactions.locked(session, found.transaction_id)
    if reached.ready.amount is not None:
        transaction.amount = reached.ready.amount
    book.move(session, row, "sending", actor=adviser.user_id, said=states.LABELS["sending"])
    uploads.hold(session, row.user_id, draft.files.values(), row.expires_at)
    return True


def _lock(found: Opened) -> str:
    """One transmission at a time for a cabinet and partner: slow ones leave the plugin's threads to people's pages."""
    return f"journeys:{found.account.cabinet_id}:{found.plugin}"


def give_up(session: TenantSession, adviser: Adviser, journey_id: str) -> None:
    """«Abandonner»: what was typed is deleted. Raises `NotFound`, `Conflict` for what is on its way."""
    book.get(session, adviser, journey_id)
    row = book.locked(session, journey_id)
    if row.state == "sending":
        raise Conflict("L'acte est en cours de transmission\u202f: il ne peut plus être abandonné ici.")
    if row.state in states.TYPED:
        book.close(session, row, "abandoned", actor=adviser.user_id, source="journey")


def send_again(session: TenantSession, adviser: Adviser, journey_id: str) -> None:
    """Have the outbox try what it gave up. Raises `NotFound` where it did not."""
    row = book.get(session, adviser, journey_id)
    if row.state != "sending" or row.sending is None:
        raise NotFound("Cette transmission n'est pas interrompue.")
    outbox.replay(session, row.sending)
    row.expires_at = now() + states.KEPT_SENDING
    audit.record(session, adviser.user_id, "journey.again", f"transaction:{row.transaction_id}", {"journey": row.id})


def carriage(session: TenantSession, found: Opened) -> OutboxItem | None:
    """The outbox item that carries it."""
    return session.get(OutboxItem, (session.require_cabinet(), found.sending)) if found.sending else None


def still_open(hub: Hub, ctx: Context, found: Opened) -> str | None:
    """Ask the partner's plugin whether the act is open still; why not, or None. Raises the error words."""
    acts = hub.ask(found.plugin, Plugin.account_actions, ctx, found.account)
    act = next((act for act in acts if act.key == found.act), None)
    if act is None:
        return "Le partenaire ne propose plus cet acte sur ce compte."
    return None if act.enabled else act.reason or "Cet acte n'est plus ouvert sur ce compte."


def principal(ctx: Context) -> Adviser:
    """Who asks."""
    assert ctx.principal is not None, "the gate lets nobody in without a principal"
    return ctx.principal


