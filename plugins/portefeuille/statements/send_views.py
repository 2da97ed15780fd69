"""Statements to their clients: who would be written to and who not, the words, one press, what failed again (PF-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import contacts
from core.api import forms
from core.api import messages
from core.api import pdf
from core.api.db import today
from core.api.formats import grouped
from core.api.forms import FormView
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.portefeuille import frames
from plugins.portefeuille.statements import batches
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements import sending
from plugins.portefeuille.statements.sending import Paper

SECTION = "releve"


def register(made: Blueprint) -> None:
    """The routes."""
    both = ["GET", "POST"]
    made.add_url_rule("/releves/<batch_id>/envoi", "statement_batch_send", send_batch, methods=both)
    made.add_url_rule("/releves/<batch_id>/reessayer", "statement_batch_retry", retry_batch, methods=["POST"])
    made.add_url_rule("/contacts/<contact_id>/releve/<statement_id>/envoi", "statement_send", send, methods=both)
    made.add_url_rule("/contacts/<contact_id>/releve/<statement_id>/reessayer", "statement_retry", retry, methods=["POST"])


@permission(keeping.EDIT)
def send_batch(batch_id: str) -> ResponseReturnValue:
    """Of a batch, all that were never sent."""
    session, who, ctx = db_session(), adviser(), own_context("portefeuille")
    batch = batches.of(session, who, batch_id)
    lines = sending.told(session, who, batch_id)
    back = url_for("p_portefeuille.statement_batch", batch_id=batch_id)
    values, form = _typed(keeping.titled(batch.wanted.on))
    if values is not None:
        asked, left = sending.send_batch(session, ctx, who, batch, values["objet"], values["texte"], back)
        session.commit()
        flash(_said(asked, left), "success" if asked else "warning")
        return redirect(back, 303)
    crumbs = [(_("Lots de relevés"), url_for("p_portefeuille.statement_batches")), (_("Lot de relevés"), back)]
    return _page(form, sending.waiting(lines) if batch.ended else [], back, crumbs=[*crumbs, (_("Envoi aux clients"), None)])


@permission(keeping.EDIT)
def retry_batch(batch_id: str) -> ResponseReturnValue:
    """Of a batch, what failed, or the one message that is named."""
    session, who = db_session(), adviser()
    batches.of(session, who, batch_id)
    count = sending.again(
        session, own_context("portefeuille"), who, sending.told(session, who, batch_id), request.form.get("message", "")
    )
    session.commit()
    _tried(count)
    return redirect(url_for("p_portefeuille.statement_batch", batch_id=batch_id), 303)


@permission(keeping.EDIT)
def send(contact_id: str, statement_id: str) -> ResponseReturnValue:
    """One kept statement. `rang`: how many sendings the page knew of, so that two presses, or two tabs, make one."""
    session, who, ctx = db_session(), adviser(), own_context("portefeuille")
    paper, document = sending.single(session, who, contact_id, statement_id)
    earlier = messages.of_documents(session, [statement_id]).get(statement_id, [])
    paper = replace(paper, turn=_turn(len(earlier)))
    back = url_for("p_portefeuille.statement", contact_id=contact_id)
    values, form = _typed(document.title)
    if values is not None:
        left = sending.send(session, ctx, who, [paper], values["objet"], values["texte"], back)
        session.commit()
        flash(next(iter(left.values()), "") or _said(int(paper.turn == len(earlier)), 0), "warning" if left else "success")
        return redirect(back, 303)
    frame, failures = frames.file_frame(contact_id, SECTION)
    contact = contacts.get_contact(session, who, contact_id)
    return _page(
        form, [paper], back, contact=contact, frame=frame, failures=failures, age=contact.age(today()), document=document,
        sent=earlier, turn=paper.turn,
    )  # fmt: skip


@permission(keeping.EDIT)
def retry(contact_id: str, statement_id: str) -> ResponseReturnValue:
    """The message that took this statement, where it failed."""
    session, who = db_session(), adviser()
    sending.single(session, who, contact_id, statement_id)
    count = int(sending.again_one(session, own_context("portefeuille"), who, statement_id))
    session.commit()
    _tried(count)
    return redirect(url_for("p_portefeuille.statement", contact_id=contact_id), 303)


def _typed(title: str) -> tuple[Mapping[str, Any] | None, FormView]:
    """What was typed, where it is right; and the form."""
    schema = sending.SendForm()
    if request.method == "GET":
        return None, forms.view(schema, sending.usual(adviser(), pdf.head().cabinet, title))
    given = forms.typed(schema, request.form)
    checked = forms.check(schema, given)
    return None if checked.errors else checked.values, forms.view(schema, given, checked.errors)


def _turn(known: int) -> int:
    """The sending that the page asked for: never one beyond the next."""
    sent = request.form.get("rang", "")
    return min(int(sent), known) if sent.isascii() and sent.isdecimal() and len(sent) < 6 else known


def _page(form: FormView, papers: list[Paper], back: str, **more: Any) -> ResponseReturnValue:
    session, who, ctx = db_session(), adviser(), own_context("portefeuille")
    able = bool(messages.modules(ctx))
    found = sending.preview(session, ctx, who, papers if able else [])
    for one in found.going:  # their addresses are shown
        also_reads("contact", one.contact_id)
    page = render_template(
        "portefeuille/statement_send.html", form=form, able=able, going=found.going, left=found.left, unasked=found.failures,
        back=back, **more,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _said(asked: int, left: int) -> str:
    """What was done, in a sentence."""
    if not asked and not left:
        return str(_("Ces relevés étaient déjà envoyés, ou en cours d'envoi\u202f: rien n'est parti deux fois."))
    done = ngettext("%(count)s envoi demandé", "%(count)s envois demandés", asked, count=grouped(asked))
    if not left:
        return str(_("%(done)s\u202f: la suite s'affiche ici.", done=done))
    apart = ngettext("%(count)s contact laissé de côté", "%(count)s contacts laissés de côté", left, count=grouped(left))
    return str(_("%(done)s, %(apart)s\u202f: la suite et les raisons s'affichent ici.", done=done, apart=apart))


def _tried(count: int) -> None:
    said = grouped(count)
    words = ngettext("%(count)s envoi est tenté à nouveau.", "%(count)s envois sont tentés à nouveau.", count, count=said)
    flash(words if count else _("Rien n'avait échoué\u202f: rien n'est tenté à nouveau."), "success" if count else "info")
