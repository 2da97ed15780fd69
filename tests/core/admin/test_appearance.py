"""«Apparence»: theme, colours, logo, statements (PL-06, US-02)."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from PIL import Image
from sqlalchemy import func
from sqlalchemy import select

from core import pdf
from core.api.pdf import statement
from core.cabinets import brand
from core.cabinets.brand import Worn
from core.cabinets.models import BrandLogo
from core.extensions import db
from core.web import request as work
from tests.conftest import People
from tests.core.admin.desk import Desk
from tests.core.admin.desk import journal

HERE = "/apparence"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect x="10" width="180" height="50" fill="#a01030"/></svg>'


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def worn(people: People) -> Worn:
    with db.session(people.cabinet_id, write=False) as session:
        return brand.of(session)


def sheets(client: FlaskClient, path: str = "/notifications") -> list[str]:
    return re.findall(r'href="(/theme/[^"]+)"', client.get(path).get_data(as_text=True))


def picture(width: int, height: int, colour: tuple[int, int, int, int] = (160, 16, 48, 255)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def send(desk: Desk, data: bytes, name: str = "logo.png", shade: str = "light") -> tuple[int, str]:
    """Send a logo; the status, and what is said beside the field."""
    sent = {"csrf_token": desk.token(), "fond": shade, f"logo_{shade}": (io.BytesIO(data), name)}
    answer = desk.client.post(f"/administration{HERE}/logo", data=sent, content_type="multipart/form-data")
    found = re.search(r'class="e-error" id="f-logo[^>]*>.*?<span>(.*?)</span>', answer.get_data(as_text=True), re.S)
    answer.close()
    return answer.status_code, html.unescape(found.group(1)).replace("\xa0", " ") if found else ""


def test_a_theme_is_worn_by_all_from_the_next_page_on(desk: Desk, people: People, adviser: FlaskClient) -> None:
    """PL-06: every page of everybody, the sign-in of this browser, the journal; undo; nothing for another cabinet."""
    assert sheets(adviser)[0].startswith("/theme/default/")
    assert desk.press(f"{HERE}/theme", theme="ardoise").status_code == 303
    (sheet,) = sheets(adviser)
    assert sheet.startswith("/theme/ardoise/")
    answer = adviser.get(sheet)
    assert "--bar: #182039" in answer.get_data(as_text=True)
    assert "immutable" in answer.headers["Cache-Control"]
    assert 'data-density="comfortable"' in adviser.get("/notifications").get_data(as_text=True)
    assert journal(people.cabinet_id)[0] == (
        "cabinet.brand", f"cabinet:{people.cabinet_id}", {"before": {"theme": None}, "after": {"theme": "ardoise"}},
    )  # fmt: skip
    adviser.delete_cookie("encours_sid")
    page = adviser.get("/connexion").get_data(as_text=True)
    assert "/theme/ardoise/" in page
    assert "e-panel-art" in page, "the theme's own panel"
    assert "Cabinet demo" in page
    adviser.set_cookie("encours_look", "autre.signature")
    assert "/theme/default/" in adviser.get("/connexion").get_data(as_text=True)
    assert "celle d'avant" in desk.undo(HERE)
    assert worn(people) == Worn()
    assert desk.press(f"{HERE}/theme", theme="../default").status_code == 422


def test_an_undo_gives_way_to_a_later_look(desk: Desk, people: People) -> None:
    """US-02: what another administrator chose since stays."""
    desk.press(f"{HERE}/theme", theme="ardoise")
    with db.session(people.cabinet_id) as session:
        brand.change(session, "cli", theme="default")
    assert "a encore changé" in desk.undo(HERE)
    assert worn(people).theme == "default"


def test_a_theme_that_is_gone_leaves_the_pages_up_and_is_told(desk: Desk, people: People) -> None:
    """Issue 4, «Bad input»: the theme of the cabinet was taken away: pages wear ours, the administrator reads why."""
    with db.session(people.cabinet_id) as session:
        brand.change(session, "cli", theme="parti")
    assert "/theme/default/" in sheets(desk.client)[0]
    assert "« parti », n’est plus installé" in desk.text(HERE)


def test_colours_are_kept_where_they_are_read(desk: Desk, people: People) -> None:
    """PL-06: as people write them, in light and in dark; empty fields are the theme's own colours again."""
    for main, accent, kept in (
        ("#7A1F3D", "", ("#7a1f3d", None)), (" 12 56 4a ", "b5651d", ("#12564a", "#b5651d")), ("", "", (None, None)),
    ):  # fmt: skip
        assert desk.press(f"{HERE}/couleurs", main=main, accent=accent).status_code == 303
        assert (worn(people).main, worn(people).accent) == kept
        found = [one for one in sheets(desk.client) if "marque-" in one]
        assert bool(found) == any(kept)
        if kept[0]:
            css = desk.client.get(found[0]).get_data(as_text=True)
            assert f"--brand: {kept[0]}" in css
            assert css.count("--brand: ") == 2, "light and dark"


