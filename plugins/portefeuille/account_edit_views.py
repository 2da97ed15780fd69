"""Accounts added and changed by a person; what is unusual waits for his word (PF-01, QM-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import contacts
from core.api import forms
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_forms
from plugins.portefeuille import picking

EDIT = "accounts.edit"
_PERSON = ("PERSONNE_PHYSIQUE",)
_ONE = "/comptes/<account_id>"


@dataclass
class Asked:
    """What came of a form: its faults, who is to be chosen among several, what asks for a word, the account that is there."""

    errors: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[contacts.ContactLine, ...]] = field(default_factory=dict)
    findings: tuple[accounts.checks.Finding, ...] = ()
    known: AccountRef | None = None


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comptes/nouveau", "account_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/modifier", "account_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/champs/<field_name>/corriger", "account_correct", correct, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/champs/<field_name>/retablir", "account_release", release, methods=["POST"])


@permission(EDIT)
def new() -> ResponseReturnValue:
    """«Ajouter un compte», for a contact where the address names one. The form's key makes that a second arrival adds nothing."""
    who = request.args.get("contact", "")
    contact = contacts.get_contact(db_session(), adviser(), who[:100]) if who else None
    if contact is not None:
        also_reads("contact", contact.id)
        if contact.line.kind == "FOYER":
            raise Forbidden(_("Un foyer ne détient rien\u202f: ajoutez le compte au dossier de l'un de ses membres."))
    schema = account_forms.NewForm()
    if request.method == "GET":
        begun = account_forms.usual() | ({"holder": picking.said(contact.line)} if contact else {})
        return _page(schema, begun, Asked(), once=forms.token(), contact=contact)
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked, asked = forms.check(schema, typed), Asked()
    asked.errors = {**checked.errors, **_unlisted(schema, typed)}
    people = _people(schema, typed, asked)
    if checked.values.get("value") is not None and checked.values.get("value_on") is None:
        asked.errors.setdefault("value_on", _("Saisissez la date de cette valorisation."))
    if not asked.errors:
        try:
            account_id = _add(checked.values, people, key)
            db_session().commit()
            flash(_("Le compte est ajouté."), "success")
            return redirect(url_for("p_portefeuille.account", account_id=account_id), 303)
        except DomainError as error:
            asked = _fault(error, typed)
    return _page(schema, typed, asked, once=key, contact=contact)


def _add(values: Mapping[str, Any], people: Mapping[str, str], key: str) -> str:
    given = account_forms.facts(db_session(), values, adviser().user_id)
    known = values.get("value") is not None  # its day is in the form already
    worth: dict[str, Any] = {name: values[name] for name in ("value", "value_on")} if known else {}
    data = accounts.NewAccount(roles=_roles(values, people), **given, **worth)
    seen = set(request.form.getlist("acquitter"))
    return accounts.by_hand.add(db_session(), adviser(), data, seen=seen, account_id=key)


@permission(EDIT)
def edit(account_id: str) -> ResponseReturnValue:
    """Change an account's file; what its feed fills is shown, and corrected field by field."""
    card = accounts.card(db_session(), adviser(), account_id)
    editable(account_id)
    corrected = accounts.overrides.of_account(db_session(), account_id)
    # what a partner feeds day by day is not typed: its payments come with its values
    schema = account_forms.AccountForm() if card.origin == "AGREGE" else account_forms.EditForm()
    values = account_forms.shown(db_session(), card)
    fed = _fed(card, corrected)
    if request.method == "GET":
        return _page(schema, values, Asked(), card=card, fed=fed, stamp=forms.stamp(schema, values))
    typed = {**forms.typed(schema, request.form), **{name: forms.shown(schema, values)[name] for name in fed}}
    seen = request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _page(schema, clash.typed, Asked(), card=card, fed=fed, stamp=forms.stamp(schema, values), clash=clash)
    checked, asked = forms.check(schema, typed), Asked()
    asked.errors = {**checked.errors, **_unlisted(schema, typed)}
    if not asked.errors:
        try:
            given = account_forms.facts(db_session(), checked.values, adviser().user_id)
            given = {name: value for name, value in given.items() if name != "net_payments" or name in schema.fields}
            accounts.by_hand.change(db_session(), adviser(), account_id, given, seen=set(request.form.getlist("acquitter")))
            return done(account_id, _("Les modifications sont enregistrées."))
        except DomainError as error:
            asked = _fault(error, typed)
    return _page(schema, typed, asked, card=card, fed=fed, stamp=seen)


