"""Dossier > Coordonnées (DO-02): addresses, telephones, e-mails, bank accounts; added, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts import schemas

#: Kind → its heading, what is added, the words of an empty list, its icon.
KINDS: dict[str, tuple[Any, Any, Any, str]] = {
    "phone": (_l("Téléphones"), _l("Ajouter un téléphone"), _l("Aucun numéro connu."), "phone"),
    "email": (_l("E-mails"), _l("Ajouter un e-mail"), _l("Aucune adresse e-mail connue."), "mail"),
    "address": (_l("Adresses"), _l("Ajouter une adresse"), _l("Aucune adresse connue."), "home"),
    "bank": (_l("Comptes bancaires"), _l("Ajouter un compte bancaire"), _l("Aucun compte bancaire connu."), "building-bank"),
}  # fmt: skip
EDITED: dict[str, Any] = {
    "phone": _l("Modifier le téléphone"), "email": _l("Modifier l'e-mail"), "address": _l("Modifier l'adresse"),
    "bank": _l("Modifier le compte bancaire"),
}  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/<contact_id>/coordonnees"
    made.add_url_rule(base, "channels", channels)
    made.add_url_rule(f"{base}/<kind>/ajouter", "channel_add", add, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<kind>/ordre", "channel_order", order, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<kind>/<channel_id>", "channel_change", change, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<kind>/<channel_id>/verifier", "channel_verify", verify, methods=["POST"])
    made.add_url_rule(f"{base}/<kind>/<channel_id>/retirer", "channel_remove", remove, methods=["POST"])


@permission("contacts.view")
def channels(contact_id: str) -> ResponseReturnValue:
    """All the ways of reaching and paying a contact."""
    found = contacts.channels.of_contact(db_session(), adviser(), contact_id)
    frame = frames.of(contact_id, "coordonnees", _("Coordonnées"))
    return render_template("contacts/channels.html", **frame, channels=found, kinds=KINDS)


@permission(frames.EDIT)
def add(contact_id: str, kind: str) -> ResponseReturnValue:
    """Add one. The form's key makes that a second arrival adds nothing."""
    card = frames.editable(contact_id)
    schema = _schema(kind, card)
    if request.method == "GET":
        usual = {"usage": next(iter(contacts.channels.KINDS[kind].usages)), "country": "FR"}
        return _form(contact_id, kind, schema, usual, {}, once=forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            contacts.channels.add(db_session(), adviser(), contact_id, kind, checked.values, channel_id=key)
            return _done(contact_id, _("La coordonnée est ajoutée."))
        except DomainError as error:
            errors = _fault(error)
    return _form(contact_id, kind, schema, typed, errors, once=key)


@permission(frames.EDIT)
def change(contact_id: str, kind: str, channel_id: str) -> ResponseReturnValue:
    """Change one."""
    card = frames.editable(contact_id)
    schema = _schema(kind, card)
    channel = contacts.channels.get(db_session(), adviser(), contact_id, kind, channel_id)
    own = ("usage", "is_primary", "opt_in", "opt_in_on", "opt_in_source")
    values = {**channel.values, **{name: getattr(channel, name) for name in own}}
    if request.method == "GET":
        return _form(contact_id, kind, schema, values, {}, stamp=forms.stamp(schema, values), channel=channel)
    typed = forms.typed(schema, request.form)
    seen = request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        fresh = forms.stamp(schema, values)
        return _form(contact_id, kind, schema, clash.typed, {}, stamp=fresh, channel=channel, clash=clash)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            contacts.channels.change(db_session(), adviser(), contact_id, kind, channel_id, checked.values)
            return _done(contact_id, _("La coordonnée est enregistrée."))
        except DomainError as error:
            errors = _fault(error)
    return _form(contact_id, kind, schema, typed, errors, stamp=seen, channel=channel)


@permission(frames.EDIT)
def verify(contact_id: str, kind: str, channel_id: str) -> ResponseReturnValue:
    """Note that one made sure of it today: by a call, a letter that arrived, a RIB that was seen."""
    contacts.channels.verify(db_session(), adviser(), contact_id, kind, channel_id)
    return _done(contact_id, _("La coordonnée est notée vérifiée aujourd'hui, par vous."))


@permission(frames.EDIT)
def remove(contact_id: str, kind: str, channel_id: str) -> ResponseReturnValue:
    """Take one away at once, and offer to put it back; the history keeps what it was."""
    kept = contacts.channels.remove(db_session(), adviser(), contact_id, kind, channel_id)
    payload = {"contact": contact_id, "kind": kind, "kept": kept}
    token = undo.offer(db_session(), adviser(), "contacts.channel_removed", f"contact:{contact_id}", payload)
    db_session().commit()
    undo.say(_("La coordonnée est retirée. L'historique la garde."), token)
    return redirect(url_for("p_contacts.channels", contact_id=contact_id), 303)


@permission(frames.EDIT)
def order(contact_id: str, kind: str) -> ResponseReturnValue:
    """In which order they are to be tried; the first is the primary one. Saved at once, and taken back."""
    _schema(kind, frames.editable(contact_id))
    found = contacts.channels.of_contact(db_session(), adviser(), contact_id)[kind]
    if request.method == "GET":
        return _order(contact_id, kind, found)
    wanted = forms.reordered([one.id for one in found], request.form)
    former = contacts.channels.reorder(db_session(), adviser(), contact_id, kind, wanted)
    payload = {"contact": contact_id, "kind": kind, "former": former}
    token = undo.offer(db_session(), adviser(), "contacts.channels_ordered", f"contact:{contact_id}", payload)
    db_session().commit()
    text, here = _("L'ordre est enregistré. Le premier est le principal."), request.path
    if "X-Fragment" in request.headers:
        return render_template("contacts/order_saved.html", text=text, token=token, back=here)
    undo.say(text, token)
    return redirect(here, 303)


def _order(contact_id: str, kind: str, found: Sequence[contacts.channels.Channel]) -> ResponseReturnValue:
    title = _("Ordre\u202f: %(kind)s", kind=KINDS[kind][0])
    frame = frames.of(contact_id, "coordonnees", title)
    frame["crumbs"].insert(2, (_("Coordonnées"), url_for("p_contacts.channels", contact_id=contact_id)))
    return render_template("contacts/order.html", **frame, title=title, kind=kind, found=found)


@undo.command("contacts.channels_ordered", permission=frames.EDIT)
def order_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `order`."""
    contacts.channels.reorder(session, by, payload["contact"], payload["kind"], payload["former"])
    return str(_("Les coordonnées ont repris leur ordre."))


@undo.command("contacts.channel_removed", permission=frames.EDIT)
def put_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    contacts.channels.restore(session, by, payload["contact"], payload["kind"], payload["kept"])
    return str(_("La coordonnée est de retour dans le dossier."))


def _schema(kind: str, card: contacts.ContactCard) -> forms.Form:
    if kind not in schemas.OF_CHANNEL:
        raise NotFound(_("Cette page n'existe pas."))
    if kind == "address" and card.line.kind == schemas.COMPANY:
        return schemas.EstablishmentForm()
    return schemas.OF_CHANNEL[kind]()


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _done(contact_id: str, text: str) -> ResponseReturnValue:
    db_session().commit()
    flash(text, "success")
    return redirect(url_for("p_contacts.channels", contact_id=contact_id), 303)


def _form(
    contact_id: str, kind: str, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *,
    once: str | None = None, stamp: str = "", channel: contacts.channels.Channel | None = None,
    clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    title = EDITED[kind] if channel else KINDS[kind][1]
    frame = frames.of(contact_id, "coordonnees", str(title))
    frame["crumbs"].insert(2, (_("Coordonnées"), url_for("p_contacts.channels", contact_id=contact_id)))
    page = render_template(
        "contacts/channel.html", **frame, title=title, once=once, channel=channel, kind=kind,
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash),
        last=frames.last_change(contact_id) if clash else None,
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200
