"""Feeds as programs read and send them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.aggregation.pipeline.forms import RULE
from plugins.aggregation.pipeline.models import LINKS
from plugins.aggregation.pipeline.models import SOURCES
from plugins.aggregation.pipeline.models import STATES
from plugins.aggregation.pipeline.models import STEPS


class FileOut(Given):
    """A file of a feed."""

    id = schemas.string()
    name = schemas.string(_l("Nom du fichier"))
    sha256 = schemas.string(_l("Empreinte SHA-256 du fichier gardé"))
    size = schemas.whole(_l("Taille, en octets"))
    source = schemas.string(_l("Module qui l'a lu chez un partenaire\u202f; vide pour un fichier déposé"))
    format = schemas.string(_l("Format reconnu"))
    state = schemas.string(_l("État"), codes=STATES)
    trouble = schemas.string(_l("Pourquoi il est refusé, ou s'est arrêté"))
    received_at = schemas.moment(_l("Reçu le"), null=False)
    applied_at = schemas.moment(_l("Appliqué le"))


class SourceOut(Given):
    """A partner whose portfolios are read, or the cabinet's SFTP server."""

    plugin = schemas.string(_l("Module du partenaire\u202f; «\u202faggregation\u202f»\u202f: le serveur SFTP du cabinet"))
    title = schemas.string(_l("Partenaire ou serveur"))
    state = schemas.string(_l("Où en est sa lecture"), codes=SOURCES)
    asked_at = schemas.moment(_l("Demandé le"))
    answered_at = schemas.moment(_l("Lu en entier le"))
    on = schemas.day(_l("Jour des valeurs"))
    trouble = schemas.string(_l("Pourquoi la lecture s'est arrêtée"))
    remedy = schemas.string(_l("Ce qu'il faut faire"))
    waiting = schemas.whole(_l("Comptes à rattacher"))
    offered = schemas.string(_l("Empreinte de la clé du serveur à confirmer\u202f; vide\u202f: aucune"))


class KeyIn(Taken):
    """The key that was compared."""

    fingerprint = schemas.ask_text(
        _l("Empreinte de la clé, comme la source la donne"), missing=_l("Donnez l'empreinte de la clé à confirmer.")
    )


class FileNew(Taken):
    """A file, as a form of parts."""

    file = schemas.ask_file(
        _l("Fichier OFX, camt, CFONB 120 ou relevé en texte"), RULE, missing=_l("Joignez le fichier à déposer.")
    )


class LineOut(Given):
    """What is held of a support."""

    label = schemas.string(_l("Support"))
    value = schemas.money(_l("Valeur"))
    at = schemas.string(_l("Place dans le fichier"))


class DayOut(Given):
    """What an account is worth and holds on a day."""

    on = schemas.day(_l("Jour"), null=False)
    value = schemas.money(_l("Valeur du compte"))
    before = schemas.money(_l("Valeur qui était connue de ce jour\u202f; null\u202f: aucune"))
    at = schemas.string(_l("Place dans le fichier"))
    lines = schemas.many(LineOut, _l("Lignes, les premières"))
    count = schemas.whole(_l("Nombre de lignes"))


class MoveOut(Given):
    """A new movement."""

    on = schemas.day(_l("Jour"), null=False)
    label = schemas.string(_l("Libellé"))
    amount = schemas.money(_l("Montant"))
    currency = schemas.string(_l("Devise"))
    at = schemas.string(_l("Place dans le fichier"))


class FeedAccountOut(Given):
    """An account as its source names it."""

    id = schemas.string()
    number = schemas.string(_l("Numéro, comme la source l'écrit"))
    label = schemas.string(_l("Intitulé"))
    company = schemas.string(_l("Compagnie"))
    currency = schemas.string(_l("Devise"))
    state = schemas.string(_l("Où il en est"), codes=LINKS)
    account_id = schemas.string(_l("Le compte auquel il est rattaché"), null=True)


class StepOut(Given):
    """What a file tells of one account."""

    id = schemas.string()
    state = schemas.string(_l("Prévu, écrit ou repris"), codes=STEPS)
    why = schemas.string(_l("Pourquoi il n'a pas pu être écrit"))
    account = schemas.one(FeedAccountOut)
    currency = schemas.string(_l("Devise"))
    days = schemas.many(DayOut, _l("Jours"))
    movements = schemas.many(MoveOut, _l("Mouvements nouveaux, les premiers"), source="moves")
    left = schemas.texts(_l("Ce qui est laissé de côté, et pourquoi"))


class CandidateOut(Given):
    """One of our accounts that it may be."""

    account_id = schemas.string()
    label = schemas.string(_l("Compte"))
    score = schemas.whole(_l("Vraisemblance, de 0 à 100"))
    why = schemas.texts(_l("Ce qui parle pour lui"))


class SuggestedOut(FeedAccountOut):
    """An account of a source, with those of ours that it may be."""

    candidates = schemas.many(CandidateOut, _l("Comptes vraisemblables"))


class AttachIn(Taken):
    """Which account it is."""

    account_id = schemas.ask_text(_l("Id du compte"), missing=_l("Donnez l'id du compte."))


class CreateIn(Taken):
    """A new account for it."""

    contact_id = schemas.ask_text(_l("Id du titulaire"), missing=_l("Donnez l'id du titulaire."))
    envelope = schemas.ask_code(_l("Enveloppe"), tuple(accounts.ENVELOPES), missing=_l("Donnez l'enveloppe."))


class OriginOut(Given):
    """What a file wrote of an account."""

    file_id = schemas.string(_l("Fichier"))
    file = schemas.string(_l("Nom du fichier"))
    sha256 = schemas.string(_l("Empreinte"))
    format = schemas.string(_l("Format"))
    applied_at = schemas.moment(_l("Appliqué le"))
    days = schemas.many(DayOut, _l("Jours"))
    movements = schemas.whole(_l("Mouvements"))
