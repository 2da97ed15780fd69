"""The pages of forms that name owners: who may be named, what was typed, what is wrong with it, where one goes next."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.web import adviser
from core.api.web import db_session
from plugins.patrimoine import asset_forms
from plugins.patrimoine import assets
from plugins.patrimoine import frames
from plugins.patrimoine.asset_terms import Owner

#: Relations of a contact that are offered as owners beside his household.
RELATIONS = 200


class Wrong(Exception):
    """What was typed is not right; `errors` by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Page:
    """Where a form stands: the file, its trail, its title, where «Annuler» leads, what it is about."""

    contact_id: str
    section: str
    trail: tuple[tuple[str, str | None], ...]
    title: str
    back: str
    about: str = ""

    def frame(self) -> dict[str, Any]:
        """What `macros/contact.html` needs."""
        return frames.of(self.contact_id, self.section, *self.trail, (self.title, None))


def editable(contact_id: str) -> contacts.ContactCard:
    """The contact of the file, where the adviser may change it. Raises `NotFound`, `Forbidden`."""
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    if not contacts.editable(db_session(), adviser(), contact_id):
        raise Forbidden(_("Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."))
    return found


def near(found: contacts.ContactCard, others: Sequence[Owner] = ()) -> dict[str, str]:
    """Who may be named: the contact first, then his household, his relations, and those who are named already.

    A household names its members.
    """
    if found.line.kind == "FOYER":
        members = {tie.id: tie.name for tie in found.members}
        return {**_by_name(members, {}), **_by_name({one.contact_id: one.name for one in others}, members)}
    home: dict[str, str] = {}
    for one in found.households:
        home |= {tie.id: tie.name for tie in contacts.get_contact(db_session(), adviser(), one.id).members}
    ties = contacts.relations.of_contact(db_session(), adviser(), found.line.id, size=RELATIONS).items
    kin = {one.other.id: one.other.name for one in ties if one.other.kind != "FOYER"}
    kin |= {one.contact_id: one.name for one in others}
    first = {found.line.id: found.line.name}
    return {**first, **_by_name(home, first), **_by_name(kin, {**first, **home})}


def companies(found: contacts.ContactCard, known: Owner | None = None) -> dict[str, str]:
    """The companies that shares may be of: those in the contact's relations, and the one that is named already."""
    ties = contacts.relations.of_contact(db_session(), adviser(), found.line.id, size=RELATIONS).items
    firms = {one.other.id: one.other.name for one in ties if one.other.kind == "PERSONNE_MORALE"}
    if known is not None:
        firms[known.contact_id] = known.name
    return _by_name(firms, {})


def financed(contact_id: str, people: Mapping[str, str], known: str | None = None) -> dict[str, str]:
    """What a debt or a loan may have paid for: what the people who may owe it own, and what is named already."""
    owned = assets.of_people(db_session(), adviser(), [contact_id, *people])
    return {one.id: one.facts.label for one in owned if one.disposed_on is None or one.id == known}


def shared_form(
    page: Page, schema: forms.Form, values: Mapping[str, Any], people: Mapping[str, str],
    write: Callable[[Mapping[str, Any], list[Owner]], str], said: str, *, page_of: Callable[[str, str], str],
    count: int, options: Mapping[str, Mapping[str, str]], once: str | None = None, stamped: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    """A long form with owners: shown; or read, written, and the page opened that `page_of` (file, id) the thing has.

    `write` gives the id.
    """
    known = {**options, **{f"owner_{n}": people for n in range(1, count + 1)}}
    stamp = forms.stamp(schema, values) if stamped else ""
    if request.method == "GET":
        return _drawn(page, schema, values, {}, known, count, once=once, stamp=stamp)
    typed = forms.typed(schema, request.form)
    seen = request.form.get("seen", "") if stamped else ""
    if stamped and (clash := forms.clash(schema, seen, values, typed)):
        return _drawn(page, schema, clash.typed, {}, known, count, once=once, stamp=stamp, clash=clash)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    for field, choices in known.items():
        if typed.get(field) and typed[field] not in choices and schema.asks(field, typed):
            errors[field] = _("Choisissez une valeur de la liste.")
    if not errors:
        owners, errors = asset_forms.owners(checked.values, count)
        if not errors:
            try:
                made = write(checked.values, owners)
                whose = page.contact_id if page.contact_id not in people else _whose(page.contact_id, owners)
                return done(page_of(whose, made), said)
            except Wrong as wrong:
                db_session().rollback()
                errors = wrong.errors
            except DomainError as error:
                errors = fault(error)
    return _drawn(page, schema, typed, errors, known, count, once=once, stamp=seen)


def small(
    page: Page, schema: forms.Form, values: Mapping[str, Any], write: Callable[[Mapping[str, Any]], None], said: str, *,
    once: str | None = None, stamped: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    """A short form: shown, or read and written."""
    errors: dict[str, str] = {}
    clash = None
    stamp = forms.stamp(schema, values) if stamped else ""
    if request.method == "POST":
        typed = forms.typed(schema, request.form)
        if stamped and (clash := forms.clash(schema, request.form.get("seen", ""), values, typed)):
            values = clash.typed
        else:
            values, stamp = typed, request.form.get("seen", "") if stamped else ""
            checked = forms.check(schema, values)
            errors = dict(checked.errors)
            if not errors:
                try:
                    write(checked.values)
                    return done(page.back, said)
                except DomainError as error:
                    errors = fault(error)
    view = forms.view(schema, values, errors, stamp=stamp, clash=clash)
    drawn = render_template(
        "patrimoine/small_form.html", **page.frame(), title=page.title, about=page.about, form=view, once=once, back=page.back
    )
    return drawn, 409 if clash else 422 if errors else 200


def fault(error: DomainError) -> dict[str, str]:
    """A refusal beside its field; one that names none, or that is not about what was typed, goes on up."""
    db_session().rollback()
    if error.field is None or isinstance(error, NotFound | Forbidden):
        raise error
    return forms.refused(error)


def done(url: str, said: str) -> ResponseReturnValue:
    """It is written: on to the page that shows it."""
    db_session().commit()
    flash(said, "success")
    return redirect(url, 303)


def _whose(contact_id: str, owners: Sequence[Owner]) -> str:
    """The file that has it: this one, unless its contact is no longer among the owners."""
    named = [one.contact_id for one in owners]
    return contact_id if contact_id in named or not named else named[0]


def _by_name(found: Mapping[str, str], but: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted((one for one in found.items() if one[0] not in but), key=lambda one: one[1]))


def _drawn(
    page: Page, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str],
    options: Mapping[str, Mapping[str, str]], count: int, *, once: str | None, stamp: str, clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    view = forms.view(
        schema, values, errors, options=options, apart={"owners": _("Quotes-parts")}, stamp=stamp, clash=clash
    )  # fmt: skip
    used = max((n for n in range(1, count + 1) if values.get(f"owner_{n}") or values.get(f"share_{n}")), default=1)
    wrong = any(name.split("_")[0] in ("owner", "right", "share") and not name.endswith("_1") for name in errors)
    drawn = render_template(
        "patrimoine/owned_form.html", **page.frame(), title=page.title, form=view, once=once, back=page.back, count=count,
        used=max(used, 2 if wrong else 1), owners_wrong=errors.get("owners", ""),
        rows=[f"{name}_{n}" for n in range(1, count + 1) for name in ("owner", "right", "share")],
    )  # fmt: skip
    return drawn, 409 if clash else 422 if errors else 200