@permission(EDIT)
def correct(account_id: str, field_name: str) -> ResponseReturnValue:
    """«Corriger»: put one's own value in place of what the feed or the file says of one field."""
    card = accounts.card(db_session(), adviser(), account_id)
    editable(account_id)
    known = accounts.overrides.of_account(db_session(), account_id)
    name = account_forms.NAMED.get(field_name, field_name)
    if field_name not in accounts.FED or name not in _fed(card, known):
        raise NotFound(_("Ce champ n'est rempli par aucun flux ni fichier."))
    schema = account_forms.EditForm(only=(name, "new_company") if name == "company" else (name,))
    values = {name: account_forms.shown(db_session(), card)[name]}
    asked = Asked()
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        asked.errors = {**checked.errors, **_unlisted(schema, values)}
        if not asked.errors:
            try:
                value = _value(card, field_name, checked.values)
                accounts.overrides.correct(db_session(), adviser(), account_id, field_name, value)
                return done(account_id, _("Le champ est corrigé\u202f: votre valeur passe avant celle reçue."))
            except DomainError as error:
                asked = _fault(error, values)
    title = _("Corriger un champ")
    page = render_template(
        "portefeuille/small_form.html", title=title, about=_("Valeur reçue ou actuelle\u202f: gardée à côté de la vôtre."),
        form=forms.view(schema, values, asked.errors, options=_options(schema)), once=None, crumbs=trail(card, title),
        back=url_for("p_portefeuille.account_edit", account_id=account_id), card=card,
    )  # fmt: skip
    return page, 422 if asked.errors else 200


@permission(EDIT)
def release(account_id: str, field_name: str) -> ResponseReturnValue:
    """Withdraw a correction: what was received stands again."""
    editable(account_id)
    accounts.overrides.release(db_session(), adviser(), account_id, field_name)
    return done(account_id, _("La correction est retirée\u202f: la valeur reçue fait foi."))


def done(account_id: str, said: str, endpoint: str = "account") -> ResponseReturnValue:
    """It is written: back to the account."""
    db_session().commit()
    flash(said, "success")
    return redirect(url_for(f"p_portefeuille.{endpoint}", account_id=account_id), 303)


def editable(account_id: str) -> None:
    """Raises `NotFound` for an account that is not seen, `Forbidden` for one that may only be looked at."""
    if not accounts.by_hand.may_edit(db_session(), adviser(), account_id):
        accounts.get_ref(db_session(), adviser(), account_id)
        raise Forbidden(_("Votre profil permet de voir ce compte, pas de le modifier. Adressez-vous à qui suit ce client."))


def _value(card: accounts.AccountCard, field_name: str, values: Mapping[str, Any]) -> Any:
    session, actor = db_session(), adviser().user_id
    if field_name == "company_id":
        return account_forms.company(session, values, actor)
    if field_name == "product_id":
        name = values.get("product")
        return account_forms.product(session, card.company_id, name, card.ref.envelope, actor) if name else None
    return values[field_name]


def _fed(card: accounts.AccountCard, corrected: Mapping[str, accounts.overrides.Override]) -> dict[str, str]:
    """The form's fields that a feed or a file fills → the account's field by which each is corrected."""
    if card.origin == "MANUEL":
        return {}
    ref = card.ref
    known = {
        "envelope": ref.envelope, "number": ref.number, "title": ref.title, "company_id": card.company_id,
        "product_id": card.product_id, "state": ref.state, "opened_on": ref.opened_on, "currency": ref.currency,
    }  # fmt: skip
    return {account_forms.NAMED.get(name, name): name for name, value in known.items() if value or name in corrected}


