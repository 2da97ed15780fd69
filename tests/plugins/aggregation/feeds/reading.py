"""Files of these tests as the product reads them: by the surest format, records taken by `core.api.feeds`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from core.api import feeds
from plugins.aggregation.formats.registry import FORMATS

FILES = Path(__file__).parent / "files"
T = TypeVar("T")


def file_of(data: bytes, name: str) -> feeds.FeedFile:
    """Bytes as a deposited file."""
    return feeds.FeedFile(name, len(data), lambda: io.BytesIO(data))


def told(data: bytes | Path, name: str = "") -> list[feeds.FeedRecord]:
    """All records of a file."""
    if isinstance(data, Path):
        data, name = data.read_bytes(), data.name
    file = file_of(data, name)
    return list(feeds.records(feeds.best(FORMATS, file), file))


def only(records: Sequence[feeds.FeedRecord], kind: type[T]) -> list[T]:
    """The records of one type."""
    return [one for one in records if isinstance(one, kind)]


def refusal(data: bytes | Path, name: str = "") -> feeds.FeedRefused:
    """What a file is refused with; fails where it is read."""
    try:
        told(data, name)
    except feeds.FeedRefused as error:
        return error
    raise AssertionError("the file was read")
