"""Scans are found by what stands on them, where the server has the programs; where it has not, that is said (AU-03)."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFont
from sqlalchemy import select

from core.cli.worker import run_due
from core.documents import finding
from core.documents import reading
from core.documents import recognising
from core.documents import services
from core.documents.models import Document
from core.documents.uploads import Sent
from core.extensions import db
from core.jobs.models import Job
from core.pdf import ocr
from tests.conftest import person
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import filed
from tests.plugins.ged.test_pages import plain

LINES = ("ATTESTATION DE PROPRIÉTÉ", "Les bénéficiaires désignés reçoivent les intérêts échus.", "Nîmes, le 3 février 2026")
needs_programs = pytest.mark.skipif(not ocr.available(), reason="ocrmypdf and tesseract-ocr-fra are not installed")


def scan(kind: str = "PDF", lines: tuple[str, ...] = LINES) -> bytes:
    """A page of an office scanner: a picture of 200 dots an inch, without a letter of text in the file."""
    page = Image.new("L", (1654, 2339), 255)
    drawn, font = ImageDraw.Draw(page), ImageFont.truetype("DejaVuSans.ttf", 44)
    for place, line in enumerate(lines):
        drawn.text((150, 200 + place * 120), line, font=font, fill=0)
    out = io.BytesIO()
    page.save(out, kind, **({"resolution": 200} if kind == "PDF" else {"dpi": (200, 200)}))
    return out.getvalue()


def found(home: Home, words: str) -> int:
    with db.session(home.cabinet_id, write=False) as session:
        return finding.page(session, person(session, home.adviser), finding.Wanted(words)).total


def state(home: Home, document_id: str) -> str | None:
    with db.session(home.cabinet_id, write=False) as session:
        return finding.text_state(session, document_id)


def recognised(home: Home) -> None:
    recognising.ask_waiting(home.cabinet_id)
    recognising.ask_waiting(home.cabinet_id)  # those that wait in the queue are there once
    run_due()


@needs_programs
@pytest.mark.parametrize(("kind", "media_type"), [("PDF", "application/pdf"), ("PNG", "image/png")])
def test_a_scanned_page_is_found_by_its_words(home: Home, adviser: FlaskClient, kind: str, media_type: str) -> None:
    """AU-03: with and without accents, in the plural and the singular; the kept file is the one that was sent."""
    data = scan(kind)
    made = filed(home, Sent(f"piece.{kind.lower()}", media_type, data), title="Pièce 12")
    page = f"/p/ged/contacts/{home.jeanne}/documents/{made}"
    assert state(home, made) == ("scan" if kind == "PDF" else "none")
    assert "Reconnaissance de caractères en attente" in plain(adviser.get(page))
    assert found(home, "bénéficiaire") == 0
    recognised(home)
    assert state(home, made) == "ocr"
    assert "Texte lu (reconnaissance de caractères)" in plain(adviser.get(page))
    for words in ("bénéficiaires", "beneficiaire", "intérêt échu", "interets echus", "propriete", "nimes fevrier"):
        assert found(home, words) == 1, words
    assert "<mark>bénéficiaires</mark>" in adviser.get("/p/ged/recherche?q=beneficiaire").get_data(as_text=True)
    with db.session(home.cabinet_id, write=False) as session:
        row = session.scalars(select(Document).where(Document.id == made)).one()
        assert services.read(session, row) == data


@needs_programs
def test_what_cannot_be_made_out_is_tried_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """AU-03: a page without letters, a file that the programs refuse, one that takes too long: said, and not tried again."""
    empty = filed(home, Sent("vide.pdf", "application/pdf", scan(lines=())), title="Page vide")
    recognised(home)
    assert state(home, empty) == "unclear"
    asked: list[str] = []
    monkeypatch.setattr(ocr, "letters", lambda *_given, **_more: asked.append("x"))
    recognised(home)
    assert asked == []
    monkeypatch.undo()
    late = filed(home, Sent("long.pdf", "application/pdf", scan()), title="Trop long")
    monkeypatch.setattr(ocr, "_run", lambda *_given: "late")
    recognised(home)
    assert state(home, late) == "late"


@needs_programs
def test_the_programs_end_with_their_time(tmp_path: object) -> None:
    """AU-03: what the programs started ends with them; broken bytes are no error."""
    assert ocr.letters(scan(), "application/pdf", seconds=0.3) == ocr.Letters("", "late")
    assert ocr.letters(b"%PDF-1.7 rien", "application/pdf") == ocr.Letters("", "broken")
    with pytest.raises(ValueError, match="text/plain"):
        ocr.letters(b"x", "text/plain")


def test_without_the_programs_the_page_says_so(home: Home, adviser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """AU-03: nothing is queued, nothing is tried; the scan's page says what the server lacks; they are read once it has them."""
    monkeypatch.setenv("PATH", "/nowhere")
    ocr.available.cache_clear()
    try:
        made = filed(home, Sent("piece.pdf", "application/pdf", scan()), title="Pièce 12")
        recognising.ask_waiting(home.cabinet_id)
        with db.session(None, write=False) as session:
            assert session.scalars(select(Job).where(Job.kind == recognising.JOB)).all() == []
        recognising.recognise(home.cabinet_id, {"document": made})
        assert state(home, made) == "scan"
        said = plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents/{made}"))
        assert "n'est pas installée sur ce serveur" in said
    finally:
        ocr.available.cache_clear()


def test_reading_again_changes_nothing(home: Home) -> None:
    """AU-03: what the OCR found is not read over by the reading of texts."""
    made = filed(home, Sent("piece.pdf", "application/pdf", scan()), title="Pièce 12")
    reading.read_one(home.cabinet_id, made)
    assert state(home, made) == "scan"
