"""A module that carries messages into a list, or says why it does not: for tests of what core and the statements make of it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from core.hooks.messages import Message
from core.hooks.messages import MessageChannel
from core.hooks.messages import MessageContact
from core.hooks.messages import MessageReceipt
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import Context


class Courier(Plugin):
    """`carried`: key → message, once each, as a server that knows keys would; `asked`: every call; `how`: what a test wants."""

    name, title, version = "coursier", "Coursier", "1.0"
    carried: dict[str, Message] = {}
    asked: list[str] = []
    how: Callable[[Message], MessageReceipt | None] = staticmethod(lambda _message: None)

    @classmethod
    def reset(cls) -> None:
        """As new."""
        cls.carried, cls.asked, cls.how = {}, [], staticmethod(lambda _message: None)

    @hookimpl
    def message_channels(self, ctx: Context, contact: MessageContact) -> Sequence[MessageChannel]:
        return [MessageChannel("email", "E-mail", "EMAIL", one.address) for one in contact.emails[:1]]

    @hookimpl
    def send_message(self, ctx: Context, message: Message) -> MessageReceipt:
        Courier.asked.append(message.key)
        if (said := Courier.how(message)) is not None:
            return said
        Courier.carried.setdefault(message.key, message)
        return MessageReceipt("sent", reference=f"n° {len(Courier.carried)}")
