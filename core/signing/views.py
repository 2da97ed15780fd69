"""The adviser's pages: a document is put to the signature, its request followed, signed on this screen (CO-01)."""

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
from markupsafe import Markup

from core.cabinets import changes
from core.cabinets import rights
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.documents import previews
from core.documents import services as documents
from core.documents.models import Document
from core.files import preview_views
from core.files.preview_views import urls_of
from core.files.received import received
from core.hooks.types import Adviser
from core.mail import smtp
from core.pdf.preview import WIDTHS
from core.shell import reading as noted
from core.shell.gate import current_context
from core.signing import acting
from core.signing import asking
from core.signing import candidates
from core.signing import forms as shapes
from core.signing import letters
from core.signing import paper
from core.signing import reading
from core.signing import states
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.web import forms
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("signing", __name__)


@blueprint.get("/documents/<document_id>/signature")
@policy("session")
def new(document_id: str) -> ResponseReturnValue:
    """Whom to ask."""
    return _asking(document_id, {}, {})


@blueprint.post("/documents/<document_id>/signature")
@policy("session")
def ask(document_id: str) -> ResponseReturnValue:
    """Ask; on to the request's page."""
    session, adviser = db_session(), _adviser()
    document = asking.signable(session, adviser, document_id)
    people = candidates.of_document(session, adviser, document)
    schema = shapes.asking(people, by_link=smtp.is_configured())
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _asking(document_id, typed, checked.errors), 422
    data = documents.read(session, document)
    session.rollback()  # nothing is held while the file is looked at
    try:
        asking.readable(document, data)
        values = checked.values
        signers = shapes.wanted(people, values)
        row = asking.ask(db_session(), adviser, document_id, signers, until=values["until"], message=values.get("message") or "")
        made = row.id
        db_session().commit()
    except DomainError as error:
        db_session().rollback()
        if error.status != 422:
            raise
        return _asking(document_id, typed, _placed(error)), 422
    flash(_("La demande de signature est enregistrée."), "success")
    return redirect(url_for(".show", signature_id=made), 303)


@blueprint.get("/signatures/<signature_id>")
@policy("session")
def show(signature_id: str) -> ResponseReturnValue:
    """Where it stands."""
    asked = _asked(signature_id)
    people = changes.people(db_session(), {asked.asked_by})
    document = url_for("documents.preview", document_id=asked.document_id)
    trouble = letters.troubles(db_session(), [asked.turn.id]) if asked.turn is not None else {}
    return render_template(
        "signing/show.html", asked=asked, trouble=next(iter(trouble.values()), None), states=states,
        may=reading.may_act(db_session(), _adviser(), asked),
        asked_by=people.get(asked.asked_by, ""), crumbs=[(_("Document"), document), (_("Signature"), None)],
    )  # fmt: skip


@blueprint.post("/signatures/<signature_id>/rappel")
@policy("session")
def remind(signature_id: str) -> ResponseReturnValue:
    """Send another link to the one whose turn it is."""
    row = _mine(signature_id)
    one = acting.remind(db_session(), row, _adviser().user_id)
    name = one.name
    db_session().commit()
    flash(_("Un nouveau lien part vers %(name)s\u202f; le précédent ne sert plus.", name=name), "success")
    return redirect(url_for(".show", signature_id=signature_id), 303)


@blueprint.post("/signatures/<signature_id>/annuler")
@policy("session")
def cancel(signature_id: str) -> ResponseReturnValue:
    """Give the request up."""
    acting.cancel(db_session(), _mine(signature_id), _adviser().user_id, request.form.get("why", ""))
    db_session().commit()
    flash(_("La demande est annulée\u202f: ses liens ne servent plus."), "success")
    return redirect(url_for(".show", signature_id=signature_id), 303)


@blueprint.get("/signatures/<signature_id>/ici")
@policy("session")
def here(signature_id: str) -> ResponseReturnValue:
    """The document, to be signed on this screen by the one whose turn it is."""
    return _here(signature_id, {}, {})


@blueprint.post("/signatures/<signature_id>/ici")
@policy("session")
def sign_here(signature_id: str) -> ResponseReturnValue:
    """Keep the signature that was given on this screen."""
    _mine(signature_id)
    turn = _turn(_asked(signature_id))
    schema = shapes.SignForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _here(signature_id, typed, checked.errors), 422
    session, values = db_session(), checked.values
    one = session.get_one(SignatureSigner, (session.require_cabinet(), turn.id))
    hand = acting.Hand(values["typed_name"], values["agreed"], values.get("strokes") or "", witness=_adviser().user_id)
    try:
        acting.sign(session, one, hand)
        session.commit()
    except DomainError as error:
        session.rollback()
        if error.status != 422:
            raise
        return _here(signature_id, typed, forms.refused(error)), 422
    flash(_("La signature de %(name)s est enregistrée.", name=turn.name), "success")
    return redirect(url_for(".show", signature_id=signature_id), 303)


