"""`/p/conformite/contacts/{contact_id}/papers`, `/p/conformite/templates`: documents and templates, for programs (CO-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import pdf
from core.api.db import DomainError
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Problem
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import own_context
from plugins.conformite import frames
from plugins.conformite.papers import examples
from plugins.conformite.papers import kinds
from plugins.conformite.papers import making
from plugins.conformite.papers import schemas as shapes
from plugins.conformite.papers import status
from plugins.conformite.papers import templates
from plugins.conformite.papers import words

READ, WRITE = "documents:read", "documents:write"
PAPERS = Resource(
    "conformite_papers", _l("Documents réglementaires"), _l("Ce qui est produit, à la signature, signé, expiré."),
    plugin="conformite",
)  # fmt: skip
TEMPLATES = Resource(
    "conformite_templates", _l("Modèles de documents"), _l("Ce dont les documents réglementaires sont faits."),
    plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/contacts/{contact_id}/papers"
_TEMPLATES = "/p/conformite/templates"


@PAPERS.get(_BASE, _l("Lire où en est chaque document d'un contact"), shapes.StandingOut, paged=True, scope=READ)
def listed(call: Call, contact_id: str) -> Slice[Any]:
    """As the page: the five kinds."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    found = status.standing(call.session, call.adviser, contact_id, today())
    return call.among([shapes.standing_out(one) for one in found.values()], lambda one: str(one["kind"]))


@PAPERS.get(f"{_BASE}/{{paper}}", _l("Lire ce qu'un document dirait aujourd'hui"), shapes.PreparationOut, scope=WRITE)
def prepared(call: Call, contact_id: str, paper: str) -> dict[str, Any]:
    """As the page from where it is produced."""
    known = templates.known(paper)
    making.owner(call.session, call.adviser, contact_id)
    mine, what = status.standing(call.session, call.adviser, contact_id, today()), None
    try:
        ctx = own_context(frames.PLUGIN)
        what = making.prepared(call.session, call.adviser, ctx, contact_id, paper, {}, frames.worth)
    except DomainError as error:
        if error.code != "profile-missing":
            raise
    asked = {str(ask.label) for ask in known.asks}
    return {
        "kind": paper, "state": mine[paper].state, "template": templates.current(call.session, paper).ref,
        "asks": [
            {"key": ask.key, "label": str(ask.label), "needed": ask.missing is not None, "options": list(ask.options or ())}
            for ask in known.asks
        ],
        "missing": [one for one in what.lacking if one not in asked] if what else [], "profile_missing": what is None,
        "notes": what.facts.said if what else (), "before": status.early(mine).get(paper),
    }  # fmt: skip


@PAPERS.post(
    _BASE, _l("Produire un document"), shapes.StandingOut, takes=shapes.PaperNew, status=201, scope=WRITE,
    about=_l("Le PDF est gardé au dossier\u202f: il se lit par GET /documents/{document_id}/content, et se fait signer par "
             "POST /signatures. Ce qui manque au dossier y est imprimé «\u202fà compléter\u202f»."),
)  # fmt: skip
def create(call: Call, contact_id: str) -> Reply:
    """As «Produire le document»."""
    session, who, ctx, kind = call.session, call.adviser, own_context(frames.PLUGIN), call.taken["kind"]
    making.owner(session, who, contact_id)
    texts = making.checked(kind, {one["key"]: one["text"] for one in call.taken["texts"]})
    making.free(session, who, contact_id, kind)
    what, head = making.prepared(session, who, ctx, contact_id, kind, texts, frames.worth), pdf.head()
    session.rollback()  # others may write while it is drawn
    row = making.keep(session, who, ctx, what, texts, _drawn(lambda: making.drawn(what, head)), key=call.once or None)
    found = status.standing(session, who, contact_id, today())[row.kind]
    return Reply(shapes.standing_out(found), f"/documents/{row.document_id}")


