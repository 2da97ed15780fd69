"""The letters of pages that are pictures, by OCRmyPDF and Tesseract, where the server has them with French.

They are programs of the system (`apt install ocrmypdf tesseract-ocr-fra`), not of the lock: without them nothing is read,
and that is said. The file may be a bomb: it is read in a folder of its own, by processes whose time, memory, pages, pixels
and written bytes have an end; only their text is taken back.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

LANGUAGE = "fra"
#: What is read of a document: its first pages, each of fewer pixels than an A3 sheet at 600 dots an inch.
PAGES, MEGAPIXELS = 60, 70
#: Seconds of a whole document and of a page; bytes of memory and of files that each process may have.
SECONDS, PAGE_SECONDS, MEMORY, WRITTEN = 600.0, 60, 2 * 1024**3, 512 * 1024**2
#: Dots an inch of pictures that do not say theirs.
DPI = 200
_PROGRAMS = ("ocrmypdf", "tesseract", "prlimit")
_SKIPPED = re.compile(r"\[OCR skipped on page\(s\) [\d, -]+\]")
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Letters:
    """What was made out. `problem`: «late» where it took too long, «broken» where the programs gave up."""

    text: str
    problem: Literal["", "late", "broken"] = ""


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether the server has the programs and their French; asked once a process."""
    if not all(shutil.which(one) for one in _PROGRAMS):
        return False
    try:
        done = subprocess.run(
            ["tesseract", "--list-langs"],  # noqa: S607 - found on the path of the server's own programs
            capture_output=True, timeout=20, check=False, text=True, env=_environment(),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return LANGUAGE in done.stdout.split()


def letters(data: bytes, media_type: str, *, seconds: float = SECONDS) -> Letters:
    """The text of a PDF's pages, or of a picture. Raises ValueError for another type."""
    ending = ENDINGS.get(media_type)
    if ending is None:
        raise ValueError(f"no letters are looked for in {media_type}")
    with tempfile.TemporaryDirectory(prefix="encours-ocr-") as folder:
        source, sidecar = Path(folder) / f"source{ending}", Path(folder) / "text.txt"
        source.write_bytes(data)
        problem = _run(_command(source, sidecar), folder, seconds)
        if problem or not sidecar.is_file():
            return Letters("", problem or "broken")
        return Letters(_SKIPPED.sub("", sidecar.read_text("utf-8", "replace")).replace("\0", "").replace("\f", "\n").strip())


def _command(source: Path, sidecar: Path) -> list[str]:
    bounds = ["prlimit", f"--as={MEMORY}", f"--cpu={int(SECONDS)}", f"--fsize={WRITTEN}", "--core=0"]
    picture = ["--image-dpi", str(DPI)] if source.suffix != ".pdf" else ["--force-ocr", "--pages", f"1-{PAGES}"]
    return [
        *bounds, "ocrmypdf", "--quiet", "--language", LANGUAGE, "--jobs", "1", "--rotate-pages", "--output-type", "none",
        "--tesseract-timeout", str(PAGE_SECONDS), "--max-image-mpixels", str(MEGAPIXELS), "--skip-big", str(MEGAPIXELS),
        *picture, "--sidecar", str(sidecar), str(source), "-",
    ]  # fmt: skip


def _run(command: list[str], folder: str, seconds: float) -> Literal["", "late", "broken"]:
    """Run it as a group of its own, so that what it started ends with it."""
    program = subprocess.Popen(  # noqa: S603 - our own arguments: the document is a file beside
        command, cwd=folder, env={**_environment(), "TMPDIR": folder, "HOME": folder, "OMP_THREAD_LIMIT": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return "" if program.wait(seconds) == 0 else "broken"
    except subprocess.TimeoutExpired:
        return "late"
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def _environment() -> dict[str, str]:
    """Only what the programs need: no secret of the environment gets in there."""
    return {key: os.environ[key] for key in ("PATH", "LANG", "TESSDATA_PREFIX") if key in os.environ}
