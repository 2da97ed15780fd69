"""From when on a feed that says nothing is an alert: the cabinet's choice (AGG-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import pre_load

from core.api.forms import Form
from core.api.forms import fields
from core.api.settings import Secret


class AggregationSettings(Form):
    """What feeds go by."""

    keeps_blanks = True
    about = _l("Ce qui est lu sans qu'on le demande, et quand un flux dont plus rien n'arrive est signalé.")

    @pre_load
    def _nobody(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        """Nobody's address, typed empty, is nobody: not a fault, as an empty number of days is."""
        return {key: value for key, value in data.items() if key not in ("watch", "nightly") or str(value).strip()}

    watch = fields.email(
        _l("Dossier surveillé, au nom de"), empty="",
        help=_l("Adresse e-mail d'un collaborateur. Le dossier du cabinet est alors lu toutes les dix minutes\u202f: "
                "un fichier est appliqué si tout y est rattaché et sans erreur. Vide\u202f: rien n'est surveillé."),
    )  # fmt: skip
    nightly = fields.email(
        _l("Lecture de nuit, au nom de"), empty="",
        help=_l("Adresse e-mail d'un administrateur. Les partenaires qui transmettent des portefeuilles et le serveur SFTP sont "
                "lus chaque nuit. Vide\u202f: ils ne le sont qu'à la demande, depuis Flux."),
    )  # fmt: skip
    sftp_host = fields.matching(
        _l("Serveur SFTP"), r"^$|^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$",
        _l("Saisissez un nom de serveur seul, par exemple sftp.exemple.fr."), empty="",
        help=_l("Ses nouveaux fichiers sont lus à la demande et chaque nuit, et y restent. Sa clé se confirme depuis Flux. "
                "Vide\u202f: aucun serveur n'est lu."),
    )  # fmt: skip
    sftp_port = fields.whole(
        _l("Port SFTP"), 1, 65535, wrong=_l("Le port va de 1 à 65535."), empty=22,
        invalid=_l("Saisissez un numéro de port, par exemple 22."),
    )  # fmt: skip
    sftp_user = fields.line(_l("Identifiant SFTP"), 100, empty="")
    sftp_password = Secret(_l("Mot de passe SFTP"), help=_l("Chiffré, jamais réaffiché. Inutile avec une clé privée."))
    sftp_key = Secret(
        _l("Clé privée SFTP"), help=_l("Format OpenSSH ou PEM, sans mot de passe. Chiffrée, jamais réaffichée.")
    )  # fmt: skip
    sftp_folder = fields.line(_l("Dossier SFTP"), 300, empty="", help=_l("Vide\u202f: celui où l'on arrive."))
    sftp_pattern = fields.line(
        _l("Fichiers SFTP"), 100, empty="*", help=_l("«\u202f*\u202f» remplace des signes, «\u202f?\u202f» un seul\u202f: *.xml")
    )  # fmt: skip
    stale = fields.whole(
        _l("Alerte de flux silencieux"), 1, 400, wrong=_l("La durée va de 1 à 400 jours."),
        invalid=_l("Saisissez un nombre entier de jours, par exemple 45."), empty=45, suffix=_l("jours"),
        help=_l("Âge des dernières données d'un compte à partir duquel son flux est signalé."),
    )  # fmt: skip
