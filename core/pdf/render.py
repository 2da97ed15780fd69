"""Asks the sandboxed process for a PDF, for what stands in one, or for a chart, and gives up in time."""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

SECONDS = 30
#: Charts drawn at once by one web process: each takes about 140 MB for half a second.
_DRAWING = BoundedSemaphore(2)
_PROGRAM = Path(__file__).with_name("sandbox.py")


class PdfError(RuntimeError):
    """The document could not be made or read: too long (`late`), too big, or wrong."""

    def __init__(self, text: str, *, late: bool = False) -> None:
        super().__init__(text)
        self.late = late


@dataclass(frozen=True, slots=True)
class Inside:
    """What stands in a PDF: how many pages, the values of its AcroForm's fields, whether it is an XFA form."""

    pages: int
    fields: dict[str, str]
    xfa: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside an archive. `relation` to the pages, as ISO 32000-2, 7.11.3 has it: Data (figures that made them),
    Alternative (the same in another form), Supplement."""

    name: str
    media_type: str
    data: bytes
    about: str
    relation: str = "Data"


def render(html: str, *, forms: bool = False, seconds: float = SECONDS) -> bytes:
    """The PDF of a whole HTML page; with `forms`, its inputs become real AcroForm fields.

    Nothing is fetched but `data:` addresses. One process a document, killed after `seconds`, 1 GiB at most.
    Raises `PdfError`. It takes about a second: never call it inside a write transaction.
    """
    pdf = run(b"F" if forms else b"H", html.encode("utf-8"), seconds)
    if not pdf.startswith(b"%PDF-"):
        raise PdfError("no PDF came back")
    return pdf


def archive(html: str, attached: Sequence[Attached], *, made: datetime, seconds: float = SECONDS) -> bytes:
    """The same as PDF/A-3 (ISO 19005-3, level U, tagged) with files inside. `made` (UTC) is its date: the same page, the same
    files and the same date give the same bytes. Raises `PdfError`.
    """
    order = {
        "html": html, "made": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "files": [
            [one.name, one.media_type, one.about, one.relation, base64.b64encode(one.data).decode()] for one in attached
        ],
    }  # fmt: skip
    pdf = run(b"A", json.dumps(order).encode(), seconds)
    if not pdf.startswith(b"%PDF-"):
        raise PdfError("no PDF came back")
    return pdf


def inspect(data: bytes, *, seconds: float = SECONDS) -> Inside:
    """Read somebody's PDF, in the same bounds: it may be a bomb. Raises `PdfError` where it is no readable PDF."""
    found = json.loads(run(b"I", data, seconds))
    return Inside(int(found["pages"]), dict(found["fields"]), bool(found["xfa"]))


def joined(parts: Sequence[bytes], *, seconds: float = SECONDS) -> bytes:
    """The pages of several PDFs as one; where the first is signed already, it alone, byte for byte. Raises `PdfError`."""
    pdf = run(b"J", json.dumps([base64.b64encode(one).decode() for one in parts]).encode(), seconds)
    if not pdf.startswith(b"%PDF-"):
        raise PdfError("no PDF came back")
    return pdf


@lru_cache(maxsize=128)
def chart(spec: str, *, seconds: float = SECONDS) -> str:
    """A chart's specification (`core.web.charts.Chart.paper`) as SVG; the last ones drawn are kept. Raises `PdfError`."""
    return charts((spec,), seconds=seconds)[0]


def charts(specs: Sequence[str], *, seconds: float = SECONDS) -> list[str]:
    """Several at once: what a drawing costs is the start of its process, paid once here. Raises `PdfError`."""
    if not _DRAWING.acquire(timeout=seconds):
        raise PdfError("other charts are being drawn")
    try:
        found: list[str] = json.loads(run(b"C", json.dumps(list(specs)).encode(), seconds))
    finally:
        _DRAWING.release()
    if len(found) != len(specs) or not all(svg.startswith("<svg") for svg in found):
        raise PdfError("no chart came back")
    return found


def run(order: bytes, payload: bytes, seconds: float) -> bytes:
    """One order to the sandboxed process (`core/pdf/sandbox.py`), and its answer. Raises `PdfError`."""
    # Only what a renderer needs: no secret of the environment gets in there.
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "FONTCONFIG_FILE") if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no argument of anybody's
            [sys.executable, "-I", str(_PROGRAM)],
            input=order + struct.pack(">I", len(payload)) + payload,
            capture_output=True,
            timeout=seconds,
            env=environment,
            cwd=_PROGRAM.parent,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"the document took more than {seconds:g} s", late=True) from None
    if done.returncode != 0:
        raise PdfError(done.stderr.decode("utf-8", "replace")[-500:] or f"exit {done.returncode}")
    return done.stdout
