"""Files of producers: read, checked, compared, applied, taken back; bad ones refused with line and reason (OU-09)."""

from __future__ import annotations

import io
import os
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.extensions import db
from core.supports import by_hand
from core.supports import facts
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.reading import shown

PAGE = "/p/outils/supports/fichiers"
EMT = (Path(__file__).parents[1] / "aggregation/feeds/files/emt.csv").read_text("utf-8")
HEADS, GOOD = (line.split(";") for line in EMT.splitlines()[1:3])
ISIN = "FR0010286013"
SHARED = Path(os.environ.get("ENCOURS_FIXTURES", "."))


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    """What stops a form without its token is tried elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False


def emt(**cells: str) -> bytes:
    """The good row, with these fields otherwise: `f07100="0.03"`."""
    row = list(GOOD)
    for field, value in cells.items():
        row[next(at for at, head in enumerate(HEADS) if head.startswith(field[1:]))] = value
    return "\n".join(";".join(one) for one in (HEADS, row)).encode()


def send(client: FlaskClient, data: bytes, name: str = "emt.csv", status: int = 303) -> str:
    """Where the file is shown; the page that refuses it."""
    answer = client.post(PAGE, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    said = unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")
    assert answer.status_code == status, said
    return answer.location if status == 303 else said


def told(people: People, support_id: str, key: str) -> facts.Told | None:
    with db.session(people.cabinet_id, write=False) as session:
        fact = facts.of(session, support_id).get(key)
        return fact.told if fact else None


@pytest.fixture
def fund(people: People) -> str:
    with db.session(people.cabinet_id) as session:
        return supports.support_for(session, isin=ISIN, label="Sextant Grand Large", type="OPCVM")


def test_a_file_is_compared_then_applied_with_its_line_and_day(adviser: FlaskClient, people: People, fund: str) -> None:
    """OU-09: nothing before «Appliquer»; then each value has file, version, line, day; the same file again changes nothing."""
    where = send(adviser, emt())
    page = shown(adviser, where)
    for part in ("Frais courants", "2,59 %", "Amiral Gestion", "Appliquer", "30/11/2025", "Sextant Grand Large"):
        assert part in page, part
    assert told(people, fund, "ongoing_costs") is None
    assert adviser.post(f"{where}/appliquer").status_code == 303
    said = told(people, fund, "ongoing_costs")
    assert said is not None
    assert (said.value, said.origin, said.source, said.line, said.on) == (
        "0.0259", "FICHIER", "emt.csv (EMT V4.2)", 2, date(2025, 11, 30),
    )  # fmt: skip
    assert "emt.csv (EMT V4.2), ligne 2" in shown(adviser, f"/p/outils/supports/{fund}")
    again = shown(adviser, send(adviser, emt()))
    assert "Rien à changer" in again
    assert "Appliquer" not in again
    assert adviser.post(f"{where}/appliquer").status_code == 409  # a second click


def test_a_file_is_taken_back(adviser: FlaskClient, people: People, fund: str) -> None:
    """OU-09: what was there before comes back; what another file said since stays; an older file says nothing."""
    first = send(adviser, emt())
    adviser.post(f"{first}/appliquer")
    second = send(adviser, emt(f07100="0.031", f07160="2026-01-31"), "emt-2.csv")
    adviser.post(f"{second}/appliquer")
    assert "Plus anciennes que celles connues" in shown(adviser, send(adviser, emt(f07110="0.01"), "ancien.csv"))
    adviser.post(f"{second}/annuler")
    said = told(people, fund, "ongoing_costs")
    assert said is not None
    assert (said.value, said.source) == ("0.0259", "emt.csv (EMT V4.2)")
    adviser.post(f"{first}/annuler")
    assert told(people, fund, "ongoing_costs") is None
    assert told(people, fund, "manager") is None
    with db.session(people.cabinet_id, write=False) as session:
        assert supports.card(session, fund, on=date(2026, 11, 1)).line.ongoing_costs is None
    assert adviser.post(f"{first}/annuler").status_code == 409


def test_a_persons_word_stays_before_a_file(adviser: FlaskClient, people: People, fund: str) -> None:
    """OU-09, ADR 030: the file's value is kept beside, and stands once the correction is withdrawn."""
    with db.session(people.cabinet_id) as session:
        by_hand.change(session, "cli", fund, {"ongoing_costs": "0.02"}, by_hand.Cause("DIC"))
    where = send(adviser, emt())
    assert "votre saisie reste" in shown(adviser, where)
    adviser.post(f"{where}/appliquer")
    said = told(people, fund, "ongoing_costs")
    assert said is not None
    assert said.value == "0.02"
    page = shown(adviser, f"/p/outils/supports/{fund}")
    assert "corrigée" in page
    form = adviser.get(f"/p/outils/supports/{fund}/modifier").get_data(as_text=True)
    assert 'value="1,7"' in form  # 0,017 of the file, untouched by another change
    kept = {"label": "Sextant Grand Large", "type": "OPCVM", "currency": "EUR", "management_fee": "1,7"}
    adviser.post(f"/p/outils/supports/{fund}/modifier", data={**kept, "ongoing_costs": "2", "zone": "EUROPE"})
    untouched = told(people, fund, "management_fee")
    assert untouched is not None
    assert untouched.origin == "FICHIER"
    assert "2,59 %" in page
    adviser.post(f"/p/outils/supports/{fund}/valeurs/ongoing_costs/retirer")
    said = told(people, fund, "ongoing_costs")
    assert said is not None
    assert said.value == "0.0259"


