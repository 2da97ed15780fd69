"""The mandate's paper: a real form, filled and blank; the message that carries it (BL-04)."""

from __future__ import annotations

import email
import email.policy
import io
import re
import subprocess
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from core import pdf
from core.activation.printed import ROWS
from core.api.mandates import SamlPaper
from core.db.clock import today
from core.documents import reading
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import mandate_code
from core.links import mandates
from plugins.nomineo.mandate import FORM
from tests.conftest import sign_in
from tests.plugins.nomineo import papers
from tests.plugins.nomineo.link import PDF
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.test_forms import DISPATCH
from tests.plugins.nomineo.test_forms import MANDATE
from tests.plugins.nomineo.test_forms import Desk

TEXTS = {
    "cabinet", "code_courtier", "siren", "orias", "telephone", "adresse", "representant", "qualite", "email", "lieu", "date",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled() -> bytes:
    """The form with everything in it, accents too."""
    return papers.filled(cabinet="Cabinet Éléonore & Frères – Çédille, Œuvre")


@pytest.fixture(scope="module")
def blank() -> bytes:
    return FORM.make_blank(papers.paper())


def test_the_mandate_is_a_real_form(filled: bytes) -> None:
    """BL-04: an AcroForm whose fields are typed, named and pre-filled, French accents whole; readers draw the values."""
    found = papers.fields(filled)
    boxes = {f"acte_{code}" for code, _label in papers.ACTS}
    people = {f"{name}_{row}" for name in ("conseiller", "code") for row in range(1, ROWS + 1)}
    assert set(found) == TEXTS | boxes | people
    assert {found[name]["/FT"] for name in TEXTS | people} == {"/Tx"}
    assert {found[name]["/FT"] for name in boxes} == {"/Btn"}
    values = {name: found[name].get("/V") for name in (*TEXTS, *people, *boxes)}
    assert values["cabinet"] == "Cabinet Éléonore & Frères – Çédille, Œuvre"
    assert values["siren"] == "732 829 320"
    assert values["representant"] == "Éléonore d'Aïeul"
    assert values["lieu"] == "Saint-Étienne"
    assert values["date"] == "18/11/2026"
    assert (values["conseiller_1"], values["code_1"]) == ("Camille Dupont", "NOM123")
    assert (values["conseiller_2"], values["code_2"]) == ("Zoé Lefèvre-Núñez", "")
    assert {name: values[name] for name in boxes} == {
        "acte_arbitrage": "/on", "acte_rachat_partiel": "/Off", "acte_consultation": "/on",
    }  # fmt: skip
    assert all(re.search(r"[A-Za-zÀ-ÿ]{2}", str(field["/TU"])) and "_" not in field["/TU"] for field in found.values())
    reader = PdfReader(io.BytesIO(filled))
    root = reader.trailer["/Root"]
    assert bool(root["/AcroForm"]["/NeedAppearances"])
    assert root["/Lang"] == "fr"
    assert not pdf.inspect(filled).xfa


def test_the_paper_by_saml_has_both_sides_certificates() -> None:
    """PLP-114, PLP-120: fingerprints of both, and whether contract data are encrypted on their way through the browser."""
    for encrypted, said in ((True, "sont chiffrées pour la compagnie"), (False, "passent en clair par le navigateur")):
        made = papers.filled(saml=SamlPaper(("AB:" * 31 + "AB",), ("CD:" * 31 + "CD",), encrypted))
        reader = PdfReader(io.BytesIO(made))
        text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
        assert "AB:" * 31 + "AB" in text.replace(" ", "")
        assert "CD:" * 31 + "CD" in text.replace(" ", "")
        assert said in text
        assert len(reader.pages) == 2


def test_the_paper_says_what_the_company_needs(filled: bytes) -> None:
    """PLP-021, BL-05: reference, thumbprints, code, delay from the receipt; no webhook secret."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(filled)).pages)
    plain = re.sub(r"\s+", " ", text)
    assert "mdt_" + "A" * 22 in plain
    assert "T" * 43 in plain
    assert "7K2M-9QX4-TB0D" in plain
    assert "5 jours calendaires à compter de la réception de l'original" in plain
    assert "whsec_" not in plain
    assert len(PdfReader(io.BytesIO(filled)).pages) == 2


def test_the_blank_form_holds_nothing_of_the_cabinet(blank: bytes) -> None:
    """BL-04: the original blank: same fields, all empty, no code, no keys, no reference."""
    found = papers.fields(blank)
    assert {name for name in found if not name.startswith("acte_")} >= TEXTS
    assert {field.get("/V") for field in found.values()} == {"", "/Off"}
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(blank)).pages)
    for word in ("Cabinet demo", "732", "GP-20417", "Dupont", "TTTT", "7K2M", "mdt_"):
        assert word not in text
    assert "Formulaire vierge" in text


def test_readers_draw_what_is_in_the_fields(filled: bytes, blank: bytes, tmp_path: Path) -> None:
    """BL-04: drawn by poppler, the filled form shows ink in its fields where the blank one shows none."""
    ink = [_ink(data, tmp_path / name) for name, data in (("filled", filled), ("blank", blank))]
    assert ink[1] > 0.005  # a page, not a void
    assert ink[0] > ink[1] * 1.05


def _ink(data: bytes, folder: Path) -> float:
    """The share of dark pixels on the first page."""
    folder.mkdir()
    (folder / "m.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-r", "60", "-gray", "-singlefile", str(folder / "m.pdf"), str(folder / "m")], check=True)
    with Image.open(folder / "m.pgm") as image:
        histogram = image.histogram()
    return sum(histogram[:128]) / sum(histogram)


def test_a_form_typed_in_a_reader_is_taken(filled: bytes) -> None:
    """BL-04: filled «dans votre éditeur PDF»: the typed values are read back; a scan passes on the typed code."""
    ours = papers.paper()
    done = papers.typed(filled, lieu="Brest")
    assert FORM.broker_code_of(done, paper=ours, typed="GP-20417") == "GP-20417"
    assert FORM.broker_code_of(papers.scan(), paper=ours, typed="X-1") == "X-1"


def test_what_is_filled_on_screen_is_on_the_paper(link: Link, administrator: FlaskClient) -> None:
    """BL-04, PLP-040: the values typed, the acts chosen and the enrolled advisers stand on the PDF kept in the GED."""
    link.enrol("enrolled")
    desk = Desk(administrator)
    shown = desk.stamp("activation/remplir")
    assert desk.post("activation/remplir", {**MANDATE, "representative": "Zoë Brûlé"}, shown).status_code == 303
    stands = _standing(link)
    assert stands.paper_id is not None
    served = administrator.get(f"/p/nomineo/activation/documents/{stands.paper_id}")
    found = papers.fields(served.get_data())
    assert found["representant"]["/V"] == "Zoë Brûlé"
    assert found["date"]["/V"] == "18/11/2026"
    assert found["acte_arbitrage"]["/V"] == "/on"
    assert found["acte_rachat_partiel"]["/V"] == "/Off"
    assert {found["conseiller_1"]["/V"], found["conseiller_2"]["/V"]} == {"Administrateur Demo", "Conseiller Demo"}
    with db.session(link.people.cabinet_id, write=False) as session:
        row = mandates.current(session, PLUGIN)
        assert row is not None
        assert row.form["acts"] == ["arbitrage"]
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(served.get_data())).pages)
        code = re.findall(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", text)
        assert mandate_code.matches(code[0], row.reference, str(row.code_hash))
        assert code[0].replace("-", "") not in str(row.__dict__)  # only its hash is kept (PLP-021)


def test_the_filled_form_is_found_among_the_documents(hub: Hub, link: Link, administrator: FlaskClient) -> None:
    """BL-04: kept in the GED under a category of its own, found by what was typed in it by whoever looks after partners."""
    with db.session(link.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "ged", on=True, actor="cli")
    desk = Desk(administrator)
    shown = desk.stamp("activation/remplir")
    assert desk.post("activation/remplir", {**MANDATE, "representative": "Zoë Brûlé"}, shown).status_code == 303
    reading.read_waiting(link.people.cabinet_id)
    stands = _standing(link)
    for asked in ("q=zoe+brule", "categorie=MANDAT", "categorie=INTERNE&q=mandats"):
        page = administrator.get(f"/p/ged/recherche?{asked}").get_data(as_text=True)
        assert f"/documents/{stands.paper_id}" in page, asked
        assert "Interne › Mandat d&#39;un partenaire" in page, asked
    other = administrator.application.test_client()
    sign_in(other, "conseiller@demo.example")
    assert str(stands.paper_id) not in other.get("/p/ged/recherche?categorie=MANDAT").get_data(as_text=True)


def test_the_blank_form_is_for_everybody_of_the_cabinet(link: Link, adviser: FlaskClient) -> None:
    """BL-04: the original blank is downloadable beside the pre-filled one."""
    answer = adviser.get("/p/nomineo/activation/mandat-vierge.pdf")
    assert answer.mimetype == "application/pdf"
    assert "mandat-nomineo-vierge.pdf" in answer.headers["Content-Disposition"]
    assert papers.fields(answer.get_data())["cabinet"].get("/V") == ""


def test_the_prepared_message_opens_and_holds_the_mandate(link: Link, administrator: FlaskClient) -> None:
    """BL-04: a draft to the inspector with the filled PDF; nothing is recorded by preparing it."""
    link.bring("completed")
    desk = Desk(administrator)
    values = {**DISPATCH, "inspector_name": 'Claire "Vasseur", Œuvre\u00e9'}
    answer = desk.post("activation/message", values, desk.stamp("activation/transmettre"))
    assert answer.status_code == 200
    assert answer.mimetype == "message/rfc822"
    mail = cast("EmailMessage", email.message_from_bytes(answer.get_data(), policy=email.policy.default))
    assert mail.defects == []
    assert mail["To"].addresses[0].addr_spec == "claire@compagnie.example"
    assert len(mail["To"].addresses) == 1
    assert "Vasseur" in mail["To"].addresses[0].display_name
    assert mail["From"].addresses[0].addr_spec == "administrateur@demo.example"
    assert mail["X-Unsent"] == "1"
    assert "Cabinet demo" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "réception de l'original" in words
    assert link.mandate().reference in words
    attached = list(mail.iter_attachments())
    assert [(part.get_content_type(), part.get_filename()) for part in attached] == [("application/pdf", "rempli.pdf")]
    assert attached[0].get_payload(decode=True) == PDF
    assert link.mandate().state == "completed"
    assert link.mandate().sent_on is None


def test_the_dispatch_is_recorded(link: Link, administrator: FlaskClient) -> None:
    """BL-05: «J'ai transmis le mandat»: state, inspector and day; the partner is told from here (PLP-037)."""
    link.bring("completed")
    desk = Desk(administrator)
    shown = desk.stamp("activation/transmettre")
    sent = {**DISPATCH, "sent_on": f"{today():%d/%m/%Y}"}
    assert desk.post("activation/transmettre", sent, shown).status_code == 303
    row = link.mandate()
    assert (row.state, row.sent_on, row.inspector_name, row.received_on) == ("sent", today(), "Claire Vasseur", None)
    assert row.content["state"] == "sent"
    assert row.content["signed_pdf_sha256"] == row.signed_pdf_sha256


def _standing(link: Link) -> mandates.Standing:
    with db.session(link.people.cabinet_id, write=False) as session:
        found = mandates.standing(session, PLUGIN)
        assert found is not None
        return found


def test_the_mandate_bears_the_cabinets_logo() -> None:
    """PL-06: above the reference of a form of the cabinet's; the company's blank form bears none."""
    logo = "data:image/png;base64,AAAA"
    assert f'src="{logo}"' in FORM.page(papers.paper(), code="ABCD", values={}, logo=logo)
    assert "<img" not in FORM.page(papers.paper(), code="ABCD", values={})
    assert "<img" not in FORM.page(papers.paper(), code=None, values={})
