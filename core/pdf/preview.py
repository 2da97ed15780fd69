"""A deposited document as people look at it: its pages as images, their text; asked of the sandboxed process.

The document is somebody's: it may be broken, locked, or a bomb. Each answer has an end in time, memory and pixels, and
two at most are made at once in a web process, so that a heavy file never takes the threads of all.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Literal

from core.pdf.render import PdfError
from core.pdf.render import run

#: Seconds for one answer; people wait for it.
SECONDS = 8.0
#: Seconds to wait for one's turn.
TURN = 6.0
#: Widths of page images, in pixels: for the screen, for zoom and print.
WIDTHS = (900, 1800)
#: Why a document cannot be shown; «late»: it took too long.
Problem = Literal["", "encrypted", "broken", "late"]
_TURNS = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size in points, its text."""

    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What is shown of a document. `total` counts the pages that are left out too."""

    total: int
    sheets: tuple[Sheet, ...]
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG for paper, with its size in pixels, and a light PNG or WebP for the screen."""

    paper: bytes
    screen: bytes
    width: int
    height: int


def overview(data: bytes, *, seconds: float = SECONDS) -> Overview:
    """The pages of a PDF, PNG or JPEG. A document that cannot be shown is not an error: `problem` says why."""
    try:
        found = json.loads(_answer(b"S", data, seconds))
    except PdfError as error:
        return Overview(0, (), "late" if error.late else "broken")
    return Overview(found["total"], tuple(Sheet(*one) for one in found["sheets"]), found["problem"])


def office_text(data: bytes, *, seconds: float = SECONDS) -> tuple[str, Problem]:
    """What an office file says, and why that is not known."""
    try:
        found = json.loads(_answer(b"T", data, seconds))
    except PdfError as error:
        return "", "late" if error.late else "broken"
    return found["text"], found["problem"]


def page_image(data: bytes, number: int, width: int, *, seconds: float = SECONDS) -> bytes:
    """One page (from 1) as a PNG, `width` pixels wide at most. Raises `PdfError`, `ValueError` for a width not offered."""
    if width not in WIDTHS:
        raise ValueError("not one of our widths")
    image = _answer(b"P", struct.pack(">II", number, width) + data, seconds)
    if not image.startswith(b"\x89PNG"):
        raise PdfError("no image came back")
    return image


def portrait(data: bytes, *, seconds: float = SECONDS) -> bytes:
    """A PNG or JPEG made anew as a small square JPEG, without what a camera writes beside the picture. Raises `PdfError`."""
    image = _answer(b"V", data, seconds)
    if not image.startswith(b"\xff\xd8\xff"):
        raise PdfError("no image came back")
    return image


def logo(data: bytes, *, seconds: float = SECONDS) -> Logo:
    """A PNG, JPEG or SVG drawn anew, without its empty margins. Raises `PdfError`, and `ValueError` for a picture of which
    nothing would be seen (empty, too small, far too long)."""
    answer = _answer(b"L", data, seconds)
    if answer.startswith(b"?"):
        raise ValueError(answer[1:].decode())
    length = struct.unpack(">I", answer[:4])[0]
    paper, screen = answer[4 : 4 + length], answer[4 + length :]
    if not paper.startswith(b"\x89PNG") or not screen.startswith((b"\x89PNG", b"RIFF")):
        raise PdfError("no image came back")
    width, height = struct.unpack(">II", paper[16:24])
    return Logo(paper, screen, width, height)


def _answer(order: bytes, payload: bytes, seconds: float) -> bytes:
    if not _TURNS.acquire(timeout=TURN):
        raise PdfError("other documents are being drawn", late=True)
    try:
        return run(order, payload, seconds)
    finally:
        _TURNS.release()
