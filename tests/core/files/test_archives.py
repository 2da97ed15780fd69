"""PDF/A-3 with files inside, made in the sandboxed process: nothing else gets in, nothing of the moment (NX-06)."""

from __future__ import annotations

import time
from datetime import UTC
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core import pdf

MADE = datetime(2026, 6, 30, 12, tzinfo=UTC)
FILES = (
    pdf.Attached("chiffres.json", "application/json", b'{"total": "1.00"}', "Les chiffres"),
    pdf.Attached("tableur.csv", "text/csv", b"a;b\n", "En tableur", "Alternative"),
)


def page(more: str = "") -> str:
    look = f'{pdf.font_face()} body {{ font-family: "Inter Encours" }}'
    return f'<html lang="fr"><head><title>Essai</title><style>{look}</style>{more}</head><body><h1>Été</h1></body></html>'


def test_an_archive_says_what_it_is_and_what_is_in_it() -> None:
    """NX-06: PDF/A-3, tagged, dated as told, each file with its relation and its bytes; the same again later."""
    made = pdf.archive(page(), FILES, made=MADE)
    time.sleep(1.1)  # a date of the moment would differ
    assert pdf.archive(page(), FILES, made=MADE) == made
    assert pdf.archive(page(), FILES, made=MADE.replace(year=2025)) != made
    reader = PdfReader(BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert {name: found[0] for name, found in reader.attachments.items()} == {one.name: one.data for one in FILES}
    related = {one.get_object()["/UF"]: one.get_object()["/AFRelationship"] for one in root["/AF"]}
    assert related == {"chiffres.json": "/Data", "tableur.csv": "/Alternative"}
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert reader.metadata is not None
    assert reader.metadata.creation_date == MADE


def test_an_archive_fetches_nothing(tmp_path: Path) -> None:
    """Issue 1: neither a file of the machine nor an address gets into it, whatever its page asks for."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret-de-la-machine")
    asks = f'<link rel="attachment" href="file://{secret}"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
    try:
        made = pdf.archive(page(asks), FILES, made=MADE)
    except pdf.PdfError:
        return  # refused whole is as well
    reader = PdfReader(BytesIO(made))
    assert sorted(reader.attachments) == ["chiffres.json", "tableur.csv"]
    assert b"secret-de-la-machine" not in made


def test_a_page_that_never_ends() -> None:
    """Issue 1: a document that takes too long is given up."""
    with pytest.raises(pdf.PdfError) as late:
        pdf.archive(page(), FILES, made=MADE, seconds=0.01)
    assert late.value.late
