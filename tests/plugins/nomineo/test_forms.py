"""The forms of the activation: each field checked, nothing typed lost, no step twice, none from an old page."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse
from werkzeug.test import encode_multipart

from core.db.clock import today
from core.documents import services as documents
from core.documents.models import Upload
from core.extensions import db
from core.links import mandate_book
from core.links import mandates
from tests.plugins.nomineo import papers
from tests.plugins.nomineo.link import PDF
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.link import main
from tests.plugins.nomineo.link import texts

MANDATE = {
    "representative": "Anne Keller", "quality": "Gérante", "broker_code": "GP-20417", "email": "cabinet@demo.example",
    "phone": "02 40 00 00 00", "place": "Nantes", "signed_on": "18/11/2026", "acts": "arbitrage",
}  # fmt: skip
DEPOSIT = {"deposit_code": "GP-20417", "deposit_on": "2026-11-18"}
DISPATCH = {"inspector_name": "Claire Vasseur", "inspector_email": "claire@compagnie.example", "sent_on": "18/11/2026"}
SETTINGS = "/administration/modules/nomineo/reglages"
FUTURE = "cette date est dans le futur"
BROKER = "1 à 64 lettres, chiffres ou signes"
DATE = "écrivez la date au format JJ/MM/AAAA"


def tomorrow() -> str:
    """Asked when it is needed: a suite may last past midnight."""
    return (today() + timedelta(days=1)).isoformat()


class Desk:
    """The administrator at his forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def stamp(self, path: str = "activation") -> dict[str, str]:
        """The hidden fields of a form as it is shown now."""
        page = main(self.client.get(f"/p/nomineo/{path}").get_data(as_text=True))
        return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("csrf_token", "seen")}

    def post(self, path: str, values: dict[str, Any], shown: dict[str, str], file: bytes | None = None) -> TestResponse:
        """Send a form, with a file where there is one."""
        data = {**shown, **values}
        if file is not None:
            data["file"] = FileStorage(io.BytesIO(file), "pièce.pdf", "file", "application/pdf")
        boundary, body = encode_multipart(data)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self.client.post(f"/p/nomineo/{path}", data=body, content_type=kind)


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def refused(answer: TestResponse, name: str, said: str, kept: dict[str, str]) -> None:
    """422, the fault in the summary and beside its field, everything else still there."""
    assert answer.status_code == 422, (name, answer.status_code)
    page = answer.get_data(as_text=True)
    assert "<title>Erreur\u202f: " in page
    inner = main(page)
    summary = inner.split("data-error-summary", 1)[1].split("</ul>", 1)[0]
    assert said.lower() in texts("<" + summary).lower(), (name, texts("<" + summary))
    assert f'href="#f-{name}"' in summary
    beside = re.search(rf'id="f-{name}-e">(.*?)</p>', inner, re.S)
    assert beside, name
    assert said.lower() in texts(beside.group(1)).lower()
    assert f'id="f-{name}"' in inner
    for field, value in kept.items():
        if field == "acts":
            assert re.search(rf'value="{value}" checked', inner), (name, field)
        elif field not in ("file",):
            assert f'value="{escape(value)}"' in inner or f">{escape(value)}</textarea>" in inner, (name, field)


def test_each_field_of_the_mandate_is_checked(link: Link, desk: Desk) -> None:
    """BL-04, ux.md §2.11: filled on screen; 422 with the whole form, nothing typed is lost, nothing is made."""
    link.bring("issued")
    shown = desk.stamp("activation/remplir")
    cases = [
        ("representative", "", "saisissez le nom du représentant légal"),
        ("representative", "x" * 121, "120 caractères au plus"),
        ("quality", "   ", "saisissez la qualité"),
        ("quality", "x" * 81, "80 caractères au plus"),
        ("email", "", "saisissez l'e-mail du cabinet"),
        ("email", "pas une adresse", "une adresse e-mail n'a pas d'espace"),
        ("email", "a@" + "x" * 260 + ".fr", "254 caractères au plus"),
        ("phone", "appelez-moi", "écrivez un numéro de téléphone"),
        ("broker_code", "", "saisissez le code courtier"),
        ("broker_code", "GP 204", BROKER),
        ("broker_code", "é", BROKER),
        ("place", "", "saisissez le lieu"),
        ("signed_on", "", "saisissez une date"),
        ("signed_on", "31/02/2026", "le 31 février n'existe pas"),
        ("signed_on", tomorrow(), FUTURE),
        ("acts", "", "choisissez au moins un acte"),
        ("acts", "acte_inconnu", "choisissez au moins un acte"),
    ]
    for name, bad, said in cases:
        values = {**MANDATE, name: bad}
        answer = desk.post("activation/remplir", values, shown)
        kept = {key: value for key, value in values.items() if key != name and key != "signed_on"}
        refused(answer, name, said, kept)
        assert link.mandate().state == "issued"


