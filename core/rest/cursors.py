"""Cursors of pages: where the next one begins, signed, and bound to who asks for what.

Keyset: a cursor holds the keys of the last line that was given, so that what is added or removed meanwhile neither
doubles nor hides another line. It is good for its own list, filters and person; another's is refused, as is a forged one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData
from itsdangerous import URLSafeSerializer

from core import config
from core.web.problems import Problem


def made(keys: tuple[Any, ...], bound: str) -> str:
    """The cursor of the page after the line that has these keys."""
    text = _serializer(bound).dumps(list(keys))
    return text if isinstance(text, str) else text.decode()


def read(text: str, bound: str) -> tuple[Any, ...]:
    """The keys. Raises `Problem` (400) for a cursor that was not made here, for this."""
    try:
        found = _serializer(bound).loads(text)
    except BadData as error:
        raise Problem(
            400, "cursor-invalid", "Curseur refusé",
            "Ce curseur n'a pas été donné pour cette liste, ces filtres et ce jeton\u202f: reprenez à la première page.",
        ) from error  # fmt: skip
    return tuple(found)


def bound_to(operation: str, cabinet_id: int, user_id: str, asked: Mapping[str, Any]) -> str:
    """What a cursor is good for."""
    named = json.dumps([operation, cabinet_id, user_id, sorted((key, str(one)) for key, one in asked.items())])
    return hashlib.sha256(named.encode()).hexdigest()


def _serializer(bound: str) -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt=f"api.cursor.{bound}")