def test_a_colour_that_cannot_be_read_is_refused_and_another_offered(desk: Desk, people: People) -> None:
    """PL-06: its contrast, the nearest that passes by a click without scripts too; nothing typed is lost."""
    answer = desk.press(f"{HERE}/couleurs", main="0b5", accent="#C60")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'value="0b5"' in text
    near = re.search(r'value="main:(#[0-9a-f]{6})"', text)
    assert near
    assert re.search(r"Contraste insuffisant \(.*?\)\u202f: [0-9,]+ pour 1, 4,5 demandés", text)
    taken = desk.press(f"{HERE}/couleurs", main="0b5", accent="#C60", prendre=f"main:{near.group(1)}")
    assert taken.status_code == 200
    assert f'value="{near.group(1)}"' in taken.get_data(as_text=True)
    assert worn(people) == Worn(), "shown, not kept"
    assert desk.press(f"{HERE}/couleurs", main=near.group(1), accent="#C60").status_code == 303


def test_what_is_no_colour_is_said_beside_its_field(desk: Desk, people: People) -> None:
    """Issue 4: nothing breaks out of a declaration; the fragment that judges while one types says nothing wrong either."""
    for text in ("rouge", "#12345", "#10566a; } body { display: none", "url(//x)", "\x00", "é" * 60):
        answer = desk.press(f"{HERE}/couleurs", main=text, accent="")
        assert answer.status_code == 422
        assert 'id="f-main-e"' in answer.get_data(as_text=True)
        assert desk.client.get(f"/administration{HERE}/contraste", query_string={"main": text}).status_code == 200
    assert worn(people) == Worn()
    assert desk.client.get("/theme/default/0/marque-zzzzzz-none.css").status_code == 404


def test_colours_are_judged_while_they_are_typed(desk: Desk) -> None:
    """PL-06: the server decides: places, contrasts, the nearest colour, the sheet of the trial."""
    found = desk.client.get(f"/administration{HERE}/contraste?main=%23ffd400&accent=%23a9741a").get_data(as_text=True)
    near = re.search(r'data-take="(#[0-9a-f]{6})"', found)
    assert near
    assert "1,4 pour 1, 4,5 demandés" in " ".join(re.sub(r"<[^>]+>", "", found).split())
    trial = re.search(r'href="([^"]+essai-[^"]+)"', found)
    assert trial
    assert near.group(1)[1:] in trial.group(1)
    css = desk.client.get(trial.group(1)).get_data(as_text=True)
    assert css.startswith("[data-brand-preview]")


def test_a_logo_is_drawn_anew_and_shown(desk: Desk, people: People, adviser: FlaskClient) -> None:
    """PL-06: an SVG becomes a PNG; bar, sign-in and printed page show it, on a plate where the ground is the other's."""
    assert send(desk, SVG.encode(), "logo.svg") == (303, "")
    kept = worn(people).light
    assert kept is not None
    assert kept[1:] == (864, 240), "without its empty margins"
    page = adviser.get("/notifications").get_data(as_text=True)
    addresses = set(re.findall(r'src="(/marque/demo\.[0-9a-z]{26})"', page))
    assert len(addresses) == 1
    image = adviser.get(addresses.pop())
    assert image.mimetype in ("image/png", "image/webp")
    assert len(image.data) < 1000, "it is on every page"
    assert "is-dark is-plate" in page
    assert "e-print-head" in page
    assert adviser.get(f"/marque/autre.{kept[0]}").status_code == 404
    adviser.delete_cookie("encours_sid")
    assert f"/marque/demo.{kept[0]}" in adviser.get("/connexion").get_data(as_text=True)
    assert send(desk, picture(300, 90), shade="dark")[0] == 303
    assert "is-plate" not in desk.client.get("/notifications").get_data(as_text=True)
    first = kept[0]
    assert send(desk, picture(200, 80))[0] == 303
    assert "celle d'avant" in desk.undo(HERE)
    assert worn(people).light[0] == first  # type: ignore[index]
    send(desk, picture(200, 80))
    older = re.search(r'name="undo" value="([^"]+)"', desk.client.get(f"/administration{HERE}").get_data(as_text=True))
    send(desk, picture(210, 80))
    assert "celle d'avant" in desk.undo(HERE)
    assert older
    gone = desk.client.post("/annuler", data={"csrf_token": desk.token(), "undo": older.group(1)}, follow_redirects=True)
    assert "a encore changé" in gone.get_data(as_text=True), "the logo before the last is kept no more"
    send(desk, picture(220, 80))
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count()).select_from(BrandLogo)) == 3, "the present ones and one to go back to"
    assert desk.press(f"{HERE}/logo/retirer", fond="light").status_code == 303
    assert worn(people).light is None


