"""A document on screen: its pages as images, their text, download. Every address asks for the right again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core.auth.views import safe_next
from core.documents import previews
from core.documents import services
from core.documents.models import Document
from core.pdf import PdfError
from core.pdf.preview import WIDTHS
from core.shell.gate import current_context
from core.web.attached import attach
from core.web.policy import policy
from core.web.request import db_session

#: No document has as many pages; each number asked for may leave a file.
FARTHEST = 9_999
blueprint = Blueprint("documents", __name__)
#: What other parts of the house show beside a document: HTML that their own templates made, or nothing.
Beside = Callable[[Document], Markup | None]
_beside: list[Beside] = []
#: Steps of zoom, in per cent of the column's width.
ZOOMS = (50, 75, 100, 150, 200)


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the macro `viewer` finds what it shows."""

    file: str
    zooms: tuple[tuple[int, str], ...]
    page: Callable[[int, int], str]


def beside(shown: Beside) -> Beside:
    """Register what is shown above every document's pages."""
    _beside.append(shown)
    return shown


def shown_beside(document: Document) -> list[Markup]:
    """What other parts of the house say of a document that the person of the request sees: its signatures."""
    return [said for shown in _beside if (said := shown(document)) is not None]


@blueprint.get("/documents/<document_id>")
@policy("session")
def preview(document_id: str) -> ResponseReturnValue:
    """The document's pages. Pictures come as they are scrolled to; text stands beside each page."""
    document = _document(document_id)
    found = previews.overview(db_session(), document) if document.media_type in previews.SHOWN else None
    asked = request.args.get("zoom", 100, type=int)
    zoom = min(ZOOMS, key=lambda step: abs(step - asked))
    back = safe_next(request.args.get("next"))
    return render_template(
        "files/preview.html", document=document, found=found, zoom=zoom, back=back if back != "/" else None,
        width=WIDTHS[0] if zoom <= 100 else WIDTHS[1], urls=urls_of(document.id),
        beside=shown_beside(document),
        crumbs=[(_("Document"), None), (document.title, None)],
    )  # fmt: skip


@blueprint.get("/documents/<document_id>/pages/<int:number>.png")
@policy("session")
def page(document_id: str, number: int) -> ResponseReturnValue:
    """One page as an image. The browser may keep it for itself: it never changes."""
    document = _document(document_id)
    width = request.args.get("largeur", WIDTHS[0], type=int)
    if not 0 < number <= FARTHEST or width not in WIDTHS or document.media_type not in previews.SHOWN:
        abort(404)
    etag = f"{document.sha256[:32]}-{number}-{width}"
    if etag in request.if_none_match:
        answer = Response(status=304)
    else:
        try:
            answer = Response(previews.page_image(db_session(), document, number, width), mimetype="image/png")
        except PdfError as error:
            if error.late:
                return Response(status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
            abort(404)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@blueprint.get("/documents/<document_id>/fichier")
@policy("session")
def download(document_id: str) -> ResponseReturnValue:
    """The file itself, as an attachment: nothing that people deposit is ever run by the browser in our name."""
    document = _document(document_id)
    answer = attach(Response(services.read(db_session(), document), mimetype=document.media_type), document.filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def urls_of(document_id: str) -> Urls:
    """Where a document's viewer finds what it shows."""
    shown = partial(url_for, "documents.preview", document_id=document_id, next=request.args.get("next"))
    image = partial(url_for, "documents.page", document_id=document_id)
    return Urls(
        url_for("documents.download", document_id=document_id), tuple((step, shown(zoom=step)) for step in ZOOMS),
        lambda number, width: image(number=number, largeur=width),
    )  # fmt: skip


def _document(document_id: str) -> Document:
    adviser = current_context().principal
    assert adviser is not None, "the gate lets nobody in without a principal"
    return services.get(db_session(), adviser, document_id)
