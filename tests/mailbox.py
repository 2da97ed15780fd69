"""A mail server on this machine that keeps what it takes, and answers as it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller

from tests.stage import free_port


class Box:
    """What it took; `answer`: of its next mails."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer = "250 OK"
        self.port = free_port()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
        return self.answer


@contextmanager
def opened() -> Iterator[Box]:
    """A server for the time of a block."""
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def content(mail: Message) -> str:
    """What a mail says."""
    data = mail.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def link_of(mail: Message) -> str:
    """The link that a mail carries."""
    found = re.search(r"https?://\S+", content(mail))
    assert found is not None
    return found.group(0)


def path_of(mail: Message) -> str:
    """The same without the host: the test client keeps a cookie for each."""
    parts = urlsplit(link_of(mail))
    return f"{parts.path}?{parts.query}"