def test_several_faults_are_all_told_at_once(link: Link, desk: Desk) -> None:
    """ux.md §2.11: the summary counts them."""
    link.bring("issued")
    answer = desk.post("activation/remplir", {}, desk.stamp("activation/remplir"))
    assert answer.status_code == 422
    assert "Il y a 7 erreurs dans le formulaire" in texts(answer.get_data(as_text=True))


def test_a_deposited_file_is_checked(link: Link, desk: Desk) -> None:
    """BL-04: garbage, a picture, an XFA form, another cabinet's or an unfinished form, another code: 422, nothing kept."""
    link.bring("issued")
    shown = desk.stamp("activation/remplir")
    ours = papers.filled()
    cases: list[tuple[dict[str, str], bytes | None, str, str]] = [
        ({"deposit_code": ""}, ours, "deposit_code", "saisissez le code courtier"),
        ({"deposit_code": "GP 1"}, ours, "deposit_code", BROKER),
        ({"deposit_on": "hier"}, ours, "deposit_on", DATE),
        ({"deposit_on": tomorrow()}, ours, "deposit_on", FUTURE),
        ({}, None, "file", "choisissez le mandat rempli"),
        ({}, b"", "file", "ce fichier est vide"),
        ({}, b"bonjour", "file", "ce format n'est pas accepté"),
        ({}, b"%PDF-1.7 puis n'importe quoi", "file", "n'est pas un PDF lisible"),
        ({}, b"\x89PNG\r\n\x1a\n" + b"0" * 200, "file", "ce format n'est pas accepté"),
        ({}, papers.xfa(), "file", "formulaire XFA"),
        ({}, papers.filled(siren="552100554"), "file", "n'est pas celui de votre cabinet"),
        ({}, papers.typed(ours, lieu="", qualite=" "), "file", "n'est pas complet : Qualité, Fait à"),
        ({}, papers.typed(ours, code_courtier="GP-9"), "file", "saisi (GP-20417) n'est pas celui du formulaire (GP-9)"),
        ({}, PDF + b" " * (26 * 1024 * 1024), "file", "25 Mio"),
    ]
    for changes, file, name, said in cases:
        answer = desk.post("activation/deposer", {**DEPOSIT, **changes}, shown, file)
        refused(answer, name, said, {"deposit_code": DEPOSIT["deposit_code"]} if name != "deposit_code" else {})
        assert link.mandate().state == "issued"
        assert kept(link) == ["mandat.pdf"], said


def test_a_body_beyond_all_measure_is_an_error_page(link: Link, desk: Desk) -> None:
    """ux.md §3.3 «erreur»: 413 in French, the state unchanged."""
    link.bring("issued")
    answer = desk.post("activation/deposer", DEPOSIT, desk.stamp("activation/remplir"), b"%PDF-" + b"0" * (31 * 1024 * 1024))
    assert answer.status_code == 413
    assert link.mandate().state == "issued"


def test_what_is_deposited_is_kept_as_it_came(link: Link, desk: Desk) -> None:
    """BL-04: a filled form and a plain scan are taken; the GED holds the very bytes, and the link serves them."""
    for file in (papers.filled(), papers.scan()):
        link.renew()
        link.bring("issued")
        shown = desk.stamp("activation/remplir")
        assert desk.post("activation/deposer", DEPOSIT, shown, file).status_code == 303
        assert link.mandate().state == "completed"
        page = main(desk.client.get("/p/nomineo/activation").get_data(as_text=True))
        address = re.findall(r'href="(/p/nomineo/activation/documents/[^"]+)"', page)[0]
        served = desk.client.get(address)
        assert served.get_data() == file
        assert served.mimetype == "application/pdf"
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in served.headers["Content-Disposition"]
        assert kept(link) == ["pièce.pdf", "mandat.pdf"]


