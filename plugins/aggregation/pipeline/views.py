"""Pages of feeds: the files that came, what one does, which account a source's account is, where a figure comes from."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import Context
from core.api import accounts
from core.api import contacts
from core.api import files as received_files
from core.api import forms
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.types import AccountRef
from core.api.types import Adviser
from core.api.web import address
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import jobs
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline import rows
from plugins.aggregation.pipeline import sources
from plugins.aggregation.pipeline import tracing
from plugins.aggregation.pipeline.forms import RULE
from plugins.aggregation.pipeline.forms import AttachForm
from plugins.aggregation.pipeline.forms import CreateForm
from plugins.aggregation.pipeline.forms import FileForm
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile

EDIT = "accounts.edit"
#: Files of a page, accounts of a file that its page shows.
MOST = 100
#: Accounts that a search proposes.
SHOWN = 30


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("aggregation", "plugins.aggregation.plugin")
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/fichiers", "receive", receive, methods=["POST"])
    made.add_url_rule("/partenaires", "sources", partners)
    made.add_url_rule("/partenaires/<plugin>/actualiser", "refresh", refresh, methods=["POST"])
    made.add_url_rule("/partenaires/<plugin>/cle", "confirm_key", confirm_key, methods=["POST"])
    made.add_url_rule("/fichiers/<feed_id>", "file", show)
    made.add_url_rule("/fichiers/<feed_id>/etat", "file_status", status)
    for name, rule, view in (("apply", "appliquer", apply), ("undo", "annuler", undo), ("put_aside", "ecarter", put_aside)):
        made.add_url_rule(f"/fichiers/<feed_id>/{rule}", f"file_{name}", view, methods=["POST"])
    made.add_url_rule("/comptes/<feed_account_id>", "link", link, methods=["GET", "POST"])
    made.add_url_rule("/comptes/<feed_account_id>/creer", "link_create", link_create, methods=["POST"])
    made.add_url_rule("/comptes/<feed_account_id>/ignorer", "link_ignore", link_ignore, methods=["POST"])
    made.add_url_rule("/comptes/<feed_account_id>/detacher", "link_detach", link_detach, methods=["POST"])
    made.add_url_rule("/provenance/<account_id>", "origin", origin)
    return made


@permission(EDIT)
def index() -> ResponseReturnValue:
    """The files, the newest first; the accounts that wait for a word; a zone to deposit one more."""
    return _index({}, {}, forms.token())


def _index(values: Mapping[str, Any], errors: Mapping[str, str], key: str) -> str:
    return render_template("aggregation/index.html", once=key, form=forms.view(FileForm(), values, errors), **_state())


def _state() -> dict[str, Any]:
    ctx, session, by = own_context("aggregation"), db_session(), adviser()
    who = str(ctx.settings["nightly"] or "")
    return {
        "files": files.listed(session, by, limit=MOST), "looks": files.LOOKS, "most": MOST,
        "waiting": files.waiting(session, by, limit=MOST),
        "sources": sources.listed(ctx, session), "source_looks": sources.LOOKS, "source_part": sources.PART,
        "may_refresh": sources.may(by), "nightly": who,
        "settings_url": url_for("administration.settings", plugin="aggregation") if by.can(sources.RIGHT) else None,
    }  # fmt: skip


@permission(EDIT)
def partners() -> ResponseReturnValue:
    """The live part of that page: sources that are read, how far each is; the files that came, the accounts that wait."""
    return render_template("aggregation/live.html", **_state())


@permission(sources.RIGHT)
def refresh(plugin: str) -> ResponseReturnValue:
    """Have a source read now."""
    return _begun(lambda ctx, by: sources.begin(ctx, db_session(), by, plugin))


@permission(sources.RIGHT)
def confirm_key(plugin: str) -> ResponseReturnValue:
    """Trust the key that the cabinet's server showed, and read it."""
    shown = request.form.get("fingerprint", "")[:200]
    return _begun(lambda ctx, by: sources.confirm(ctx, db_session(), by, plugin, shown))


def _begun(begin: Callable[[Context, Adviser], object]) -> ResponseReturnValue:
    by = adviser()
    if not sources.may(by):
        raise Forbidden("Cette lecture écrit les comptes de tout le cabinet\u202f: demandez-la à un administrateur.")
    try:
        begin(own_context("aggregation"), by)
    except Conflict as error:
        db_session().rollback()
        flash(error.text, "info")
    else:
        db_session().commit()
        flash(_("La lecture est lancée\u202f: la page se met à jour toute seule."), "success")
    return redirect(url_for(".index"), 303)


