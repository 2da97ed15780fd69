"""Pages of the activation (BL-03, BL-04, BL-05): the state, each step. Everybody reads; `partners.manage` changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import Response
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.activation import papers
from core.activation import people_views
from core.activation import schemas
from core.activation import steps
from core.activation.at_hand import adviser
from core.activation.at_hand import at_hand
from core.activation.partnership import MANAGE
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.files.received import received
from core.links import mandates
from core.links.mandates import Paper
from core.links.mandates import Standing
from core.web import forms
from core.web.attached import attach
from core.web.blueprints import blueprint
from core.web.policy import policy
from core.web.request import db_session

#: Beside the page at hand, whosever it is.
HOME = ".activation"


def pages(name: str, import_name: str) -> Blueprint:
    """A new blueprint of the plugin of that name: one for each application. `import_name` is the plugin's own module."""
    made = blueprint(name, import_name)
    rules = (
        ("/", "home", home, ("GET",)),
        ("/activation", "activation", activation, ("GET",)),
        ("/activation/mandat-vierge.pdf", "blank", blank, ("GET",)),
        ("/activation/generer", "issue", issue, ("POST",)),
        ("/activation/remplir", "fill", fill, ("GET", "POST")),
        ("/activation/deposer", "deposit", deposit, ("POST",)),
        ("/activation/transmettre", "dispatch", dispatch, ("GET", "POST")),
        ("/activation/message", "message", message, ("POST",)),
        ("/activation/reception", "reception", reception, ("GET", "POST")),
        ("/activation/confirmer", "confirm", confirm, ("GET", "POST")),
        ("/activation/decision/<step>", "decide", decide, ("POST",)),
        ("/activation/documents/<document_id>", "document", document, ("GET",)),
    )
    for rule, endpoint, view, methods in rules:
        made.add_url_rule(rule, endpoint, view, methods=list(methods))
    people_views.register(made)
    return made


@policy("session")
def home() -> ResponseReturnValue:
    """The module's door is the activation."""
    return redirect(url_for(HOME))


@policy("session")
def activation() -> ResponseReturnValue:
    """«Activation de …»: where it stands, who does what next, the history."""
    stands = mandates.standing(db_session(), at_hand().name)
    return _activation(stands, {})


def _activation(stands: Standing | None, errors: Mapping[str, str]) -> ResponseReturnValue:
    at, can = at_hand(), adviser().can(MANAGE)
    page = render_template(
        "activation/activation.html", at=at, stands=stands, can=can, crumbs=_crumbs(),
        steps=steps.of(stands, at) if stands else [], next=steps.following(stands, at) if stands else None,
        errors=[{"name": "reason", "label": _("Motif"), "error": text} for text in errors.values()],
        reason=request.form.get("reason", ""), document_address=_address,
    )  # fmt: skip
    return page, 422 if errors else 200


@policy("session")
def blank() -> ResponseReturnValue:
    """The blank form, as the company would hand it out."""
    at = at_hand()
    return _download(at.form.make_blank(_paper()), papers.filename(at, "vierge"), "application/pdf")


@policy("permission", MANAGE)
def issue() -> ResponseReturnValue:
    """Make the pre-filled form with a new code."""
    papers.issue(db_session(), at_hand(), actor=adviser().user_id, seen=_seen())
    return _done(_("Le mandat est généré\u202f: téléchargez-le, ou remplissez-le à l'écran."))


@policy("permission", MANAGE)
def fill() -> ResponseReturnValue:
    """Fill the form on screen; or see where to deposit a filled one."""
    stands, paper = _standing(), _paper()
    if request.method == "GET":
        return _fill(stands, paper, _loaded(paper.form), {})
    known = {code for code, _label in paper.acts}
    schema = schemas.mandate_form(at_hand().partner)()
    typed = forms.typed(schema, request.form)
    typed["acts"] = [act for act in typed.get("acts", ()) if act in known]
    checked = forms.check(schema, typed)
    if checked.errors:
        return _fill(stands, paper, typed, checked.errors)
    try:
        papers.fill(db_session(), at_hand(), paper, checked.values, actor=adviser().user_id, seen=_seen())
    except DomainError as error:
        return _fill(stands, paper, typed, _fault(error))
    return _done(_(
        "Le mandat est rempli\u202f: imprimez-le, faites-le signer, puis transmettez-le à votre %(contact)s.",
        contact=at_hand().words.contact,
    ))  # fmt: skip


