"""A secret that cannot be opened takes down what needs it, with a page that says whom to tell; the rest goes on (PLP-111)."""

from __future__ import annotations

import logging

from flask import Flask
from flask.typing import ResponseReturnValue

from core.cabinets.vault import VaultError
from core.web.errors import page

_log = logging.getLogger("encours.web")


def install(app: Flask) -> None:
    """Answer for what the vault refuses. The log says which key or row: the operator's affair, not the person's."""

    @app.errorhandler(VaultError)
    def unreadable(error: VaultError) -> ResponseReturnValue:
        _log.error("the vault: %s", error)
        return page(
            503, title="Un secret du cabinet ne peut pas être lu",
            text="Cette page emploie un secret chiffré que cette installation ne sait plus ouvrir. Rien n'est perdu, et le "
            "reste de l'application fonctionne.",
            todo="Donnez cette référence à la personne qui exploite Encours\u202f: le journal technique dit quelle clé manque.",
        )  # fmt: skip