@PAPERS.post(
    f"{_BASE}/filed", _l("Garder un document signé sur papier"), shapes.StandingOut, takes=shapes.PaperFiled, status=201,
    scope=WRITE, about=_l("Il compte depuis le jour où il a été signé, et ne se supprime plus sans lever sa conservation."),
)  # fmt: skip
def filed(call: Call, contact_id: str) -> Reply:
    """As «Déjà signé sur papier»."""
    taken = call.taken
    row = making.file(
        call.session, call.adviser, own_context(frames.PLUGIN), contact_id, taken["kind"], taken["file"], taken["on"],
        key=call.once or None,
    )  # fmt: skip
    found = status.standing(call.session, call.adviser, contact_id, today())[row.kind]
    return Reply(shapes.standing_out(found), f"/documents/{row.document_id}")


@TEMPLATES.get(
    _TEMPLATES, _l("Lister les modèles"), shapes.TemplateOut, asks=shapes.TemplateQuery, paged=True, scope="contacts:read"
)
def versions(call: Call) -> Slice[Any]:
    """All versions of one document, or of the five."""
    wanted = [call.asked["kind"]] if call.asked.get("kind") else list(kinds.KINDS)
    every = templates.every(call.session, wanted)
    found = [_shown(one, in_force=one is some[0]) for some in every.values() for one in some]
    return call.among(found, lambda one: f"{one['kind']} {one['ref']}")


@TEMPLATES.get(
    f"{_TEMPLATES}/{{paper}}/{{version}}", _l("Lire une version d'un modèle"), shapes.TemplateOut, scope="contacts:read"
)
def show(call: Call, paper: str, version: str) -> dict[str, Any]:
    """One."""
    found = templates.get(call.session, paper, version)
    return _shown(found, in_force=found == templates.current(call.session, paper))


@TEMPLATES.get(
    f"{_TEMPLATES}/{{paper}}/{{version}}/preview", _l("Lire l'aperçu d'un modèle"), media="application/pdf",
    scope="contacts:read", about=_l("Avec un client fictif."),
)  # fmt: skip
def preview(call: Call, paper: str, version: str) -> Reply:
    """As «Aperçu fictif (PDF)»."""
    found, head = templates.get(call.session, paper, version), pdf.head()
    call.session.rollback()
    data = _drawn(lambda: examples.drawn(found, head, today()))
    return Reply(data=data, media="application/pdf", filename=f"{found.title} {version} (fictif).pdf")


@TEMPLATES.post(
    _TEMPLATES, _l("Écrire une version du cabinet"), shapes.TemplateOut, takes=shapes.TemplateNew, status=201,
    scope="administration:write", about=_l("Elle est en vigueur aussitôt\u202f; les documents déjà produits ne changent pas."),
)  # fmt: skip
def write(call: Call) -> Reply:
    """As «Mettre en vigueur»."""
    taken = call.taken
    made = templates.write(
        call.session, call.adviser, taken["kind"], title=taken["title"], text=taken["text"], why=taken.get("why") or "",
        key=call.once or None,
    )  # fmt: skip
    return Reply(_shown(made, in_force=True), f"{_TEMPLATES}/{made.kind}/{made.ref}")


def _shown(one: templates.Template, *, in_force: bool) -> dict[str, Any]:
    names = ("kind", "ref", "title", "text", "published_on", "made_by", "why", "sources")
    return {
        **{name: getattr(one, name) for name in names}, "words": list(words.of_kind(one.kind).values()),
        "in_force": in_force,
    }  # fmt: skip


def _drawn(draw: Any) -> bytes:
    try:
        data: bytes = draw()
    except pdf.PdfError as error:
        raise Problem(
            503, "paper-late", "Document non dessiné", "Le PDF n'a pas pu être dessiné à temps\u202f: recommencez.",
            headers={"Retry-After": "10"},
        ) from error  # fmt: skip
    return data