@policy("permission", MANAGE)
def deposit() -> ResponseReturnValue:
    """Take a form filled elsewhere."""
    stands, paper = _standing(), _paper()
    schema = schemas.deposit_form(at_hand().partner)()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    sent = received(schemas.FILLED, missing=_("Choisissez le mandat rempli, en PDF."))
    errors = {**checked.errors, "file": sent.error} if sent.error else checked.errors
    if not errors:
        try:
            papers.deposit(
                db_session(), at_hand(), paper, sent.files[0], broker_code=checked.values["deposit_code"],
                signed_on=checked.values["deposit_on"], actor=adviser().user_id, seen=_seen(),
            )  # fmt: skip
            sent.spend()
            return _done(_("Le mandat signé est conservé avec les documents du cabinet."))
        except DomainError as error:
            errors = _fault(error, "file")
    return _fill(stands, paper, {**_loaded(paper.form), **typed, "file": sent.waiting}, {}, errors)


def _fill(
    stands: Standing, paper: Paper, values: Mapping[str, Any], errors: Mapping[str, str],
    deposit_errors: Mapping[str, str] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    values = {
        "broker_code": paper.broker_code, "signed_on": today(), "deposit_code": paper.broker_code,
        "acts": list(paper.chosen), **values,
    }  # fmt: skip
    page = render_template(
        "activation/remplir.html", at=at_hand(), stands=stands, paper=paper,
        form=forms.view(schemas.mandate_form(at_hand().partner)(), values, errors, options={"acts": dict(paper.acts)}),
        deposit=forms.view(schemas.deposit_form(at_hand().partner)(), values, deposit_errors),
        open=stands.state == "none" or "complete" in stands.may,
        crumbs=_crumbs(_("Remplir le mandat")),
    )  # fmt: skip
    return page, 422 if errors or deposit_errors else 200


@policy("permission", MANAGE)
def dispatch() -> ResponseReturnValue:
    """Say that the mandate went to the inspector."""
    stands = _standing()
    if request.method == "GET":
        known = {
            "inspector_name": stands.inspector_name, "inspector_email": stands.inspector_email, "sent_on": today(),
        }  # fmt: skip
        return _dispatch(stands, known, {})
    schema = schemas.dispatch_form(at_hand().partner)()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _dispatch(stands, typed, checked.errors)
    try:
        mandates.send(db_session(), at_hand().name, **checked.values, actor=adviser().user_id, seen=_seen())
    except DomainError as error:
        return _dispatch(stands, typed, _fault(error, "sent_on"))
    return _done(_("L'envoi est enregistré. La compagnie annoncera ici la réception de l'original."))


@policy("permission", MANAGE)
def message() -> ResponseReturnValue:
    """The prepared e-mail, mandate attached, to open in one's own mail program; nothing is recorded yet."""
    stands = _standing()
    schema = schemas.dispatch_form(at_hand().partner)()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, {"sent_on": today().isoformat(), **typed})
    if checked.errors:
        return _dispatch(stands, typed, checked.errors)
    mail = papers.message(
        db_session(), at_hand(), adviser(), inspector_name=checked.values["inspector_name"],
        inspector_email=checked.values["inspector_email"],
    )  # fmt: skip
    return _download(mail, papers.filename(at_hand(), ending="eml"), "message/rfc822")


def _dispatch(stands: Standing, values: Mapping[str, Any], errors: Mapping[str, str]) -> ResponseReturnValue:
    form = forms.view(schemas.dispatch_form(at_hand().partner)(), values, errors)
    at = at_hand()
    crumbs = _crumbs(_("Transmettre %(contact)s", contact=at.words.to_contact))
    page = render_template("activation/transmettre.html", at=at, stands=stands, form=form, crumbs=crumbs)
    return page, 422 if errors else 200


