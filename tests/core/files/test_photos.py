"""The photo of a person of the cabinet: made anew, seen by colleagues, taken away (US-01)."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.cabinets.models import AuditEntry
from core.cabinets.models import User
from core.cabinets.models import UserPhoto
from core.documents.models import Upload
from core.extensions import db
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in

PAGE, FILE = "/mon-compte/fiche/photo", "/mon-compte/fiche"


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 900), **more: object) -> bytes:
    """Red above, blue below; of another look where `more` says so."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (0, size[1] // 2, size[0], size[1]))
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def send(client: FlaskClient, data: bytes, name: str = "moi.jpg", **form: str) -> TestResponse:
    """As a page without scripts does: the file comes with the form."""
    return client.post(PAGE, data={"csrf_token": csrf(client, PAGE), "photo": (io.BytesIO(data), name), **form})


def photo_of(people: People) -> bytes | None:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalar(select(UserPhoto.image).where(UserPhoto.user_id == people.adviser))


def test_a_photo_is_made_anew_and_shown(adviser: FlaskClient, people: People) -> None:
    """US-01: a square of 256 pixels, without place or device; in the menu, on the file, beside the name; in the journal."""
    exif = Image.Exif()
    exif[0x010F] = "Appareil secret"
    before = adviser.get(FILE).get_data(as_text=True)
    assert ">CD</span>" in before
    assert send(adviser, picture(exif=exif)).status_code == 303
    kept = photo_of(people)
    assert kept
    assert b"Appareil secret" not in kept
    with Image.open(io.BytesIO(kept)) as made:
        assert (made.format, made.size) == ("JPEG", (256, 256))
    page = adviser.get(FILE).get_data(as_text=True)
    address = re.findall(rf'<img src="(/equipe/{people.adviser}/photo\?version=[0-9a-z]{{26}})"', page)
    assert len(address) == 2  # the bar and the head
    assert ">CD</span>" not in page
    answer = adviser.get(address[0])
    assert (answer.mimetype, answer.data, answer.headers["Cache-Control"]) == ("image/jpeg", kept, "private, max-age=86400")
    with db.session(people.cabinet_id, write=False) as session:
        assert "user.photo_changed" in session.scalars(select(AuditEntry.action)).all()
        assert session.scalar(select(func.count(Upload.id))) == 0, "the file that was sent is not kept"


def test_a_camera_turned_on_its_side_is_turned_back(adviser: FlaskClient, people: People) -> None:
    """US-01: EXIF says how the camera was held; transparency becomes white; one photo replaces another."""
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    send(adviser, picture(size=(600, 600), exif=exif))
    with Image.open(io.BytesIO(photo_of(people) or b"")) as made:
        red, _green, blue = made.convert("RGB").getpixel((128, 10))  # type: ignore[misc]
        assert blue > red
    glass = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    out = io.BytesIO()
    glass.save(out, "PNG")
    send(adviser, out.getvalue(), "moi.png")
    with Image.open(io.BytesIO(photo_of(people) or b"")) as made:
        assert made.convert("RGB").getpixel((128, 128)) == (255, 255, 255)
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count(UserPhoto.id))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choisissez une photo"), (b"%PDF-1.4 x", "déposez un fichier PNG ou JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "déposez un fichier PNG ou JPEG"),
        (b"\xff\xd8\xff tout sauf une image", "Cette image ne peut pas être lue"),
        (picture(size=(40, 40))[:200], "Cette image ne peut pas être lue"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_beside_its_field(adviser: FlaskClient, people: People, data: bytes, said: str) -> None:
    """Issue 3, «Bad input»: told by the bytes, in words; nothing is kept; the former photo stays."""
    send(adviser, picture())
    before = photo_of(people)
    answer = send(adviser, data, "moi.jpg" if data else "")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "data-error-summary" in page
    assert said in page.split('id="f-photo-e"')[1]
    assert "<title>Erreur\u202f: Ma photo" in page
    assert photo_of(people) == before


def test_it_is_taken_away(adviser: FlaskClient, people: People) -> None:
    """US-01, personal data: the initials stand again and no byte is left."""
    send(adviser, picture())
    token = csrf(adviser, PAGE)
    assert adviser.post(f"{PAGE}/retirer", data={"csrf_token": token}).status_code == 303
    page = adviser.get(FILE).get_data(as_text=True)
    assert "vos initiales la remplacent" in page
    assert ">CD</span>" in page
    assert photo_of(people) is None
    assert adviser.get(f"/equipe/{people.adviser}/photo").status_code == 404
    adviser.post(f"{PAGE}/retirer", data={"csrf_token": token})
    assert "Vous n&#39;aviez pas de photo." in adviser.get(FILE).get_data(as_text=True)


def test_colleagues_see_it_and_nobody_else(app: Flask, adviser: FlaskClient, people: People, strangers: People) -> None:
    """US-01, security-reliability.md §2: the cabinet's people, be they without rights on clients; not another cabinet."""
    send(adviser, picture())
    with db.session(None, write=False) as session:
        version = session.get_one(User, people.adviser).photo_id
    for email, status in (("autre@demo.example", 200), ("administrateur@second.example", 404)):
        client = app.test_client()
        sign_in(client, email)
        assert client.get(f"/equipe/{people.adviser}/photo?version={version}").status_code == status, email
    assert app.test_client().get(f"/equipe/{people.adviser}/photo").status_code in (302, 401)
