"""`/contacts`, further on: duplicates, merges, contacts around a place (CT-02, QM-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import channels
from core.contacts import merging
from core.contacts import near
from core.contacts import places
from core.contacts import services
from core.contacts import twins
from core.contacts.geo import Point
from core.db.errors import DomainError
from core.resources import merge_schemas as shapes
from core.resources.contacts import CONTACTS
from core.resources.contacts import READ
from core.resources.contacts import WRITE
from core.rest.operations import Call
from core.web.problems import Fault
from core.web.problems import Problem

MERGE = "contacts:merge"
#: Kilometres where none are asked for.
USUAL = 20.0


@CONTACTS.get(
    "/contacts/duplicates", _l("Lister les doublons possibles"), shapes.DuplicatesOut, asks=shapes.DuplicatesQuery, scope=READ,
    about=_l("Les deux cents paires les plus probables parmi les contacts que voit le titulaire."),
)  # fmt: skip
def duplicates(call: Call) -> Any:
    """As «Doublons»."""
    return twins.of_cabinet(call.session, call.adviser, contact_id=call.asked.get("contact"))


@CONTACTS.post(
    "/contacts/duplicates/apart", _l("Dire que deux contacts ne sont pas des doublons"), shapes.ApartOut, takes=shapes.ApartTaken,
    scope=WRITE,
)  # fmt: skip
def duplicates_apart(call: Call) -> dict[str, Any]:
    """As «Pas des doublons»."""
    first, second, apart = call.taken["first"], call.taken["second"], call.taken.get("apart", True)
    (twins.set_apart if apart else twins.take_apart_back)(call.session, call.adviser, first, second)
    return {"first": first, "second": second, "apart": apart}


@CONTACTS.post(
    "/contacts/{contact_id}/merge/preview", _l("Comparer deux dossiers avant de les fusionner"), shapes.ComparisonOut,
    takes=shapes.MergeTaken, scope=MERGE, about=_l("Rien n'est modifié."),
)  # fmt: skip
def merge_preview(call: Call, contact_id: str) -> Any:
    """Both files, field by field."""
    return merging.compare(call.session, call.adviser, contact_id, call.taken["merged"], _chosen(call))


@CONTACTS.post(
    "/contacts/{contact_id}/merge", _l("Fusionner un contact dans celui-ci"), shapes.MergeOut, takes=shapes.MergeTaken,
    scope=MERGE,
    about=_l(
        "Ce qu'un seul dossier sait est repris\u202f; un champ que les deux disent autrement doit être dans keep ou dans take. "
        "L'adresse du contact fusionné répond ensuite 410 (merged), avec merged_into et location."
    ),
)  # fmt: skip
def merge(call: Call, contact_id: str) -> Any:
    """As «Fusionner»."""
    chosen = _chosen(call)
    try:
        return merging.merge(call.session, call.adviser, contact_id, call.taken["merged"], chosen, once=call.once)
    except DomainError as error:
        if error.status != 422 or error.field is None:
            raise
        open_ones = merging.compare(call.session, call.adviser, contact_id, call.taken["merged"], chosen).undecided
        if not open_ones:
            raise
        raise Problem(
            422, "undecided", "Valeurs à choisir", "Nommez chaque champ en conflit dans keep ou dans take.",
            faults=[Fault(one.name, f"{one.label}\u202f: {one.kept} ou {one.merged}") for one in open_ones],
        ) from error  # fmt: skip


@CONTACTS.get("/contacts/{contact_id}/merges", _l("Lister les fusions d'un dossier"), shapes.MergesOut, scope=READ)
def merges(call: Call, contact_id: str) -> dict[str, Any]:
    """Those that may be taken back."""
    services.get_contact(call.session, call.adviser, contact_id)
    return {"items": merging.past(call.session, call.adviser, contact_id)}


@CONTACTS.post(
    "/contacts/merges/{merge_id}/undo", _l("Défaire une fusion"), shapes.MergeOut, scope=MERGE,
    about=_l("Refusé (409) avec ce qui l'empêche, quand le dossier a trop changé depuis."),
)  # fmt: skip
def merge_undo(call: Call, merge_id: str) -> Any:
    """As «Défaire la fusion»."""
    return merging.undo(call.session, call.adviser, merge_id)


@CONTACTS.get(
    "/contacts/near", _l("Lister les contacts autour d'un lieu"), shapes.NearOut, asks=shapes.NearQuery, scope=READ,
    about=_l("Un point, un contact, ou une ville où habite un de vos contacts. Rien n'est demandé au-dehors."),
)  # fmt: skip
def nearby(call: Call) -> Any:
    """By distance, each contact once."""
    asked = call.asked
    center = None
    if asked.get("contact"):
        services.get_contact(call.session, call.adviser, asked["contact"])
        center = near.of_contact(call.session, call.adviser, asked["contact"])
        missing = "contact"
    elif asked.get("place"):
        found = near.of_town(call.session, call.adviser, asked["place"])
        center, missing = (found[1] if found else None), "place"
    elif "latitude" in asked and "longitude" in asked:
        center, missing = Point(asked["latitude"], asked["longitude"]), "latitude"
    else:
        missing = "latitude"
    if center is None:
        raise DomainError("Indiquez un point, un contact placé sur la carte, ou une ville de vos contacts.", field=missing)
    return near.around(call.session, call.adviser, center, asked.get("km", USUAL))


@CONTACTS.get("/contacts/unplaced", _l("Lister les adresses à placer"), shapes.PlacesOut, scope=READ)
def unplaced(call: Call) -> dict[str, Any]:
    """A hundred at most: those of which the geocoder was not sure."""
    return {"items": places.doubtful(call.session, call.adviser, most=100)}


@CONTACTS.get("/contacts/{contact_id}/places", _l("Lire où se trouvent les adresses d'un contact"), shapes.PlacesOut, scope=READ)
def places_listed(call: Call, contact_id: str) -> dict[str, Any]:
    """The primary one first."""
    services.get_contact(call.session, call.adviser, contact_id)
    return {"items": places.of_contact(call.session, call.adviser, contact_id)}


@CONTACTS.post(
    "/contacts/{contact_id}/channels/{channel_id}/place", _l("Placer une adresse sur la carte"), shapes.PlaceOut,
    takes=shapes.PlaceTaken, scope=WRITE,
)  # fmt: skip
def place(call: Call, contact_id: str, channel_id: str) -> Any:
    """By degrees, by one of the proposals, or by asking again."""
    channels.get(call.session, call.adviser, contact_id, "address", channel_id)
    taken = call.taken
    if "candidate" in taken:
        places.choose(call.session, call.adviser, channel_id, int(taken["candidate"]))
    elif "latitude" in taken and "longitude" in taken:
        places.put(call.session, call.adviser, channel_id, Point(taken["latitude"], taken["longitude"]))
    elif "latitude" in taken or "longitude" in taken:
        raise DomainError("Donnez la latitude et la longitude.", field="longitude" if "latitude" in taken else "latitude")
    else:
        places.again(call.session, call.adviser, channel_id)
    return places.address(call.session, call.adviser, channel_id)


def _chosen(call: Call) -> dict[str, str]:
    lists = (("kept", "keep"), ("merged", "take"), ("both", "join"))
    return {name: code for code, listed in lists for name in call.taken.get(listed) or ()}
