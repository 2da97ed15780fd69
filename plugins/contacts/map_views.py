"""«Localiser un contact»: contacts around a place, and where an address lies (QM-01)."""

from __future__ import annotations

from collections.abc import Mapping
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

from core.api import PluginError
from core.api import contacts
from core.api import forms
from core.api import jobs
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.contacts import drawing
from plugins.contacts import frames
from plugins.contacts.jobs import KEY

#: Distances that may be chosen, in km.
DISTANCES = (5, 10, 20, 50, 100, 200)
USUAL = 20
STATES: dict[str, Any] = {
    "FOUND": _l("Trouvée"), "MANUAL": _l("Placée à la main"), "DOUBT": _l("À confirmer"),
    "ABSENT": _l("Introuvable"), "WAITING": _l("Pas encore cherchée"),
}  # fmt: skip
KINDS = {"FOUND": "success", "MANUAL": "info", "DOUBT": "warning", "ABSENT": "danger", "WAITING": "neutral"}


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/carte", "map", around)
    made.add_url_rule("/carte/a-placer", "map_doubts", doubts)
    made.add_url_rule("/<contact_id>/adresses/<channel_id>/position", "place", place, methods=["GET", "POST"])


class PlaceForm(forms.Form):
    """Where an address lies, in degrees."""

    latitude = forms.fields.line(_l("Latitude"), 20, missing=_l("Saisissez la latitude, par exemple 47,2173."))
    longitude = forms.fields.line(_l("Longitude"), 20, missing=_l("Saisissez la longitude, par exemple -1,5534."))


@permission("contacts.view")
def around() -> ResponseReturnValue:
    """Contacts within a distance of a place: its list needs no network, the drawing no tiles."""
    text, contact_id = request.args.get("lieu", "").strip()[:200], request.args.get("contact", "")
    asked = request.args.get("km", "")
    km = int(asked) if asked in {str(one) for one in DISTANCES} else USUAL
    center = label = found = picture = None
    say = ""
    if contact_id:
        known = contacts.get_contact(db_session(), adviser(), contact_id)
        center, label = contacts.near.of_contact(db_session(), adviser(), contact_id), known.name
        if center is None:
            say = _("La position de ce contact n'est pas encore connue\u202f: placez son adresse, ou indiquez un lieu.")
    elif text:
        center, label, say = _place_of(text)
    if center is not None:
        found = contacts.near.around(db_session(), adviser(), center, km)
        picture = drawing.of(center, km, found.items)
    counts = contacts.places.counts(db_session(), adviser())
    return render_template(
        "contacts/map.html", text=text, contact_id=contact_id, km=km, distances=DISTANCES, label=label, say=say, found=found,
        drawing=picture, half=drawing.HALF, counts=counts, geocodes=own_context("contacts").settings["geocode"],
        doubts=counts.get("DOUBT", 0) + counts.get("ABSENT", 0), missing=counts.get("WAITING", 0),
        crumbs=[(_("Contacts"), url_for("p_contacts.index")), (_("Localiser un contact"), None)],
    )  # fmt: skip


def _place_of(text: str) -> tuple[contacts.geo.Point | None, str | None, str]:
    """A town that the cabinet's contacts live in, a contact's name, else what the geocoder knows, where it may be asked."""
    if (town := contacts.near.of_town(db_session(), adviser(), text)) is not None:
        return town[1], town[0], ""
    lines = contacts.found(db_session(), adviser(), text, limit=1)[0]
    if lines and (point := contacts.near.of_contact(db_session(), adviser(), lines[0].id)) is not None:
        return point, lines[0].name, ""
    settings = own_context("contacts").settings
    if not settings["geocode"]:
        return None, None, _("Aucun de vos contacts n'habite ce lieu. Essayez une ville, un code postal ou le nom d'un contact.")
    try:
        places = contacts.geocoder.ask(adviser().cabinet_id, settings["geocoder"], text, interactive=True, deadline=4.0)
    except PluginError as error:
        return None, None, _("Le géocodeur ne répond pas (%(why)s). Essayez une ville de vos contacts.", why=error.text)
    if not places:
        return None, None, _("Le géocodeur ne connaît pas ce lieu. Précisez-le, ou essayez une ville.")
    return places[0].point, places[0].label or text, ""


