"""Whether, and whom, the cabinet lets ask where its contacts' addresses lie (QM-01)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import validates

from core.api import contacts
from core.api.db import DomainError
from core.api.forms import Form
from core.api.forms import fields


class ContactsSettings(Form):
    """Off unless the cabinet wants it: addresses of clients go out of the house."""

    keeps_blanks = True
    about = _l(
        "Pour trouver les contacts autour d'un lieu, Encours a besoin de la position de leurs adresses. Si le cabinet "
        "l'accepte, le serveur envoie au géocodeur ci-dessous le texte des adresses postales (rue, code postal, ville, "
        "pays), et rien d'autre\u202f: ni nom, ni numéro de dossier, ni coordonnée bancaire ou téléphonique. Le géocodeur "
        "proposé est celui de la Géoplateforme de l'IGN, service public français. Sans cet accord rien ne sort, et une "
        "adresse peut être placée à la main."
    )

    geocode = fields.flag(_l("Envoyer les adresses postales au géocodeur"))
    geocoder = fields.line(
        _l("Adresse du géocodeur"), 300, empty=contacts.geocoder.USUAL, scopes=("installation", "cabinet"),
        help=_l("Un service qui répond comme la Géoplateforme, en https\u202f: le vôtre, si vous en hébergez un."),
    )

    @validates("geocoder")
    def _checked(self, value: str, **_more: object) -> None:
        try:
            contacts.geocoder.checked_url(value)
        except DomainError as error:
            raise ValidationError(error.text) from error
