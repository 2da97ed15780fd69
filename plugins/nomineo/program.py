"""`/api/v1/p/nomineo/mandate`: the mandate's papers for programs, made and taken as on the pages (BL-04, BL-05, PL-09)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import forms
from core.api import mandates
from core.api import pdf as pdfs
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.mandates import Standing
from core.api.rest import Call
from core.api.rest import Fault
from core.api.rest import Problem
from core.api.rest import Reply
from core.api.rest import Resource
from plugins.nomineo import mandate
from plugins.nomineo import papers
from plugins.nomineo import program_schemas as shapes
from plugins.nomineo import schemas
from plugins.nomineo.papers import PLUGIN

MANDATE = Resource(
    "nomineo_mandate", _l("Mandat Nominéo"), _l("Les papiers du mandat chez Generali Patrimoine\u202f: formulaires et preuves."),
    plugin=PLUGIN,
)  # fmt: skip
READ, WRITE = "partners:read", "partners:write"


@MANDATE.get(
    "/p/nomineo/mandate/blank", _l("Télécharger le mandat vierge"), media="application/pdf",
    about=_l("Pour tous, comme sur la page."),
)  # fmt: skip
def blank(call: Call) -> Reply:
    """The form as the company would hand it out."""
    with _drawn():
        made = mandate.make_blank(papers.paper(call.session))
    return Reply(data=made, media="application/pdf", filename="mandat-nomineo-vierge.pdf")


@MANDATE.post(
    "/p/nomineo/mandate/issue", _l("Générer le mandat pré-rempli"), shapes.PapersOut, scope=WRITE,
    about=_l("Un code nouveau y est imprimé, et celui d'avant ne sert plus. Le PDF est le document document_id."),
)  # fmt: skip
def issue(call: Call) -> Standing:
    """Pre-filled, with its code."""
    with _drawn():
        papers.issue(call.session, actor=call.adviser.user_id)
    return _standing(call)


@MANDATE.post(
    "/p/nomineo/mandate/fill", _l("Remplir le mandat"), shapes.PapersOut, takes=shapes.FillIn, scope=WRITE,
    about=_l("Le PDF rempli, avec un code nouveau, est le document document_id\u202f: à imprimer et à signer."),
)  # fmt: skip
def fill(call: Call) -> Standing:
    """As on screen."""
    known, sent = papers.paper(call.session), call.taken
    unknown = set(sent["acts"]) - {code for code, _label in known.acts}
    values = _checked(schemas.MandateForm(), {**sent, "signed_on": sent["signed_on"].isoformat()}, {
        "acts": _("La compagnie n'a pas cet acte\u202f: %(code)s.", code=min(unknown)) if unknown else None,
    })  # fmt: skip
    with _drawn(), _beside("signed_on"):
        papers.fill(call.session, known, values, actor=call.adviser.user_id)
    return _standing(call)


@MANDATE.post(
    "/p/nomineo/mandate/deposit", _l("Déposer le mandat signé"), shapes.PapersOut, takes=shapes.DepositIn, scope=WRITE,
    about=_l("Rempli ailleurs, ou signé puis numérisé\u202f: il est gardé tel quel."),
)  # fmt: skip
def deposit(call: Call) -> Standing:
    """Filled elsewhere."""
    known, sent = papers.paper(call.session), call.taken
    typed = {"deposit_code": sent["broker_code"], "deposit_on": sent["signed_on"].isoformat()}
    values = _checked(schemas.DepositForm(), typed, names={"deposit_code": "broker_code", "deposit_on": "signed_on"})
    with _beside("file"):
        papers.deposit(
            call.session, known, sent["file"], broker_code=values["deposit_code"], signed_on=values["deposit_on"],
            actor=call.adviser.user_id,
        )  # fmt: skip
    return _standing(call)


@MANDATE.get(
    "/p/nomineo/mandate/message", _l("Préparer le message à l'inspecteur"), media="message/rfc822", asks=shapes.MessageQuery,
    scope=READ, about=_l("Le texte du message, mandat joint, à donner à un logiciel de courrier. Rien n'est envoyé ni noté."),
)  # fmt: skip
def message(call: Call) -> Reply:
    """Ready for a mail program."""
    stands = _standing(call)
    if stands.paper_id is None:
        raise NotFound(_("Il n'y a pas encore de mandat à joindre\u202f: générez-le, puis remplissez-le."))
    known = {"inspector_name": stands.inspector_name, "inspector_email": stands.inspector_email}
    typed = {**{name: text for name, text in known.items() if text}, **call.asked, "sent_on": today().isoformat()}
    values = _checked(schemas.DispatchForm(), typed, asked=True)
    mail = papers.message(
        call.session, call.adviser, inspector_name=values["inspector_name"], inspector_email=values["inspector_email"]
    )
    return Reply(data=mail, media="message/rfc822", filename="mandat-nomineo.eml")


@MANDATE.post(
    "/p/nomineo/mandate/reception", _l("Noter la réception, sur preuve"), shapes.PapersOut, takes=shapes.ProofIn, scope=WRITE,
    about=_l("La compagnie détient l'original\u202f: le délai d'activation court à partir de cette date."),
)  # fmt: skip
def reception(call: Call) -> Standing:
    """By hand, on proof."""
    return _proved(call, "reception")


@MANDATE.post(
    "/p/nomineo/mandate/activation", _l("Noter l'activation, sur preuve"), shapes.PapersOut, takes=shapes.ProofIn, scope=WRITE
)
def activation(call: Call) -> Standing:
    """By hand, on proof."""
    return _proved(call, "activation")


def _proved(call: Call, what: papers.Proof) -> Standing:
    _standing(call)
    with _beside("on"):
        papers.prove(call.session, what, call.taken["file"], call.taken["on"], actor=call.adviser.user_id)
    return _standing(call)


def _standing(call: Call) -> Standing:
    found = mandates.standing(call.session, PLUGIN)
    if found is None:
        raise NotFound(_("Nominéo n'est pas encore enregistré pour votre cabinet."))
    return found


def _checked(
    form: forms.Form, typed: Mapping[str, Any], more: Mapping[str, str | None] | None = None, *,
    names: Mapping[str, str] | None = None, asked: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The page's own rules on what was sent, and more of them; `names`: what a field is called here; `asked`: it stands in the
    address. Raises `Problem`."""
    checked = forms.check(form, typed)
    wrong = {**{name: text for name, text in (more or {}).items() if text}, **checked.errors}
    faults = [Fault((names or {}).get(name, name), text) for name, text in wrong.items()]
    if faults and asked:
        text = _("Des paramètres de l'adresse ne sont pas acceptés.")
        raise Problem(400, "parameters-invalid", _("Paramètres à corriger"), text, faults=faults)
    if faults:
        text = _("Des champs ne sont pas acceptés\u202f: corrigez-les, puis recommencez.")
        raise Problem(422, "validation", _("Saisie à corriger"), text, faults=faults)
    return dict(checked.values)


@contextmanager
def _beside(field: str) -> Iterator[None]:
    """A rule's refusal names the member that it is about; of a file, the file."""
    try:
        yield
    except DomainError as error:
        if error.status != 422 or error.field:
            raise
        raise DomainError(error.text, code=error.code, field="file" if error.code.startswith("file-") else field) from error


@contextmanager
def _drawn() -> Iterator[None]:
    """A PDF that cannot be made now may be made in a moment."""
    try:
        yield
    except pdfs.PdfError as error:
        raise Problem(
            503, "unavailable", _("Service momentanément indisponible"), _("Le PDF n'a pas pu être fait\u202f: recommencez."),
            headers={"Retry-After": "10"},
        ) from error  # fmt: skip
