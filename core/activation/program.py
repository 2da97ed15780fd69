"""`/api/v1/p/<plugin>/mandate`: the mandate's papers for programs, made and taken as on the pages (BL-04, BL-05, PL-09)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import pdf as pdfs
from core.activation import papers
from core.activation import program_schemas as shapes
from core.activation import schemas
from core.activation.partnership import Partnership
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.links import mandates
from core.links.mandates import Standing
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.web import forms
from core.web.problems import Fault
from core.web.problems import Problem

READ, WRITE = "partners:read", "partners:write"


def resource(at: Partnership) -> Resource:
    """The resource of one partner."""
    made, does, here = _declared(at), _Program(at), f"/p/{at.name}/mandate"
    made.get(
        f"{here}/blank", _l("Télécharger le mandat vierge"), media="application/pdf", about=_l("Pour tous, comme sur la page."),
    )(does.blank)  # fmt: skip
    made.post(
        f"{here}/issue", _l("Générer le mandat pré-rempli"), shapes.PapersOut, scope=WRITE,
        about=_l("Un code nouveau y est imprimé, et celui d'avant ne sert plus. Le PDF est le document document_id."),
    )(does.issue)  # fmt: skip
    made.post(
        f"{here}/fill", _l("Remplir le mandat"), shapes.PapersOut, takes=shapes.FillIn, scope=WRITE,
        about=_l("Le PDF rempli, avec un code nouveau, est le document document_id\u202f: à imprimer et à signer."),
    )(does.fill)  # fmt: skip
    made.post(
        f"{here}/deposit", _l("Déposer le mandat signé"), shapes.PapersOut, takes=shapes.DepositIn, scope=WRITE,
        about=_l("Rempli ailleurs, ou signé puis numérisé\u202f: il est gardé tel quel."),
    )(does.deposit)  # fmt: skip
    made.get(
        f"{here}/message", _l("Préparer le message %(contact)s", contact=at.words.to_contact), media="message/rfc822",
        asks=shapes.MessageQuery, scope=READ,
        about=_l("Le texte du message, mandat joint, à donner à un logiciel de courrier. Rien n'est envoyé ni noté."),
    )(does.message)  # fmt: skip
    made.post(
        f"{here}/reception", _l("Noter la réception, sur preuve"), shapes.PapersOut, takes=shapes.ProofIn, scope=WRITE,
        about=_l("La compagnie détient l'original\u202f: le délai d'activation court à partir de cette date."),
    )(does.reception)  # fmt: skip
    made.post(
        f"{here}/activation", _l("Noter l'activation, sur preuve"), shapes.PapersOut, takes=shapes.ProofIn, scope=WRITE
    )(does.activation)
    return made


def _declared(at: Partnership) -> Resource:
    about = _l("Les papiers du mandat chez %(company)s\u202f: formulaires et preuves.", company=at.partner.company)
    return Resource(f"{at.name}_mandate", _l("Mandat %(partner)s", partner=at.label), about, plugin=at.name)


class _Program:
    """The operations of one partner."""

    def __init__(self, at: Partnership) -> None:
        self.at = at

    def blank(self, call: Call) -> Reply:
        """The form as the company would hand it out."""
        with _drawn():
            made = self.at.form.make_blank(papers.paper(call.session, self.at))
        return Reply(data=made, media="application/pdf", filename=papers.filename(self.at, "vierge"))

    def issue(self, call: Call) -> Standing:
        """Pre-filled, with its code."""
        with _drawn():
            papers.issue(call.session, self.at, actor=call.adviser.user_id)
        return self._standing(call)

    def fill(self, call: Call) -> Standing:
        """As on screen."""
        known, sent = papers.paper(call.session, self.at), call.taken
        unknown = set(sent["acts"]) - {code for code, _label in known.acts}
        typed = {**sent, "signed_on": sent["signed_on"].isoformat()}
        values = _checked(schemas.mandate_form(self.at.partner)(), typed, {
            "acts": _("La compagnie n'a pas cet acte\u202f: %(code)s.", code=min(unknown)) if unknown else None,
        })  # fmt: skip
        with _drawn(), _beside("signed_on"):
            papers.fill(call.session, self.at, known, values, actor=call.adviser.user_id)
        return self._standing(call)

    def deposit(self, call: Call) -> Standing:
        """Filled elsewhere."""
        known, sent = papers.paper(call.session, self.at), call.taken
        typed = {"deposit_code": sent["broker_code"], "deposit_on": sent["signed_on"].isoformat()}
        form = schemas.deposit_form(self.at.partner)()
        values = _checked(form, typed, names={"deposit_code": "broker_code", "deposit_on": "signed_on"})
        with _beside("file"):
            papers.deposit(
                call.session, self.at, known, sent["file"], broker_code=values["deposit_code"], signed_on=values["deposit_on"],
                actor=call.adviser.user_id,
            )  # fmt: skip
        return self._standing(call)

    def message(self, call: Call) -> Reply:
        """Ready for a mail program."""
        stands = self._standing(call)
        if stands.paper_id is None:
            raise NotFound(_("Il n'y a pas encore de mandat à joindre\u202f: générez-le, puis remplissez-le."))
        known = {"inspector_name": stands.inspector_name, "inspector_email": stands.inspector_email}
        typed = {**{name: text for name, text in known.items() if text}, **call.asked, "sent_on": today().isoformat()}
        values = _checked(schemas.dispatch_form(self.at.partner)(), typed, asked=True)
        mail = papers.message(
            call.session, self.at, call.adviser, inspector_name=values["inspector_name"],
            inspector_email=values["inspector_email"],
        )  # fmt: skip
        return Reply(data=mail, media="message/rfc822", filename=papers.filename(self.at, ending="eml"))

    def reception(self, call: Call) -> Standing:
        """By hand, on proof."""
        return self._proved(call, "reception")

    def activation(self, call: Call) -> Standing:
        """By hand, on proof."""
        return self._proved(call, "activation")

    def _proved(self, call: Call, what: papers.Proof) -> Standing:
        self._standing(call)
        with _beside("on"):
            papers.prove(call.session, self.at, what, call.taken["file"], call.taken["on"], actor=call.adviser.user_id)
        return self._standing(call)

    def _standing(self, call: Call) -> Standing:
        found = mandates.standing(call.session, self.at.name)
        if found is None:
            raise NotFound(_("%(partner)s n'est pas encore enregistré pour votre cabinet.", partner=self.at.label))
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