@pytest.mark.parametrize("path", ["activation/transmettre", "activation/message"])
def test_the_dispatch_is_checked(link: Link, desk: Desk, path: str) -> None:
    """BL-04: to whom and when it went; the prepared message asks for a valid address too."""
    link.bring("completed")
    shown = desk.stamp("activation/transmettre")
    cases = [
        ("inspector_name", "", "saisissez le nom de l'inspecteur"),
        ("inspector_name", "x" * 121, "120 caractères au plus"),
        ("inspector_email", "", "saisissez l'e-mail de l'inspecteur"),
        ("inspector_email", "claire\r\nBcc: autre@exemple.fr", "une adresse e-mail n'a pas d'espace"),
        ("sent_on", "18-11-2026", DATE),
        ("sent_on", tomorrow(), FUTURE),
    ]
    for name, bad, said in cases:
        values = {**DISPATCH, name: bad}
        kept_values = {key: value for key, value in values.items() if key not in (name, "sent_on")}
        refused(desk.post(path, values, shown), name, said, kept_values)
    early = desk.post("activation/transmettre", {**DISPATCH, "sent_on": "01/01/2020"}, shown)
    refused(early, "sent_on", "précède la signature", {"inspector_name": "Claire Vasseur"})
    assert link.mandate().state == "completed"


@pytest.mark.parametrize(
    ("path", "state", "before"),
    [("activation/reception", "sent", "de réception"), ("activation/confirmer", "received", "d'activation")],
)
def test_a_proof_is_asked_and_looked_at(link: Link, desk: Desk, path: str, state: str, before: str) -> None:
    """BL-05: by hand only with a date that can be and a file that is one; never by the date alone."""
    link.bring(state)
    shown = desk.stamp(path)
    day = {"on": today().isoformat()}
    cases: list[tuple[dict[str, str], bytes | None, str, str]] = [
        ({"on": ""}, PDF, "on", "saisissez une date"),
        ({"on": "30/02/2026"}, PDF, "on", "le 30 février n'existe pas"),
        ({"on": tomorrow()}, PDF, "on", FUTURE),
        ({"on": "2020-01-01"}, PDF, "on", f"la date {before} précède la signature"),
        (day, None, "file", "joignez la preuve"),
        (day, b"<html>bonjour</html>", "file", "PDF, PNG ou JPEG"),
    ]
    for values, file, name, said in cases:
        refused(desk.post(path, values, shown, file), name, said, {})
        assert link.mandate().state == state
    assert desk.post(path, day, shown, PDF).status_code == 303
    assert link.mandate().state == {"sent": "received", "received": "active"}[state]
    assert kept(link)[0] == "pièce.pdf"


def test_a_proof_sent_ahead_is_not_lost(link: Link, desk: Desk) -> None:
    """BL-05: the script sends the proof before the form; a refused form still has it, a good one spends it."""
    link.bring("sent")
    shown, path = desk.stamp("activation/reception"), "activation/reception"
    form = {**shown, "rule": "mandate.preuve", "field": "file", "file": (io.BytesIO(PDF), "courrier.pdf")}
    line = desk.client.post("/fichiers", data=form).get_data(as_text=True)
    waits = re.findall(r'name="file_depots" value="([^"]+)"', line)
    refused(desk.post(path, {"on": "", "file_depots": waits[0]}, shown), "on", "saisissez une date", {"file_depots": waits[0]})
    sent = {"on": today().isoformat(), "file_depots": waits[0]}
    assert desk.post(path, sent, shown).status_code == 303
    assert link.mandate().state == "received"
    assert kept(link)[0] == "courrier.pdf"
    with db.session(link.people.cabinet_id, write=False) as session:
        assert session.scalars(select(Upload)).all() == []