@permission(EDIT)
def receive() -> ResponseReturnValue:
    """Keep a file and have it read; the same file again leads to the first."""
    key = forms.once(request.form.get("once", ""))
    sent = received_files.received(RULE, "file", missing=_("Choisissez le fichier à déposer."))
    if sent.error:
        return _index({"file": sent.waiting}, {"file": sent.error}, key), 422
    try:
        row = files.receive(db_session(), adviser(), sent.files[0].filename, sent.files[0].data)
    except DomainError as error:
        db_session().rollback()
        return _index({"file": sent.waiting}, {"file": error.text}, key), 422
    sent.spend()
    known = row.state not in files.WORKING
    _carry(row)
    if known:
        flash(_("Ce fichier était déjà arrivé\u202f: le voici, où il en est."), "info")
    return redirect(url_for(".file", feed_id=row.id), 303)


def _carry(row: FeedFile) -> None:
    """Carry a file on: at once where it is small, else by the worker. Commits."""
    if row.state not in files.WORKING:
        db_session().commit()
        return
    if row.size > files.QUICK:
        jobs.order(own_context("aggregation"), row, adviser().user_id)
        db_session().commit()
        return
    found = files.reading(current_context(), row)
    files.work(current_context(), db_session(), adviser(), row, found)
    db_session().commit()


@permission(EDIT)
def show(feed_id: str) -> ResponseReturnValue:
    """What a file tells of each account, what it would change or changed, what is wrong in it."""
    return render_template("aggregation/file.html", **_shown(feed_id))


@permission(EDIT)
def status(feed_id: str) -> ResponseReturnValue:
    """The live part of that page."""
    return render_template("aggregation/file_status.html", **_shown(feed_id))


def _shown(feed_id: str) -> dict[str, Any]:
    session, by = db_session(), adviser()
    row = files.get(session, by, feed_id)
    steps = files.steps(session, row, limit=MOST + 1)
    refs = files.refs(session, by, steps)
    return {
        "file": row, "source": sources.names(own_context("aggregation")).get(row.source, row.source),
        "looks": files.LOOKS, "working": row.state in files.WORKING, "more": len(steps) > MOST,
        "steps": [rows.step(*one, refs) for one in steps[:MOST]],
        "counts": files.counted(session, row), "account_url": account_url, "part": jobs.PART.format(row.id),
        "most_findings": files.MOST_FINDINGS, "said": files.said,
        "rest": row.state == "APPLIQUE" and files.rest(session, row),
    }  # fmt: skip


@permission(EDIT)
def apply(feed_id: str) -> ResponseReturnValue:
    """Write all that is attached."""
    row = files.get(db_session(), adviser(), feed_id)
    files.begin(db_session(), adviser(), row, "ECRITURE")
    _carry(row)
    if row.state == "APPLIQUE" and not row.trouble:
        flash(_("Le fichier est appliqué."), "success")
    return redirect(url_for(".file", feed_id=feed_id), 303)


@permission(EDIT)
def undo(feed_id: str) -> ResponseReturnValue:
    """Take back what it wrote."""
    row = files.get(db_session(), adviser(), feed_id)
    files.begin(db_session(), adviser(), row, "REPRISE")
    _carry(row)
    if row.state == "ANNULE":
        flash(_("Ce que le fichier avait écrit est repris."), "success")
    return redirect(url_for(".file", feed_id=feed_id), 303)


@permission(EDIT)
def put_aside(feed_id: str) -> ResponseReturnValue:
    """Want nothing of it."""
    files.put_aside(db_session(), adviser(), files.get(db_session(), adviser(), feed_id))
    db_session().commit()
    flash(_("Le fichier est écarté. Rien n'a été écrit\u202f; déposez-le à nouveau pour y revenir."), "success")
    return redirect(url_for(".index"), 303)


@permission(EDIT)
def link(feed_account_id: str) -> ResponseReturnValue:
    """Which of our accounts it is: those that are likely, with the reasons; any other, by a search."""
    row = files.account(db_session(), adviser(), feed_account_id)
    if request.method == "GET":
        return _link(row)
    values = forms.typed(AttachForm(), request.form)
    checked = forms.check(AttachForm(), values)
    errors = dict(checked.errors)
    if not errors:
        try:
            linking.attach(db_session(), adviser(), row, str(checked.values["account"]))
            db_session().commit()
            flash(_("Le compte est rattaché\u202f: appliquez le fichier pour y écrire ce qu'il dit."), "success")
            return redirect(_back(row), 303)
        except DomainError as error:
            db_session().rollback()
            errors = {"account": error.text}
            row = files.account(db_session(), adviser(), feed_account_id)
    return _link(row, attach=(values, errors)), 422


