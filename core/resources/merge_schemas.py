"""Duplicates, merges and places as the API shows and takes them (CT-02, QM-01)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.contacts.near import LEAST_KM
from core.contacts.near import MOST_KM
from core.contacts.place_models import STATES
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken


class TwinOut(Given):
    """One of two contacts that look alike."""

    id = schemas.string()
    display_name = schemas.string(source="name")
    file_code = schemas.string(_l("Code dossier"))
    birth_date = schemas.day(_l("Date de naissance"))


class PairOut(Given):
    """Two contacts that may be one person."""

    first = schemas.one(TwinOut, _l("Le plus ancien des deux dossiers"))
    second = schemas.one(TwinOut)
    score = schemas.whole(_l("De 50 à 100"))
    level = schemas.string(_l("Très probable, Probable ou À vérifier"))
    reasons = schemas.texts(_l("Pourquoi, en français"))


class DuplicatesOut(Given):
    """The likeliest pairs, and how many there are."""

    items = schemas.many(PairOut, source="pairs")
    total = schemas.whole()


class DuplicatesQuery(Asked):
    """Of one contact, or of all."""

    contact = schemas.ask_text(_l("Id d'un contact\u202f: ses doublons seulement"))


class ApartTaken(Taken):
    """Two contacts that are not the same, or may be after all."""

    first = schemas.ask_text(_l("Id d'un contact"), missing=_l("Nommez le premier contact."))
    second = schemas.ask_text(_l("Id de l'autre"), missing=_l("Nommez le second contact."))
    apart = schemas.ask_flag(_l("Faux\u202f: les proposer à nouveau comme doublons"))


class ApartOut(Given):
    """What is remembered of two contacts."""

    first = schemas.string()
    second = schemas.string()
    apart = schemas.flag()


class MergeFieldOut(Given):
    """One field of both files."""

    field = schemas.string(source="name")
    label = schemas.string()
    kept = schemas.string(_l("Dans le dossier conservé, en français"))
    merged = schemas.string(_l("Dans le dossier fusionné, en français"))
    state = schemas.string(codes={
        "same": _l("identique"), "completed": _l("un seul dossier le sait"), "conflict": _l("à choisir"),
        "free": _l("celui du dossier conservé, sauf choix contraire"),
    })  # fmt: skip
    choice = schemas.string(_l("Ce qui sera gardé"), codes=("kept", "merged", "both"), null=True)


class ComparisonOut(Given):
    """Two files before they become one."""

    items = schemas.many(MergeFieldOut, source="fields")
    doubts = schemas.texts(_l("Ce qui parle contre la fusion, en français"))


class MergeTaken(Taken):
    """Which contact goes into this one, and what is taken of it. A field in conflict is in one of the lists."""

    merged = schemas.ask_text(_l("Id du contact à fusionner"), missing=_l("Nommez le contact à fusionner."))
    keep = schemas.ask_texts(_l("Champs dont le dossier conservé garde sa valeur"))
    take = schemas.ask_texts(_l("Champs pris du dossier fusionné"))
    join = schemas.ask_texts(_l("Champs dont les deux textes sont gardés\u202f: remarks"))


class MergeOut(Given):
    """A merge."""

    id = schemas.string()
    contact_id = schemas.string(_l("Le dossier conservé"), source="kept_id")
    merged_id = schemas.string(_l("Le dossier fusionné"))
    already = schemas.flag(_l("C'était déjà fait"), source="again")


class MergedOut(Given):
    """A merge that a contact's file is made of."""

    id = schemas.string()
    merged_id = schemas.string()
    merged_name = schemas.string()
    file_code = schemas.string(_l("Code du dossier fusionné"))
    at = schemas.moment(null=False)


class MergesOut(Given):
    """All of them, the newest first; those taken back are left out."""

    items = schemas.many(MergedOut)


class NearQuery(Asked):
    """Around a point, a contact, or a town of one's contacts."""

    latitude = schemas.ask_number(_l("Latitude, en degrés (WGS 84)"), -90, 90)
    longitude = schemas.ask_number(_l("Longitude, en degrés (WGS 84)"), -180, 180)
    contact = schemas.ask_text(_l("Autour de ce contact (id)"))
    place = schemas.ask_text(_l("Ville ou code postal d'un de vos contacts"))
    km = schemas.ask_number(_l("Distance en km\u202f: 20 si elle manque"), LEAST_KM, MOST_KM)


class NearLineOut(Given):
    """A contact at its nearest address."""

    id = schemas.string()
    display_name = schemas.string(source="name")
    stage = schemas.string()
    address_id = schemas.string()
    address = schemas.string()
    latitude = schemas.degrees(source="point.latitude", null=False)
    longitude = schemas.degrees(source="point.longitude", null=False)
    km = schemas.degrees(_l("À vol d'oiseau"), null=False)


class NearOut(Given):
    """Contacts by distance; `total` counts those beyond the two hundred that are given."""

    items = schemas.many(NearLineOut)
    total = schemas.whole()


class CandidateOut(Given):
    """A place that the geocoder proposes."""

    label = schemas.string()
    latitude = schemas.degrees(source="point.latitude", null=False)
    longitude = schemas.degrees(source="point.longitude", null=False)
    score = schemas.degrees(_l("De 0 à 1"), null=False)


class PlaceOut(Given):
    """Where an address lies."""

    address_id = schemas.string(source="id")
    text = schemas.string(_l("Ce qui est envoyé au géocodeur"))
    state = schemas.string(codes=(*STATES, "WAITING"))
    latitude = schemas.degrees(source="point.latitude")
    longitude = schemas.degrees(source="point.longitude")
    score = schemas.degrees(_l("De 0 à 1"))
    source = schemas.string()
    at = schemas.moment()
    candidates = schemas.many(CandidateOut)


class PlacesOut(Given):
    """The places of a contact's addresses, or those that wait for a person's word."""

    items = schemas.many(PlaceOut)


class PlaceTaken(Taken):
    """Degrees, or the number of a proposal (0 for the first), or nothing: it is asked for again."""

    latitude = schemas.ask_number(_l("Latitude, en degrés (WGS 84)"), -90, 90)
    longitude = schemas.ask_number(_l("Longitude, en degrés (WGS 84)"), -180, 180)
    candidate = schemas.ask_number(_l("Rang de la proposition choisie, depuis 0"), 0, 9)