@blueprint.route("/signatures/<signature_id>/papier", methods=["GET", "POST"])
@policy("session")
def on_paper(signature_id: str) -> ResponseReturnValue:
    """The scan of what was signed by hand."""
    row = _mine(signature_id)
    _turn(_asked(signature_id))
    schema = shapes.PaperForm()
    typed = forms.typed(schema, request.form)
    errors: dict[str, str] = {}
    if request.method == "POST":
        checked = forms.check(schema, typed)
        sent = received(paper.SCAN, missing=_("Joignez le document signé."))
        typed["file"] = sent.waiting
        errors = {**checked.errors, "file": sent.error} if sent.error else dict(checked.errors)
        if not errors:
            try:
                paper.take(db_session(), _mine(signature_id), _adviser(), sent.files[0], checked.values["on"])
                sent.spend()
                db_session().commit()
                flash(_("Le document signé est dans le dossier\u202f: la demande est close."), "success")
                return redirect(url_for(".show", signature_id=signature_id), 303)
            except DomainError as error:
                db_session().rollback()
                if error.status != 422:
                    raise
                errors = forms.refused(error)
    page = render_template(
        "signing/paper.html", title=row.title, signature_id=signature_id, form=forms.view(schema, typed, errors),
        crumbs=[(_("Signature"), url_for(".show", signature_id=signature_id)), (_("Signé sur papier"), None)],
    )  # fmt: skip
    return page, 422 if errors else 200


@preview_views.beside
def beside(document: Document) -> Markup | None:
    """Beside a document on screen: its requests, or the way to ask for one."""
    if document.media_type != "application/pdf" or not document.current:
        return None
    session, adviser = db_session(), _adviser()
    found = reading.of_documents(session, adviser, [document.id]).get(document.id, [])
    can = rights.sees(session, adviser, document.owner_kind, document.owner_id, asking.EDIT)
    can = can and not any(one.open or one.sealing for one in found) and not reading.is_outcome(session, document.id)
    if not found and not can:
        return None
    return Markup(render_template("signing/beside.html", document=document, found=found, can=can, states=states))  # noqa: S704


def _here(signature_id: str, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    asked = _asked(signature_id)
    if not reading.may_act(db_session(), _adviser(), asked):
        raise Forbidden(_("Votre profil ne permet pas de faire signer ce document."))
    turn = _turn(asked)
    document = documents.get(db_session(), _adviser(), asked.document_id)
    return render_template(
        "signing/here.html", asked=asked, turn=turn, document=document, found=previews.overview(db_session(), document),
        urls=replace(urls_of(document.id), zooms=()), width=WIDTHS[0], form=forms.view(shapes.SignForm(), typed, errors),
        consent=states.CONSENTS[states.CONSENT],
        crumbs=[(_("Signature"), url_for(".show", signature_id=signature_id)), (turn.name, None)],
    )  # fmt: skip


def _asking(document_id: str, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    session, adviser = db_session(), _adviser()
    document: Document = asking.signable(session, adviser, document_id)
    people = candidates.of_document(session, adviser, document)
    by_link = smtp.is_configured()
    schema = shapes.asking(people, by_link=by_link)
    values = typed or forms.shown(schema, shapes.usual(people))
    return render_template(
        "signing/new.html", document=document, by_link=by_link, form=forms.view(schema, values, errors), level=states.LEVEL,
        crumbs=[(document.title, url_for("documents.preview", document_id=document_id)), (_("Faire signer"), None)],
    )  # fmt: skip


def _placed(error: DomainError) -> dict[str, str]:
    """A refusal that names a field of this form stands beside it; of all signers, in the summary."""
    return {error.field if error.field == "until" else "": error.text}


def _turn(asked: reading.Asked) -> reading.SignerLine:
    if asked.turn is None:
        raise NotFound(_("Plus personne n'a ce document à signer."))
    return asked.turn


def _mine(signature_id: str) -> SignatureRequest:
    asked = _asked(signature_id)
    if not reading.may_act(db_session(), _adviser(), asked):
        raise Forbidden(_("Votre profil ne permet pas de faire signer ce document."))
    session = db_session()
    return session.get_one(SignatureRequest, (session.require_cabinet(), asked.id))


def _asked(signature_id: str) -> reading.Asked:
    asked = reading.get(db_session(), _adviser(), signature_id)
    noted.also("document", asked.document_id)
    return asked


def _adviser() -> Adviser:
    adviser = current_context().principal
    assert adviser is not None, "the gate lets nobody in without a principal"
    return adviser