def test_bad_files_are_refused_with_line_and_reason(adviser: FlaskClient, people: People, fund: str) -> None:
    """OU-09: a wrong key, a support twice, an unknown version, a PDF, nothing: told; nothing is half-applied."""
    where = send(adviser, EMT.encode())  # its second row has a wrong key, its third a wrong currency
    page = shown(adviser, where)
    for part in ("Ce fichier est refusé", "Ligne 4" if "Ligne 4" in page else "ligne 4", "00010_", "00040_"):
        assert part in page, part
    assert adviser.post(f"{where}/appliquer").status_code == 409
    assert told(people, fund, "ongoing_costs") is None
    twice = "\n".join([";".join(HEADS), ";".join(GOOD), ";".join(GOOD)]).encode()
    assert "déjà ligne 2" in shown(adviser, send(adviser, twice))
    assert "version" in send(adviser, emt(f00001="V9.9"), status=422)
    assert "Fichier refusé" in send(adviser, b"a;b\n1;2\n", status=422)
    assert "vide" in send(adviser, b"", status=422)
    send(adviser, b"%PDF-1.4 rien", "emt.pdf", 422)
    assert adviser.post(PAGE, data={}).status_code == 422
    value = shown(adviser, send(adviser, emt(f07110="2.5")))
    assert "n'est pas reprise" in value  # a cost of 250 %: that value alone is left out
    assert "Appliquer" in value


def test_what_the_cabinet_lacks_is_offered_and_a_file_is_forgotten(adviser: FlaskClient, people: People) -> None:
    """OU-09: unknown supports lead to the form that makes them; a file that was not applied may be dropped."""
    where = send(adviser, emt())
    page = shown(adviser, where)
    assert "Supports absents de votre cabinet" in page
    assert f"/p/outils/supports/nouveau?q={ISIN}" in page
    assert adviser.post(f"{where}/oublier").status_code == 303
    assert adviser.get(where).status_code == 404


def test_another_cabinet_sees_no_file(app: Flask, adviser: FlaskClient, people: People, strangers: People, fund: str) -> None:
    """OU-09, domain.md §3.6: neither the page nor its buttons."""
    where = send(adviser, emt())
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    assert stranger.get(where).status_code == 404
    for act in ("appliquer", "annuler", "oublier"):
        assert stranger.post(f"{where}/{act}").status_code == 404
    assert "emt.csv" not in shown(stranger, PAGE)


