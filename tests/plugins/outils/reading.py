"""A page's text as a test reads it."""

from __future__ import annotations

from html import unescape

from flask.testing import FlaskClient


def shown(client: FlaskClient, path: str, status: int = 200) -> str:
    """The page at an address, which answers so."""
    answer = client.get(path)
    assert answer.status_code == status
    return plain(answer.get_data(as_text=True))


def plain(text: str) -> str:
    """Entities undone, blanks that do not break as any other."""
    return unescape(text).replace("\u202f", " ").replace("\xa0", " ")