@permission("contacts.view")
def doubts() -> ResponseReturnValue:
    """Addresses that wait for a person's word."""
    return render_template(
        "contacts/map_doubts.html", found=contacts.places.doubtful(db_session(), adviser(), most=100), states=STATES, kinds=KINDS,
        crumbs=[(_("Contacts"), url_for("p_contacts.index")), (_("Localiser un contact"), url_for("p_contacts.map")),
                (_("Adresses à placer"), None)],
    )  # fmt: skip


@permission("contacts.view")
def place(contact_id: str, channel_id: str) -> ResponseReturnValue:
    """Where an address lies, since when and by whom; chosen among proposals, typed, or asked for again."""
    frame = frames.of(contact_id, "coordonnees", _("Position de l'adresse"))
    frame["crumbs"].insert(2, (_("Coordonnées"), url_for("p_contacts.channels", contact_id=contact_id)))
    found = next((one for one in contacts.places.of_contact(db_session(), adviser(), contact_id) if one.id == channel_id), None)
    if found is None:
        flash(_("Cette adresse n'existe plus dans ce dossier."), "warning")
        return redirect(url_for("p_contacts.channels", contact_id=contact_id))
    schema = PlaceForm()
    if request.method == "GET":
        return _place(frame, found, schema, _typed(found), {})
    frames.editable(contact_id)
    typed = forms.typed(schema, request.form)
    errors: Mapping[str, str] = {}
    try:
        if "again" in request.form:
            contacts.places.again(db_session(), adviser(), channel_id)
            jobs.enqueue(own_context("contacts"), KEY)
            text = _("L'adresse sera cherchée à nouveau.")
        elif request.form.get("place", "").isdecimal():
            contacts.places.choose(db_session(), adviser(), channel_id, int(request.form["place"][:3]))
            text = _("L'adresse est placée.")
        else:
            checked = forms.check(schema, typed)
            point, errors = _point(checked.values, dict(checked.errors))
            if point is None:
                return _place(frame, found, schema, typed, errors)
            contacts.places.put(db_session(), adviser(), channel_id, point)
            text = _("L'adresse est placée à la main.")
    except DomainError as error:
        db_session().rollback()
        if error.field is None:
            raise
        return _place(frame, found, schema, typed, {"latitude": error.text})
    db_session().commit()
    flash(text, "success")
    return redirect(url_for("p_contacts.place", contact_id=contact_id, channel_id=channel_id), 303)


def _typed(found: contacts.places.Address) -> dict[str, str]:
    if found.point is None:
        return {}
    return {name: str(getattr(found.point, name)).replace(".", ",") for name in ("latitude", "longitude")}


def _point(values: Mapping[str, Any], errors: dict[str, str]) -> tuple[contacts.geo.Point | None, dict[str, str]]:
    degrees: dict[str, float] = {}
    for name, most in (("latitude", 90), ("longitude", 180)):
        if name in errors:
            continue
        try:
            degrees[name] = float(str(values[name]).replace(",", ".").replace("\u2212", "-"))
            if not -most <= degrees[name] <= most:
                raise ValueError(name)
        except ValueError:
            errors[name] = _("Écrivez un nombre de degrés entre -%(most)s et %(most)s.", most=most)
    return (None, errors) if errors else (contacts.geo.Point(**degrees), errors)


def _place(
    frame: Mapping[str, Any], found: contacts.places.Address, schema: forms.Form, typed: Mapping[str, Any],
    errors: Mapping[str, str],
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "contacts/place.html", **frame, address=found, form=forms.view(schema, typed, errors), states=STATES, kinds=KINDS,
        geocodes=own_context("contacts").settings["geocode"],
    )  # fmt: skip
    return page, 422 if errors else 200
