"""What programs send and get of regulatory documents and their templates."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.conformite.papers import kinds
from plugins.conformite.papers import making
from plugins.conformite.papers import status
from plugins.conformite.papers import templates
from plugins.conformite.papers.forms import SCAN

_KINDS = {one.code: one.label for one in kinds.KINDS.values()}


class LineOut(Given):
    """A document that was made or filed."""

    id = schemas.string()
    state = schemas.string(_l("Statut, calculé"), codes=status.STATES)
    document_id = schemas.string(_l("Id du document tel qu'il a été produit\u202f; vide\u202f: supprimé"))
    shown_id = schemas.string(_l("Id du document à lire\u202f: celui qui est signé, s'il l'est"))
    signature_id = schemas.string(_l("Id de la demande de signature"), null=True)
    template = schemas.string(_l("Version du modèle\u202f: E1 d'Encours, C1 du cabinet\u202f; vide\u202f: déposé"))
    made_on = schemas.day(_l("Produit le"), null=False)
    made_by = schemas.string(_l("Par"))
    signed_on = schemas.day(_l("Signé le"))
    valid_until = schemas.day(_l("Valable jusqu'au\u202f; null\u202f: sans échéance"))


class StandingOut(Given):
    """Where a contact stands with a kind of document."""

    kind = schemas.string(_l("Document"), codes=_KINDS)
    label = schemas.string(_l("Nom du document"))
    state = schemas.string(_l("Statut, calculé"), codes=status.STATES)
    last = schemas.one(LineOut, _l("Le dernier produit ou déposé"), null=True)
    valid = schemas.one(LineOut, _l("Celui qui est signé et vaut"), null=True)
    past = schemas.many(LineOut, _l("Les autres"))


class AskOut(Given):
    """A text that the adviser gives for a document."""

    key = schemas.string()
    label = schemas.string(_l("Texte demandé"))
    needed = schemas.flag(_l("Obligatoire"))
    options = schemas.texts(_l("Réponses possibles\u202f; vide\u202f: un texte libre"))


class PreparationOut(Given):
    """What a document would print today."""

    kind = schemas.string(_l("Document"), codes=_KINDS)
    state = schemas.string(_l("Statut, calculé"), codes=status.STATES)
    template = schemas.string(_l("Version du modèle"))
    asks = schemas.many(AskOut, _l("Textes à donner"))
    missing = schemas.texts(_l("Ce qui sera imprimé «\u202fà compléter\u202f»"))
    notes = schemas.texts(_l("Ce qui ne sera pas repris"))
    before = schemas.string(_l("Document que la loi veut signé avant"), null=True)
    profile_missing = schemas.flag(_l("Aucun profil investisseur\u202f: le document ne peut pas être produit"))


class TextIn(Taken):
    """A text of the adviser's."""

    key = schemas.ask_text(_l("Clé du texte"), missing=_l("Donnez la clé du texte."))
    text = schemas.ask_text(_l("Texte, ou code de la réponse"), making.LONGEST, lines=True, missing=_l("Donnez le texte."))


class PaperNew(Taken):
    """A document to produce."""

    kind = schemas.ask_code(_l("Document"), _KINDS, missing=_l("Dites quel document."))
    texts = plain.List(plain.Nested(TextIn), load_default=list, metadata={"label": _l("Textes demandés")})


class PaperFiled(Taken):
    """A document that was signed by hand."""

    kind = schemas.ask_code(_l("Document"), _KINDS, missing=_l("Dites quel document."))
    on = schemas.ask_day(_l("Signé le"), past=True, missing=_l("Saisissez la date de signature."))
    file = schemas.ask_file(_l("Document signé, numérisé"), SCAN, missing=_l("Joignez le document signé."))


class WordOut(Given):
    """A word that may stand in a template, between braces."""

    key = schemas.string()
    label = schemas.string(_l("Ce qu'il reprend"))


class TemplateOut(Given):
    """A version of a template."""

    kind = schemas.string(_l("Document"), codes=_KINDS)
    version = schemas.string(_l("E1\u202f: d'Encours\u202f; C1\u202f: du cabinet"), source="ref")
    title = schemas.string(_l("Titre du document"))
    text = schemas.string(_l("Texte"))
    published_on = schemas.day(_l("Depuis le"), null=False)
    made_by = schemas.string(_l("Écrit par"))
    why = schemas.string(_l("Ce qui a changé"))
    sources = schemas.texts(_l("Textes suivis"))
    in_force = schemas.flag(_l("En vigueur"))
    words = schemas.many(WordOut, _l("Champs permis"))


class TemplateQuery(Asked):
    """Which templates."""

    kind = schemas.ask_code(_l("Document\u202f; tous par défaut"), _KINDS)


class TemplateNew(Taken):
    """A new version of the cabinet's own."""

    kind = schemas.ask_code(_l("Document"), _KINDS, missing=_l("Dites quel document."))
    title = schemas.ask_text(_l("Titre du document"), 120, missing=_l("Donnez un titre au document."))
    text = schemas.ask_text(_l("Texte"), templates.LONGEST, lines=True, missing=_l("Écrivez le texte du document."))
    why = schemas.ask_text(_l("Ce qui change"), 300)


def standing_out(one: status.Standing) -> dict[str, Any]:
    """A kind as programs get it."""
    return {
        "kind": one.kind, "label": one.label, "state": one.state, "last": line_out(one.last), "valid": line_out(one.valid),
        "past": [line_out(line) for line in one.past],
    }  # fmt: skip


def line_out(one: status.Line | None) -> dict[str, Any] | None:
    """A document as programs get it."""
    if one is None:
        return None
    names = ("id", "state", "document_id", "shown_id", "template", "made_on", "made_by", "signed_on", "valid_until")
    return {**{name: getattr(one, name) for name in names}, "signature_id": one.request.id if one.request else None}