@permission(EDIT)
def link_create(feed_account_id: str) -> ResponseReturnValue:
    """Make the account that the source names, for a contact."""
    row = files.account(db_session(), adviser(), feed_account_id)
    values = forms.typed(CreateForm(), request.form)
    checked = forms.check(CreateForm(), values)
    errors = dict(checked.errors)
    if not errors:
        try:
            linking.create(db_session(), adviser(), row, str(checked.values["contact"]), str(checked.values["envelope"]))
            db_session().commit()
            flash(_("Le compte est créé et rattaché\u202f: appliquez le fichier pour y écrire ce qu'il dit."), "success")
            return redirect(_back(row), 303)
        except DomainError as error:
            db_session().rollback()
            errors = {error.field if error.field in ("contact", "envelope") else "contact": error.text}
            row = files.account(db_session(), adviser(), feed_account_id)
    return _link(row, create=(values, errors)), 422


@permission(EDIT)
def link_ignore(feed_account_id: str) -> ResponseReturnValue:
    """Want nothing of what any file tells of it."""
    row = files.account(db_session(), adviser(), feed_account_id)
    linking.detach(db_session(), adviser(), row, "IGNORE")
    db_session().commit()
    flash(_("Ce compte est ignoré\u202f: aucun fichier n'en écrit rien."), "success")
    return redirect(_back(row), 303)


@permission(EDIT)
def link_detach(feed_account_id: str) -> ResponseReturnValue:
    """Take it away from our account, which keeps what it was told."""
    row = files.account(db_session(), adviser(), feed_account_id)
    linking.detach(db_session(), adviser(), row)
    db_session().commit()
    flash(_("Le compte est détaché\u202f: il garde ce qui y est écrit, et ne reçoit plus rien de cette source."), "success")
    return redirect(url_for(".link", feed_account_id=feed_account_id), 303)


@permission("accounts.view")
def origin(account_id: str) -> ResponseReturnValue:
    """Which file and which line each figure of an account comes from."""
    card = accounts.card(db_session(), adviser(), account_id)
    told = tracing.of_account(db_session(), account_id)
    mine = {row.id for row in files.listed(db_session(), adviser(), limit=10_000)} if adviser().can(EDIT) else set[str]()
    return render_template("aggregation/origin.html", card=card, told=told, mine=mine, account_url=account_url)


def _link(
    row: FeedAccount, attach: tuple[Mapping[str, Any], Mapping[str, str]] = ({}, {}),
    create: tuple[Mapping[str, Any], Mapping[str, str]] = ({}, {}),
) -> str:  # fmt: skip
    session, by = db_session(), adviser()
    found = linking.suggested(session, by, row)
    text = request.args.get("q", "").strip()[:100]
    people = dict(found.people)
    if text:
        people |= {one.id: one.name for one in contacts.found(session, by, text, limit=10)[0] if one.kind != "FOYER"}
    others = _searched(text, people) if text else ()
    known = {one.account_id for one in found.candidates}
    options = {one.account_id: one.label for one in found.candidates}
    options |= {one.id: f"{one.label}, {one.company}" for one in others if one.id not in known}
    usual = {"account": next(iter(options), "") if len(options) == 1 else "", "envelope": row.envelope or ""}
    usual |= {"contact": next(iter(people), "")} if len(people) == 1 else {}
    return render_template(
        "aggregation/link.html", account_url=account_url, row=row, text=text, people=people, back=_back(row),
        attached=accounts.refs(session, by, account_ids=[row.account_id])[:1] if row.account_id else (),
        attach=forms.view(AttachForm(), {**usual, **attach[0]}, attach[1], options={"account": options}),
        create=forms.view(CreateForm(), {**usual, **create[0]}, create[1], options={"contact": people}),
        why={one.account_id: one for one in found.candidates},
    )  # fmt: skip


def account_url(account_id: str) -> str:
    """The page of an account; «#» where the module that shows accounts is off."""
    return address("p_portefeuille.account", account_id=account_id) or "#"


def _searched(text: str, people: Mapping[str, str]) -> tuple[AccountRef, ...]:
    """Accounts that the words find, then those of the contacts that they find."""
    found, _how = accounts.found(db_session(), adviser(), text, limit=10)
    held = [one for who in people for one in accounts.refs(db_session(), adviser(), contact_id=who)]
    by_id = {one.id: one for one in (*found, *held) if one.state not in accounts.ENDED_STATES}
    return tuple(by_id.values())[:SHOWN]


def _back(row: FeedAccount) -> str:
    """The newest file that names it."""
    file_id = tracing.newest_file(db_session(), adviser(), row)
    return url_for(".file", feed_id=file_id) if file_id else url_for(".index")