def test_a_proof_that_came_with_a_refused_form_is_not_lost(link: Link, desk: Desk) -> None:
    """BL-05, ADR 013: without scripts too: the form shown again holds the file; another takes its place; none is left over."""
    link.bring("sent")
    shown, path = desk.stamp("activation/reception"), "activation/reception"

    def waiting(answer: TestResponse) -> list[str]:
        refused(answer, "on", "saisissez une date", {})
        return re.findall(r'name="file_depots" value="([^"]+)"', answer.get_data(as_text=True))

    first = waiting(desk.post(path, {"on": ""}, shown, PDF))
    again = waiting(desk.post(path, {"on": "", "file_depots": first[0]}, shown))
    assert again == first
    other = waiting(desk.post(path, {"on": "", "file_depots": first[0]}, shown, PDF + b"\n% autre"))
    assert len(other) == 1
    assert other != first
    refused(desk.post(path, {"on": "", "file_depots": first[0]}, shown), "file", "joignez la preuve", {})
    assert desk.post(path, {"on": today().isoformat(), "file_depots": other[0]}, shown).status_code == 303
    assert link.mandate().state == "received"
    with db.session(link.people.cabinet_id, write=False) as session:
        newest = documents.of_owner(session, "system", "mandate", link.mandate().id)[0]
        assert documents.read(session, newest).endswith(b"% autre")
        assert session.scalars(select(Upload)).all() == []


def test_a_decision_asks_its_reason(link: Link, desk: Desk) -> None:
    """PLP-043: suspended and revoked with a reason that the history keeps; 422 without, with what was typed."""
    link.bring("active")
    for step in ("suspendre", "revoquer"):
        shown = desk.stamp()
        refused(desk.post(f"activation/decision/{step}", {"reason": "  "}, shown), "reason", "saisissez un motif", {})
        long = desk.post(f"activation/decision/{step}", {"reason": "x" * 301}, shown)
        refused(long, "reason", "300 caractères au plus", {"reason": "x" * 301})
        assert desk.post(f"activation/decision/{step}", {"reason": f"Motif {step}"}, shown).status_code == 303
        assert f"Motif {step}" in texts(desk.client.get("/p/nomineo/activation").get_data(as_text=True))
    assert link.mandate().state == "revoked"


def test_enrolments_and_settings_are_checked(link: Link, desk: Desk) -> None:
    """BL-05: an adviser's code, his role, the delay's numbers; the row keeps what was typed."""
    link.bring("active")
    shown = {"csrf_token": desk.stamp()["csrf_token"]}
    person = f"conseillers/{link.people.adviser}"
    for values, said in (
        ({"state": "enrolled", "partner_code": "a b"}, "1 à 64 lettres"),
        ({"state": "roi", "partner_code": "N1"}, "Choisissez un état"),
    ):
        answer = desk.post(person, values, shown)
        assert answer.status_code == 422
        assert said in texts(answer.get_data(as_text=True))
        assert f'value="{values["partner_code"]}"' in answer.get_data(as_text=True)
    assert desk.post(person, {"state": "suspended", "partner_code": "N1"}, shown).status_code == 303
    assert "N1" in texts(desk.client.get("/p/nomineo/conseillers").get_data(as_text=True))
    good = {"delay_days": "5", "delay_kind": "working", "reminder_days": "3"}
    for name, bad, words in (
        ("delay_days", "", "nombre entier de jours"), ("delay_days", "0", "entre 1 et 60"),
        ("delay_days", "61", "entre 1 et 60"), ("delay_days", "cinq", "nombre entier"),
        ("delay_kind", "lunaires", "calendaires ou ouvrés"), ("reminder_days", "-1", "entre 1 et 60"),
    ):  # fmt: skip
        values = {**good, name: bad}
        keep = {key: value for key, value in values.items() if key not in (name, "delay_kind")}
        answer = desk.client.post(SETTINGS, data={**shown, **values})
        refused(answer, name, words, keep)
    assert desk.client.post(SETTINGS, data={**shown, **good}).status_code == 303
    assert "5 jours ouvrés" in texts(desk.client.get("/p/nomineo/activation").get_data(as_text=True))