def _people(schema: forms.Form, typed: Mapping[str, Any], asked: Asked) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("holder", "second", "insured"):
        text = str(typed.get(name) or "").strip()
        if not text or name in asked.errors or not schema.asks(name, typed):
            continue
        who, wrong, lines = picking.picked(name, text, _PERSON if name == "insured" else picking.PEOPLE)
        if wrong:
            asked.errors[name] = wrong
            asked.choices[name] = lines
        found[name] = who
    return found


def _roles(values: Mapping[str, Any], people: Mapping[str, str]) -> list[accounts.Role]:
    envelope, rules = values["envelope"], accounts.envelope_rules
    first, second = people["holder"], people.get("second")
    ways = {"NP": ("NU_PROPRIETAIRE", "USUFRUITIER"), "US": ("USUFRUITIER", "NU_PROPRIETAIRE")}
    one, two = ways.get(values.get("split") or "", (rules.first_role(envelope), rules.second_role(envelope)))
    made = [accounts.Role(first, one)]
    if second:
        made.append(accounts.Role(second, two))
    if envelope in accounts.INSURED:
        person = contacts.get_contact(db_session(), adviser(), first).line.kind == "PERSONNE_PHYSIQUE"
        insured = people.get("insured") or (first if person else None)
        made += [accounts.Role(insured, "ASSURE")] if insured else []
    return made


def _unlisted(schema: forms.Form, typed: Mapping[str, Any]) -> dict[str, str]:
    """Choices that only the page knows."""
    return {
        name: _("Choisissez une valeur de la liste.")
        for name, known in _options(schema).items() if typed.get(name) and typed[name] not in known
    }  # fmt: skip


def _options(schema: forms.Form) -> dict[str, dict[str, Any]]:
    every, kept = account_forms.companies(db_session()), account_forms.companies(db_session(), other=False)
    known = {"company": every, "depositary": kept, "distributor": kept}
    return {name: options for name, options in known.items() if name in schema.fields}


def _fault(error: DomainError, typed: Mapping[str, Any]) -> Asked:
    db_session().rollback()
    if isinstance(error, accounts.checks.Unconfirmed):
        return Asked(findings=error.findings)
    if error.field is None and not isinstance(error, NotFound):
        raise error
    asked = Asked({account_forms.NAMED.get(error.field or "", error.field or ""): error.text})
    if error.code == accounts.KNOWN:
        found = kept_by(typed)
        asked.known = accounts.known_at(db_session(), adviser(), found, str(typed.get("number", ""))) if found else None
    return asked


def kept_by(typed: Mapping[str, Any]) -> str | None:
    """The id of the company that keeps what the form is about, where the cabinet has it."""
    code = typed.get("depositary") or typed.get("company")
    return account_forms.company_id(db_session(), str(code))


def trail(
    card: accounts.AccountCard | None, title: str, contact: contacts.ContactCard | None = None
) -> list[tuple[str, str | None]]:
    """The way to a page about an account, or to that of a new one."""
    if card is not None:
        url = url_for("p_portefeuille.account", account_id=card.ref.id)
        return [(_("Comptes"), url_for("p_portefeuille.accounts_list")), (card.ref.label, url), (title, None)]
    if contact is not None:
        url = url_for("p_portefeuille.portfolio", contact_id=contact.id)
        return [(_("Portefeuille de %(name)s", name=contact.name), url), (title, None)]
    return [(_("Comptes"), url_for("p_portefeuille.accounts_list")), (title, None)]


def _page(
    schema: forms.Form, values: Mapping[str, Any], asked: Asked, *, once: str | None = None, stamp: str = "",
    card: accounts.AccountCard | None = None, contact: contacts.ContactCard | None = None, fed: Mapping[str, str] | None = None,
    clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    title = _("Modifier le compte") if card else _("Nouveau compte")
    way = trail(card, title, contact)
    page = render_template(
        "portefeuille/account_form.html", title=title, crumbs=way, once=once, card=card, asked=asked, fed=fed or {},
        form=forms.view(schema, values, asked.errors, options=_options(schema), stamp=stamp, clash=clash), back=way[-2][1],
    )  # fmt: skip
    return page, 422 if asked.errors else 409 if clash or asked.findings else 200
