"""A document on screen: pages as images, text beside them, for whoever may read its owner; no file hangs a thread."""

from __future__ import annotations

import io
import time
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from pypdf import PdfWriter

from core import pdf
from core.config import Config
from core.documents import previews
from core.documents import services as documents
from core.extensions import db
from core.pdf import preview
from tests.conftest import People
from tests.conftest import sign_in

PAGES = "<body><h1>Avis d'imposition</h1><p>Éléonore</p><p style='page-break-before: always'>Deuxième page</p></body>"


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    return pdf.render(PAGES)


def kept(people: People, data: bytes, *, kind: str = "cabinet", media_type: str = "application/pdf") -> str:
    """A document of the cabinet; its id."""
    with db.session(people.cabinet_id) as session:
        made = documents.store(
            session, owner_kind=kind, owner_id="1", category="Essai", title="Avis 2026", filename="avis.pdf", data=data,
            media_type=media_type, created_by=None,
        )  # fmt: skip
        return made.id


def locked(data: bytes) -> bytes:
    """The same under a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height), 1).save(out, kind)
    return out.getvalue()


def test_pages_and_their_text(people: People, administrator: FlaskClient, two_pages: bytes) -> None:
    """Each page has its image, later ones are loaded when scrolled to; its text is there to be read aloud and copied."""
    address = f"/documents/{kept(people, two_pages)}"
    page = administrator.get(f"{address}?zoom=150&next=/notifications").get_data(as_text=True)
    for part in ("Avis d&#39;imposition", "Deuxième page", "Page 2 sur 2", 'loading="lazy"', 'href="/notifications"',
                 f"{address}/fichier", f"{address}/pages/2.png?largeur=1800", 'data-zoom="150"'):  # fmt: skip
        assert part in page, part
    answer = administrator.get(f"{address}/pages/1.png?largeur=900")
    assert answer.mimetype == "image/png"
    assert "private" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size[0] == 900
    again = administrator.get(f"{address}/pages/1.png?largeur=900", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for wrong in ("pages/3.png", "pages/0.png", "pages/10000.png", f"pages/{2**63 - 1}.png", "pages/1.png?largeur=90000"):
        assert administrator.get(f"{address}/{wrong}").status_code == 404
    file = administrator.get(f"{address}/fichier")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_only_who_reads_its_owner(app: Flask, people: People, strangers: People, two_pages: bytes) -> None:
    """The owner's rule on every address; a kind of owner without a rule is closed to all; another cabinet finds nothing."""
    ours, nobodys = kept(people, two_pages), kept(people, two_pages, kind="inconnu")
    seen_by = {"administrateur@demo.example": 200, "conseiller@demo.example": 200, "administrateur@second.example": 404}
    for email, seen in seen_by.items():
        client = app.test_client()
        sign_in(client, email)
        for path in ("", "/pages/1.png", "/fichier"):
            assert client.get(f"/documents/{ours}{path}").status_code == seen, (email, path)
            assert client.get(f"/documents/{nobodys}{path}").status_code == 404


@pytest.mark.parametrize(
    ("how", "said"),
    [("locked", "protégé par un mot de passe"), ("broken", "illisible"), ("empty", "illisible"), ("picture", "illisible")],
)
def test_what_cannot_be_shown_says_why(people: People, administrator: FlaskClient, two_pages: bytes, how: str, said: str) -> None:
    """A locked or broken file, a picture that is a bomb: the reason, and the file itself to download."""
    data = {"locked": locked(two_pages), "broken": b"%PDF-1.7\nrien", "empty": b"%PDF-", "picture": picture(20000, 20000)}[how]
    address = f"/documents/{kept(people, data, media_type='image/png' if how == 'picture' else 'application/pdf')}"
    answer = administrator.get(address)
    assert answer.status_code == 200
    assert said in answer.get_data(as_text=True)
    assert f"{address}/fichier" in answer.get_data(as_text=True)
    assert administrator.get(f"{address}/pages/1.png").status_code == 404


def test_a_picture_is_a_page(people: People, administrator: FlaskClient) -> None:
    """A scan in JPEG is shown as a page; what is sent is drawn anew, never the file itself."""
    address = f"/documents/{kept(people, picture(3000, 1500, 'JPEG'), media_type='image/jpeg')}"
    assert "1 page" in administrator.get(address).get_data(as_text=True)
    answer = administrator.get(f"{address}/pages/1.png")
    assert (answer.mimetype, Image.open(io.BytesIO(answer.data)).size) == ("image/png", (900, 450))


def test_another_kind_is_downloaded_only(people: People, administrator: FlaskClient) -> None:
    """What has no preview says so; HTML that somebody deposits is never a page of ours."""
    address = f"/documents/{kept(people, b'<script>alert(1)</script>', media_type='text/html')}"
    assert "ne s'affiche pas ici" in unescape(administrator.get(address).get_data(as_text=True))
    assert administrator.get(f"{address}/fichier").headers["Content-Disposition"].startswith("attachment")


def test_a_page_of_a_kilometre_has_a_bounded_image() -> None:
    """The pixels of an image do not depend on what the page says of itself."""
    writer = PdfWriter()
    writer.add_blank_page(14000, 14000)
    writer.add_blank_page(10, 14000)
    out = io.BytesIO()
    writer.write(out)
    for number in (1, 2):
        width, height = Image.open(io.BytesIO(pdf.page_image(out.getvalue(), number, 1800))).size
        assert width * height <= 6_100_000, (width, height)
        assert width <= 1800


def test_a_bomb_is_given_up(
    monkeypatch: pytest.MonkeyPatch, people: People, administrator: FlaskClient, two_pages: bytes
) -> None:
    """Too long: the process is killed, the page says so; a file that waits for its turn too long says it as well."""
    monkeypatch.setattr(preview.overview, "__kwdefaults__", {"seconds": 0.001})
    address = f"/documents/{kept(people, two_pages)}"
    assert "a pris trop de temps" in administrator.get(address).get_data(as_text=True)
    monkeypatch.setattr(preview, "TURN", 0.01)
    assert all(preview._TURNS.acquire(blocking=False) for _ in range(2))
    try:
        began = time.monotonic()
        assert administrator.get(f"{address}/pages/1.png").status_code == 503
        assert time.monotonic() - began < 5
    finally:
        preview._TURNS.release(2)


def test_it_is_drawn_once(
    config: Config, people: People, administrator: FlaskClient, two_pages: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image of a page is kept in the cabinet's own folder, and so is the answer that it cannot be drawn."""
    good, bad = kept(people, two_pages), kept(people, b"%PDF-1.7\nrien")
    assert administrator.get(f"/documents/{good}/pages/1.png").status_code == 200
    assert administrator.get(f"/documents/{bad}/pages/1.png").status_code == 404
    assert list((Path(config.var_dir) / "previews" / str(people.cabinet_id)).rglob("1-900.png"))
    monkeypatch.setattr(previews.pdf, "page_image", lambda *_a, **_k: pytest.fail("drawn again"))
    assert administrator.get(f"/documents/{good}/pages/1.png").status_code == 200
    assert administrator.get(f"/documents/{bad}/pages/1.png").status_code == 404