def test_a_form_posted_twice_does_its_step_once(link: Link, desk: Desk) -> None:
    """BL-04, BL-05: a double click on each form in turn: same answer, one line of history, one file."""
    steps: list[tuple[str, str, dict[str, str], bytes | None, str]] = [
        ("activation", "activation/generer", {}, None, "issue"),
        ("activation/remplir", "activation/remplir", MANDATE, None, "complete"),
        ("activation/transmettre", "activation/transmettre", {**DISPATCH, "sent_on": today().isoformat()}, None, "send"),
        ("activation/reception", "activation/reception", {"on": today().isoformat()}, PDF, "receive"),
        ("activation/confirmer", "activation/confirmer", {"on": today().isoformat()}, PDF, "activate"),
        ("activation", "activation/decision/suspendre", {"reason": "Audit"}, None, "suspend"),
        ("activation", "activation/decision/retablir", {}, None, "resume"),
        ("activation", "activation/decision/revoquer", {"reason": "Départ"}, None, "revoke"),
    ]
    for page, path, values, file, event in steps:
        shown = desk.stamp(page)
        assert [desk.post(path, values, shown, file).status_code for _ in range(2)] == [303, 303], path
        assert [line.event for line in history(link)].count(event) == 1, path
    assert len(kept(link)) == 4
    shown = desk.stamp()
    assert [desk.post("activation/decision/nouveau", {}, shown).status_code for _ in range(2)] == [303, 303]
    assert [line.event for line in history(link)] == ["request"]


def test_a_form_of_an_old_page_changes_nothing(link: Link, desk: Desk) -> None:
    """BL-05: somebody else did another step meanwhile: 409 in French for each form, the mandate untouched."""
    link.bring("issued")
    old = desk.stamp("activation/remplir")
    link.step("complete")
    link.step("send")
    day = {"on": today().isoformat()}
    posts: list[tuple[str, dict[str, str], bytes | None]] = [
        ("activation/generer", {}, None), ("activation/remplir", MANDATE, None),
        ("activation/deposer", DEPOSIT, papers.scan()), ("activation/transmettre", {**DISPATCH, "sent_on": day["on"]}, None),
        ("activation/reception", day, PDF), ("activation/confirmer", day, PDF),
        ("activation/decision/revoquer", {"reason": "x"}, None),
    ]  # fmt: skip
    before = [line.id for line in history(link)]
    for path, values, file in posts:
        if path == "activation/transmettre":
            continue  # sent is what this very form wanted: the second half below
        answer = desk.post(path, values, old, file)
        assert answer.status_code == 409, path
        assert "Le mandat a changé depuis l'affichage de cette page" in texts(answer.get_data(as_text=True))
    assert [line.id for line in history(link)] == before
    assert link.mandate().state == "sent"


def test_a_note_makes_no_form_stale(link: Link, desk: Desk) -> None:
    """PLP-038: the document was handed over while the page stood open: the person's step is still taken."""
    link.bring("sent")
    shown = desk.stamp("activation/reception")
    with db.session(link.people.cabinet_id) as session:
        mandate_book.note(session, mandate_book.locked(session, PLUGIN), "put", actor="partner:nomineo", text="Version 1")
    assert desk.post("activation/reception", {"on": today().isoformat()}, shown, PDF).status_code == 303
    assert link.mandate().state == "received"


def test_a_step_that_the_state_refuses_is_refused_by_the_server_too(link: Link, desk: Desk) -> None:
    """BL-05: what the page does not offer is no more possible by hand: 409, nothing changed."""
    link.bring("active")
    day = {"on": today().isoformat()}
    shown = desk.stamp()
    for path, values, file in (
        ("activation/generer", {}, None), ("activation/remplir", MANDATE, None), ("activation/deposer", DEPOSIT, papers.scan()),
        ("activation/transmettre", {**DISPATCH, "sent_on": day["on"]}, None), ("activation/reception", day, PDF),
        ("activation/confirmer", day, PDF), ("activation/decision/retablir", {}, None),
    ):  # fmt: skip
        assert desk.post(path, values, shown, file).status_code == 409, path  # type: ignore[arg-type]
    assert link.mandate().state == "active"


def history(link: Link) -> list[Any]:
    """The mandate's lines."""
    with db.session(link.people.cabinet_id, write=False) as session:
        mandate = mandates.current(session, PLUGIN)
        assert mandate is not None
        return list(mandates.history(session, mandate))


def kept(link: Link) -> list[str]:
    """The names of the files that the GED holds of this mandate, the newest first."""
    with db.session(link.people.cabinet_id, write=False) as session:
        return [row.filename for row in documents.of_owner(session, "system", "mandate", link.mandate().id)]