@policy("permission", MANAGE)
def reception() -> ResponseReturnValue:
    """Enter by hand that the company holds the original, on proof."""
    return _on_proof("reception", schemas.ReceptionForm(), _("Réception par la compagnie"))


@policy("permission", MANAGE)
def confirm() -> ResponseReturnValue:
    """Enter by hand that the mandate is active, on proof."""
    return _on_proof("activation", schemas.ActivationForm(), _("Activation sur preuve"))


def _on_proof(what: papers.Proof, schema: forms.Form, title: str) -> ResponseReturnValue:
    stands = _standing()
    typed = forms.typed(schema, request.form)
    errors: dict[str, str] = {}
    if request.method == "POST":
        checked = forms.check(schema, typed)
        sent = received(schemas.PROOF, missing=_("Joignez la preuve."))
        typed["file"] = sent.waiting
        errors = {**checked.errors, "file": sent.error} if sent.error else dict(checked.errors)
        if not errors:
            try:
                papers.prove(
                    db_session(), at_hand(), what, sent.files[0], checked.values["on"], actor=adviser().user_id, seen=_seen()
                )  # fmt: skip
                sent.spend()
                return _done(_("C'est enregistré, avec la preuve."))
            except DomainError as error:
                errors = _fault(error, "on")
    page = render_template(
        "activation/preuve.html", stands=stands, what=what, title=title, form=forms.view(schema, typed, errors),
        crumbs=_crumbs(title),
    )  # fmt: skip
    return page, 422 if errors else 200


@policy("permission", MANAGE)
def decide(step: str) -> ResponseReturnValue:
    """Suspend, resume, revoke; or ask for a new mandate after a final state."""
    actor, session, plugin = adviser().user_id, db_session(), at_hand().name
    if step == "retablir":
        mandates.resume(session, plugin, actor=actor, seen=_seen())
    elif step == "nouveau":
        mandates.renew(session, plugin, actor=actor)
    elif step in ("suspendre", "revoquer"):
        checked = forms.check(schemas.ReasonForm(), request.form)
        if checked.errors:
            session.rollback()
            return _activation(_standing(), checked.errors)
        move = mandates.suspend if step == "suspendre" else mandates.revoke
        move(session, plugin, reason=checked.values["reason"], actor=actor, seen=_seen())
    else:
        raise NotFound(_("Cette décision n'existe pas."))
    return _done(_("C'est fait. L'historique en garde la trace."))


@policy("permission", MANAGE)
def document(document_id: str) -> ResponseReturnValue:
    """A file of the mandate: form, signed mandate, proof."""
    data, filename, media_type = mandates.file(db_session(), adviser(), at_hand().name, document_id)
    return _download(data, filename, media_type)


def _address(document_id: str) -> str:
    """Where a paper of the mandate is shown; one comes back to the activation."""
    return url_for("documents.preview", document_id=document_id, next=url_for(HOME))


def _paper() -> Paper:
    return papers.paper(db_session(), at_hand())


def _standing() -> Standing:
    at = at_hand()
    stands = mandates.standing(db_session(), at.name)
    if stands is None:
        raise NotFound(_("%(partner)s n'est pas encore enregistré pour votre cabinet.", partner=at.label))
    return stands


def _done(text: str) -> ResponseReturnValue:
    db_session().commit()
    flash(text, "success")
    return redirect(url_for(HOME), 303)


def _fault(error: DomainError, name: str = "") -> dict[str, str]:
    """A rule's refusal beside the field it is about; a conflict is a page of its own. Nothing stays of the attempt.

    What is said of a file stands beside the file, whatever step it was for.
    """
    db_session().rollback()
    if error.status != 422:
        raise error
    return {"file" if error.code.startswith("file-") else name: error.text}


def _seen() -> str | None:
    return request.form.get("seen")


def _loaded(form: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in form.items() if key != "acts"}


def _crumbs(page: str | None = None) -> list[tuple[str, str | None]]:
    home_label = _("Activation %(whose)s", whose=at_hand().partner.of_label)
    return [(home_label, url_for(HOME)), (page, None)] if page else [(home_label, None)]


def _download(data: bytes, filename: str, media_type: str) -> Response:
    answer = attach(Response(data, mimetype=media_type), filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
