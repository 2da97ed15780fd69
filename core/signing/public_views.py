"""The pages behind a link: whoever was asked by e-mail reads the document, signs it or says why not (CO-01).

The link's token leaves the address at once (history, «Referer»); its hash stays in the visitor's session, on our side.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import session as flask_session
from flask import url_for
from flask.typing import ResponseReturnValue

from core.cabinets.models import Cabinet
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import previews
from core.documents import services as documents
from core.documents.models import Document
from core.extensions import db
from core.files.preview_views import Urls
from core.pdf import PdfError
from core.pdf.preview import WIDTHS
from core.signing import acting
from core.signing import forms as shapes
from core.signing import letters
from core.signing import states
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.web import forms
from core.web.attached import attach
from core.web.policy import policy

blueprint = Blueprint("signature", __name__, url_prefix="/signature")
_KEY = "signature"


class Worthless(Exception):
    """The link opens nothing, or nothing any more."""


@blueprint.errorhandler(Worthless)
def worthless(_error: Worthless) -> ResponseReturnValue:
    """The same page, whatever the link was."""
    flask_session.pop(_KEY, None)
    return render_template("signing/ended.html"), 410


@blueprint.get("")
@policy("public")
def enter() -> ResponseReturnValue:
    """A mail's link leads here."""
    token = request.args.get("jeton", "")
    cabinet, dot, _rest = token.partition(".")
    if not dot or not (cabinet.isascii() and cabinet.isdigit() and len(cabinet) < 10):
        raise Worthless
    flask_session[_KEY] = [int(cabinet), letters.hashed(token)]
    return redirect(url_for(".read"))


@blueprint.get("/lire")
@policy("public")
def read() -> ResponseReturnValue:
    """The document and the signature."""
    with _visited(write=True) as (session, row, one):
        acting.seen(session, one, row)
        session.commit()
    return _reading({}, {})


@blueprint.get("/pages/<int:number>.png")
@policy("public")
def page(number: int) -> ResponseReturnValue:
    """One page as an image."""
    with _visited() as (session, row, _one):
        document = _document(session, row)
        if not 0 < number <= 9_999:
            abort(404)
        try:
            answer = Response(previews.page_image(session, document, number, WIDTHS[0]), mimetype="image/png")
        except PdfError as error:
            if error.late:
                return Response(status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
            abort(404)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/fichier")
@policy("public")
def download() -> ResponseReturnValue:
    """The document, to be kept."""
    with _visited() as (session, row, _one):
        document = _document(session, row)
        answer = attach(Response(documents.read(session, document), mimetype=document.media_type), document.filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/signer")
@policy("public")
def sign() -> ResponseReturnValue:
    """Keep the signature."""
    schema = shapes.SignForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _reading(typed, checked.errors), 422
    values = checked.values
    hand = acting.Hand(
        values["typed_name"], values["agreed"], values.get("strokes") or "", address=request.remote_addr or "",
        agent=request.user_agent.string,
    )  # fmt: skip
    try:
        with _visited(write=True) as (session, row, one):
            acting.sign(session, one, hand)
            title, cabinet = row.title, session.get_one(Cabinet, row.cabinet_id).name
            session.commit()
    except DomainError as error:
        return _reading(typed, forms.refused(error)), 422
    flask_session.pop(_KEY, None)
    return render_template("signing/done.html", title=title, cabinet=cabinet, signed=True)


@blueprint.post("/refuser")
@policy("public")
def refuse() -> ResponseReturnValue:
    """Keep the refusal, and why."""
    schema = shapes.RefuseForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _reading(typed, checked.errors), 422
    with _visited(write=True) as (session, row, one):
        acting.refuse(session, one, checked.values["why"])
        title, cabinet = row.title, session.get_one(Cabinet, row.cabinet_id).name
        session.commit()
    flask_session.pop(_KEY, None)
    return render_template("signing/done.html", title=title, cabinet=cabinet, signed=False)


def _reading(typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    with _visited() as (session, row, one):
        document = _document(session, row)
        urls = Urls(url_for(".download"), (), lambda number, _width: url_for(".page", number=number))
        refusing = forms.view(shapes.RefuseForm(), typed, {name: text for name, text in errors.items() if name == "why"})
        signing = forms.view(shapes.SignForm(), typed, {name: text for name, text in errors.items() if name != "why"})
        return render_template(
            "signing/read.html", row=row, one=one, cabinet=session.get_one(Cabinet, row.cabinet_id).name, urls=urls,
            found=previews.overview(session, document), form=signing, refusing=refusing, width=WIDTHS[0],
            consent=states.CONSENTS[states.CONSENT], level=states.LEVEL,
        )  # fmt: skip


@contextmanager
def _visited(*, write: bool = False) -> Iterator[tuple[TenantSession, SignatureRequest, SignatureSigner]]:
    kept = flask_session.get(_KEY)
    if not kept:
        raise Worthless
    with db.session(kept[0], write=write) as session:
        try:
            row, one = acting.by_token(session, kept[1])
        except NotFound as error:
            raise Worthless from error
        yield session, row, one


def _document(session: TenantSession, row: SignatureRequest) -> Document:
    """What is signed is what was asked: a row never changes its bytes, and the hash says so."""
    document = session.get_one(Document, (session.require_cabinet(), row.document_id))
    if document.sha256 != row.sha256:
        raise Worthless
    return document
