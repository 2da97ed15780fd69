"""The pages of a journey, in this tab: begun by a form of the list of acts, step after step, recap, receipt (BL-14)."""

from __future__ import annotations

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.accounts import lists as accounts
from core.db.errors import DomainError
from core.documents import services as documents
from core.files.received import received
from core.hooks.errors import PluginError
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.jobs.models import OutboxItem
from core.journeys import book
from core.journeys import pages
from core.journeys import services
from core.journeys import slots
from core.journeys import states
from core.journeys.book import Opened
from core.journeys.draft import Draft
from core.journeys.models import Journey
from core.journeys.slots import INITIATE
from core.journeys.walk import Stop
from core.journeys.walk import Walk
from core.links import account_links
from core.links import handover
from core.links import launch
from core.links import tokens
from core.links.tokens import FormToken
from core.shell import reading
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import services as transactions
from core.web import forms
from core.web.errors import page
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("journeys", __name__, url_prefix="/parcours")


@blueprint.post("")
@policy("permission", INITIATE)
def begin() -> ResponseReturnValue:
    """An act that is typed here was picked: write it, go to its first step."""
    token = tokens.read(request.form.get("token", ""))
    if token is None:
        return handover.refused("Cet acte n'a pas été proposé par la liste : il n'est pas ouvert sur ce compte.")
    if token.user_id != _adviser().user_id or token.sid_hash != current_context().sid_hash:
        return handover.refused("Cette liste a été ouverte dans une autre session que la vôtre.")
    account = _account(token)
    if account.plugin != token.plugin or token.plugin not in current_context().enabled:
        return handover.refused("Ce compte n'a plus de lien avec ce partenaire.", back=token.back)
    session = db_session()
    if book.of_form(session, _adviser(), token.form) is None and not token.fresh:
        session.rollback()  # nothing is held while the partner is asked again
        if (refusal := handover.ask_again(account, token)) is not None:
            return refusal
    try:
        made = services.begin(hub(), current_context(), session, account, token, request.form.get("reason", ""))
        session.commit()
    except launch.Refused as error:
        session.rollback()
        return handover.refused(error.text, back=token.back)
    except launch.ReasonNeeded as error:
        session.rollback()
        return handover.refused(error.text, back=token.back, status=422)
    return _to(made)


@blueprint.get("/<journey_id>")
@policy("permission", INITIATE)
def show(journey_id: str) -> ResponseReturnValue:
    """Where it stands: on to the step that is to be filled in, the recap, or the receipt."""
    row, found = _open(journey_id)
    if row.state not in states.TYPED:
        return _receipt(row, found)
    reached, draft = _look(found)
    if (wrong := reached.concerned(draft.errors)) is not None:
        return _to(journey_id, wrong.step.key)
    if reached.ready is None:
        return _to(journey_id, reached.stops[-1].step.key)
    return _recap(row, found, reached, draft)


@blueprint.get("/<journey_id>/etapes/<step>")
@policy("permission", INITIATE)
def step(journey_id: str, step: str) -> ResponseReturnValue:
    """One step, with what was typed in it; the first that is not yet filled in where this one was not reached."""
    row, found = _open(journey_id)
    if row.state not in states.TYPED:
        return _to(journey_id)
    reached, draft = _look(found)
    stop = reached.at(step)
    if stop is None:
        return _to(journey_id)
    return _step(row, found, reached, stop, {**stop.errors, **pages.refused(stop, draft)}, stop.said or draft.said, saved=True)


@blueprint.post("/<journey_id>/etapes/<step>")
@policy("permission", INITIATE)
def fill(journey_id: str, step: str) -> ResponseReturnValue:
    """What was typed in a step is kept, right or wrong; the next one where it is right."""
    row, found = _open(journey_id)
    if row.state not in states.TYPED:
        return _to(journey_id)
    reached, _draft = _look(found)
    stop = reached.at(step)
    if stop is None:
        return _to(journey_id)
    schema = stop.step.schema()
    typed = forms.typed(schema, request.form)
    got = {slot.key: received(slots.rule(slot), slot.key) for slot in stop.step.documents}
    files = {key: one.waiting[-1].id for key, one in got.items() if one.waiting}
    bad = {key: one.error for key, one in got.items() if one.error}
    session, names = db_session(), [*schema.fields, *(slot.key for slot in stop.step.documents)]
    services.fill(session, _adviser(), journey_id, step, typed, files, names)
    session.commit()
    row, found = _open(journey_id)
    reached, _draft = _look(found)
    stop = reached.at(step)
    if stop is None:
        return _to(journey_id)
    errors = {**stop.errors, **bad}
    if errors or stop.said:
        return _step(row, found, reached, stop, errors, stop.said), 422
    return _to(journey_id)


