"""The plugin «facteur»: its table of contents."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import Message
from core.api.types import MessageChannel
from core.api.types import MessageContact
from core.api.types import MessageReceipt
from encours_facteur import post
from encours_facteur.settings import FacteurSettings


class FacteurPlugin(Plugin):
    """Messages by e-mail, through a folder that a mail server watches."""

    name = "facteur"
    title = "Facteur"
    version = "1.0.0"
    api = ">=1.0,<2"
    settings_schema = FacteurSettings
    sends = ("Nom et adresse e-mail du client, objet, texte et pièces jointes de chaque message qu'une personne envoie",)

    @hookimpl
    def message_channels(self, ctx: Context, contact: MessageContact) -> Sequence[MessageChannel]:
        """The contact's usual e-mail address."""
        return [MessageChannel("email", "E-mail", "EMAIL", one.address, post.unset(ctx)) for one in contact.emails[:1]]

    @hookimpl
    def send_message(self, ctx: Context, message: Message) -> MessageReceipt:
        """A file in the folder."""
        return post.drop(ctx, message)