#: bytes, name → what is said beside the field.
NO_LOGO = (
    (b"GIF89a", "logo.gif", "format n'est pas accepté"),
    (picture(300, 4), "logo.png", "trop petite"),
    (picture(900, 30), "logo.png", "trop allongée"),
    (picture(60, 60, (0, 0, 0, 0)), "logo.png", "Rien n'est dessiné"),
    (b"\x89PNG\r\n\x1a\nabc", "logo.png", "ne peut pas être lue"),
    (SVG.replace("<rect", "<script>alert(1)</script><rect").encode(), "logo.svg", "<script"),
    (SVG.replace("<rect", '<image href="file:///etc/passwd"/><rect').encode(), "logo.svg", "appelle un autre fichier"),
    (SVG.replace("<rect", '<image href="http://x.example/a.png"/><rect').encode(), "logo.svg", "appelle un autre fichier"),
    (SVG.replace("<rect", "<style>@import 'x.css'</style><rect").encode(), "logo.svg", "appelle un autre fichier"),
    (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.encode(), "logo.svg", "<!"),
    (SVG.replace("viewBox", "onload='x()' viewBox").encode(), "logo.svg", "onload="),
)


def test_a_picture_that_is_no_logo_is_refused(desk: Desk, people: People) -> None:
    """Issue 4, «Bad input»: type by its bytes, size, form; a drawing that runs or fetches; each told beside its field."""
    for data, name, said in NO_LOGO:
        status, text = send(desk, data, name)
        assert status == 422, said
        assert said in text, (said, text)
    assert "PNG, SVG ou JPEG, 2 Mio au plus" in desk.text(HERE)
    assert worn(people) == Worn()


def test_statements_are_tried_as_a_real_pdf(desk: Desk, people: People, app: Flask) -> None:
    """PL-06: «Aperçu» shows what is typed and keeps nothing; kept, they change the sheet of the page; too long is refused."""
    typed = {"layout": "centre", "foot": "12, quai de la Fosse\n44000 Nantes", "legal": "CIF d'une association <b>agréée</b>"}
    answer = desk.press(f"{HERE}/etats", acte="apercu", **typed)
    assert answer.mimetype == "application/pdf"
    (first,) = pdf.overview(answer.data).sheets
    assert "12, quai de la Fosse" in first.text
    assert "<b>agréée</b>" in first.text, "a text is a text"
    assert "Relevé de situation" in first.text
    assert worn(people) == Worn()
    assert desk.press(f"{HERE}/etats", **typed).status_code == 303
    assert (worn(people).layout, worn(people).legal) == ("centre", typed["legal"])
    assert desk.client.get(f"/administration{HERE}/etat.png").data.startswith(b"\x89PNG")
    long = desk.press(f"{HERE}/etats", layout="", foot="x" * 301, legal="")
    assert long.status_code == 422
    assert "x" * 301 in long.get_data(as_text=True)
    with app.test_request_context():
        work.begin(people.cabinet_id)
        made = statement("Relevé <1>", "25/11/2026", Markup("<p>corps</p>"))
        work.end()
    assert "is-centre" in made
    assert "Relevé &lt;1&gt;" in made
    assert "quai de la Fosse" in made


def test_only_who_runs_the_cabinet_changes_its_look(adviser: FlaskClient, app: Flask, people: People) -> None:
    """US-02: an adviser has neither the page nor its acts."""
    assert adviser.get(f"/administration{HERE}").status_code == 403
    desk = Desk(adviser)
    for path in ("theme", "couleurs", "logo", "logo/retirer", "etats"):
        assert desk.press(f"{HERE}/{path}", theme="ardoise").status_code == 403
    assert worn(people) == Worn()