def test_programs_do_the_same(app: Flask, people: People, fund: str) -> None:
    """OU-09, PL-09: send, read the differences, apply, undo, forget."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    answer = program.call("POST", "/p/outils/files", {"file": (emt(), "emt.csv")})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    sent = answer.get_json()
    costs = next(one for one in sent["changes"] if one["key"] == "ongoing_costs")
    said = [costs[name] for name in ("before", "after", "line", "as_of", "kept")]
    assert said == ["", "0.0259", 2, "2025-11-30", False]
    path = f"/p/outils/files/{sent['id']}"
    assert program.call("POST", f"{path}/apply").get_json()["written"] == len(sent["changes"])
    assert program.call("DELETE", path).status_code == 409
    assert program.call("POST", f"{path}/undo").get_json()["state"] == "ANNULE"
    assert len(program.call("GET", "/p/outils/files").get_json()["items"]) == 1
    assert program.call("POST", "/p/outils/files", {"file": (b"a;b\n1;2\n", "x.csv")}).status_code == 422


@pytest.mark.fixtures
def test_the_samples_of_the_emt(adviser: FlaskClient, people: People) -> None:
    """OU-09: `emt_samples.txt`: the clean file is applied field by field, the one that lacks five fields is refused with each."""
    with db.session(people.cabinet_id) as session:
        made = supports.support_for(session, isin="DE0007164600", label="SAP", type="ACTION")
    where = send(adviser, (SHARED / "findatex/emt_01_clean.xlsx").read_bytes(), "emt_01_clean.xlsx")
    adviser.post(f"{where}/appliquer")
    wanted = {
        "performance_fee": "Y", "manager": "Sample", "retail": "Y", "professional": "Y", "basic": "Y", "informed": "Y",
        "advanced": "Y", "no_loss": "Y", "any_loss": "Y", "beyond_loss": "Y", "preservation": "Y", "growth": "Y", "income": "Y",
        "holding_period": "0,5 an", "ongoing_costs": "1", "management_fee": "1", "transaction_costs": "1",
    }  # fmt: skip
    with db.session(people.cabinet_id, write=False) as session:
        known = {code: one.told.value for code, one in facts.of(session, made).items() if one.told.origin == "FICHIER"}
    assert known == wanted
    bad = send(adviser, (SHARED / "findatex/emt_02_missing_mandatory.xlsx").read_bytes(), "emt_02.xlsx")
    page = shown(adviser, bad)
    assert "Ce fichier est refusé" in page
    assert set(re.findall(r"champ obligatoire (\d{5})_", page)) == {"00005", "00030", "00040", "00050", "00060"}
    assert adviser.post(f"{bad}/appliquer").status_code == 409


@pytest.mark.fixtures
def test_the_ept_of_captor_and_the_eet(adviser: FlaskClient, people: People) -> None:
    """OU-09: a real EPT without entry costs is applied for what it says; SRI from the EPT, SFDR from the EET."""
    with db.session(people.cabinet_id) as session:
        made = supports.support_for(session, isin="SE0016075006", label="Captor", type="OPCVM")
    where = send(adviser, (SHARED / "findatex/ept-captor-2023-12-29.xlsx").read_bytes(), "ept-captor.xlsx")
    page = shown(adviser, where)
    assert "03010_" in page  # told, and not known
    adviser.post(f"{where}/appliquer")
    with db.session(people.cabinet_id, write=False) as session:
        known = {code: one.told.value for code, one in facts.of(session, made).items()}
        line = supports.card(session, made, on=date(2026, 11, 1)).line
    assert (known["sri"], known["ongoing_costs"], known["holding_period"]) == ("2", "0.0025", "2 ans")
    assert "entry_costs" not in known
    assert "srri" not in known
    assert line.sri == 2