@blueprint.post("/<journey_id>/transmettre")
@policy("permission", INITIATE)
def confirm(journey_id: str) -> ResponseReturnValue:
    """The recap was confirmed: from here on the outbox carries it; or what the outbox gave up is tried again."""
    row, found = _open(journey_id)
    session = db_session()
    if row.state == "sending" and _dead(services.carriage(session, found)):
        services.send_again(session, _adviser(), journey_id)
        session.commit()
    if row.state not in states.TYPED:
        return _to(journey_id)
    reached, draft = _look(found)
    if reached.ready is None or reached.concerned(draft.errors) is not None:
        return _to(journey_id)
    if request.form.get("seen") != pages.seen(draft, reached.ready):
        changed = _("La saisie a changé depuis que ce récapitulatif a été affiché\u202f: relisez-le, puis transmettez.")
        return _recap(row, found, reached, draft, error=changed), 409
    try:
        closed = services.still_open(hub(), current_context(), found)
        if closed is None:
            services.confirm(hub(), current_context(), session, found, reached, draft, request.form.get("reason", ""))
            session.commit()
            return _to(journey_id)
    except launch.ReasonNeeded as error:
        session.rollback()
        return _recap(row, found, reached, draft, reason=error.text), 422
    except (DomainError, PluginError) as error:
        closed = error.text
    session.rollback()
    return _recap(row, found, reached, draft, error=closed), 409


@blueprint.post("/<journey_id>/abandonner")
@policy("permission", INITIATE)
def give_up(journey_id: str) -> ResponseReturnValue:
    """What was typed is deleted."""
    _row, found = _open(journey_id)
    services.give_up(db_session(), _adviser(), journey_id)
    db_session().commit()
    return _to(found.id)


@blueprint.get("/<journey_id>/etat")
@policy("permission", INITIATE)
def status(journey_id: str) -> ResponseReturnValue:
    """The receipt's live part."""
    row, found = _open(journey_id)
    return render_template("journeys/status.html", view=_received(row, found))


@blueprint.errorhandler(PluginError)
def _silent(error: PluginError) -> ResponseReturnValue:
    """The plugin did not say what follows: what was typed is kept, and one may look again."""
    db_session().rollback()
    again = (request.path if request.method == "GET" else request.path.rpartition("/etapes/")[0] or "/", _("Réessayer"))
    return page(
        503, title=_("Cette étape n'est pas disponible pour le moment"), text=error.text or _("Le module n'a pas répondu."),
        todo=_("Ce que vous avez saisi est gardé, et rien n'a été transmis. Réessayez dans un instant."), back=again,
    )  # fmt: skip


def _open(journey_id: str) -> tuple[Journey, Opened]:
    """The journey, where the person may open it; nothing of it while its module is off."""
    row = book.get(db_session(), _adviser(), journey_id)
    reading.also("account", row.account_id)
    return row, book.opened(db_session(), _adviser(), row)


def _look(found: Opened) -> tuple[Walk, Draft]:
    return services.look(hub(), current_context(), db_session(), found)


def _step(
    row: Journey, found: Opened, reached: Walk, stop: Stop, errors: dict[str, str], said: str, *, saved: bool = False
) -> str:
    view = pages.step(pages.head(found, row.expires_at, reached, stop.step.key), reached, stop, errors, said, saved=saved)
    return render_template("journeys/step.html", view=view)


def _recap(
    row: Journey, found: Opened, reached: Walk, draft: Draft, *, reason: str = "", error: str | None = None
) -> str:
    assert reached.ready is not None, "the recap is of what is whole"
    top = pages.head(found, row.expires_at, reached, "recap")
    return render_template(
        "journeys/recap.html", view=pages.recap(top, found, reached, reached.ready, draft, reason=reason), error=error
    )


def _receipt(row: Journey, found: Opened) -> str:
    return render_template("journeys/receipt.html", view=_received(row, found))


def _received(row: Journey, found: Opened) -> pages.Receipt:
    item = services.carriage(db_session(), found)
    trouble = item.last_error or "" if item is not None and row.state == "sending" else ""
    transaction = transactions.get(db_session(), "system", row.transaction_id)  # it is the person's own
    dead = row.state == "sending" and _dead(item)
    filed = documents.of_owner(db_session(), _adviser(), "transaction", row.transaction_id) if row.state == "sent" else ()
    here = url_for("journeys.show", journey_id=row.id)
    papers = tuple((one.title, url_for("documents.preview", document_id=one.id, next=here)) for one in filed)
    return pages.Receipt(pages.head(found, row.expires_at, None, "sent"), transaction, trouble, dead, papers)


def _dead(item: OutboxItem | None) -> bool:
    return item is not None and item.state in ("dead", "refused")


def _to(journey_id: str, step: str | None = None) -> ResponseReturnValue:
    if step is not None:
        return redirect(url_for("journeys.step", journey_id=journey_id, step=step), 303)
    return redirect(url_for("journeys.show", journey_id=journey_id), 303)


def _account(token: FormToken) -> AccountRef:
    ref = accounts.get_ref(db_session(), _adviser(), token.account_id, INITIATE)
    return account_links.attach(db_session(), [ref])[0]


def _adviser() -> Adviser:
    return services.principal(current_context())
