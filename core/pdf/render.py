"""Asks the sandboxed process for a PDF, and gives up in time."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

SECONDS = 30
_ROOT = Path(__file__).resolve().parents[2]


class PdfError(RuntimeError):
    """The document could not be made: too long, too big, or the HTML is wrong."""


def render(html: str, *, forms: bool = False, seconds: float = SECONDS) -> bytes:
    """The PDF of a whole HTML page; with `forms`, its inputs become real AcroForm fields.

    Nothing is fetched but `data:` addresses. One process a document, killed after `seconds`, 1 GiB at most.
    Raises `PdfError`.
    """
    payload = html.encode("utf-8")
    request = struct.pack(">?I", forms, len(payload)) + payload
    # Only what a renderer needs: no secret of the environment gets in there.
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "FONTCONFIG_FILE") if key in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).with_name("sandbox.py"))],
            input=request,
            capture_output=True,
            timeout=seconds,
            env=environment,
            cwd=_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"the document took more than {seconds:g} s") from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise PdfError(done.stderr.decode("utf-8", "replace")[-500:] or f"exit {done.returncode}")
    return done.stdout
