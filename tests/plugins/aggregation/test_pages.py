"""AC-02, QM-01: where one finds the import of portfolios, its own questions, the same by a program, what the rights say."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts.models import Account
from core.accounts.models import Position
from core.cli import cli
from core.cli.worker import run_due
from core.contacts import services as contact_services
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import csrf
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.contacts.test_import_pages import form

NEW, LIST = "/imports/nouveau/accounts", "/p/portefeuille/comptes"
TEXT = "N° contrat;Nom;Prénom;Encours;Produit\nC1;Durand;Jeanne;1 250,00;PEA Un\nC1;;;;\nC2;Inconnue;Anne;1;x\n"


def jeanne(people: People) -> None:
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", birth_date=date(1968, 3, 14))
        contact_services.follow(session, "cli", contact_services.create(session, "cli", data), people.adviser)
        supports.company_for(session, "assureur-un", name="Assureur Un")


def page(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


def test_it_is_found_from_the_list_the_quick_menu_and_services(adviser: FlaskClient, people: People, hub: Hub) -> None:
    assert f'href="{NEW}"' in page(adviser, LIST)
    assert "Importer des portefeuilles" in page(adviser, "/imports")
    assert 'href="/imports"' in page(adviser, "/services?q=importer fichier")
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "aggregation", on=False, actor="cli")
    assert NEW not in page(adviser, LIST)
    assert adviser.get(NEW).status_code == 404


def test_its_own_questions_and_what_holds_for_all_lines(adviser: FlaskClient, people: People) -> None:
    jeanne(people)
    file = (io.BytesIO(TEXT.encode()), "releve.csv")
    answer = adviser.post(NEW, data={"csrf_token": csrf(adviser, NEW), "file": file}, content_type="multipart/form-data")
    columns = str(answer.location)
    shown = form(adviser, columns)
    assert shown["known"] == "update"
    assert "near" not in shown
    assert "owner" not in shown
    bad = adviser.post(columns, data={**shown, "constant_company": "Assureur Un", "constant_value_on": "31/02/2026"})
    assert bad.status_code == 422
    assert 'href="#f-constant_value_on"' in bad.get_data(as_text=True)
    assert 'value="31/02/2026"' in bad.get_data(as_text=True)
    alone = adviser.post(columns, data=shown)
    assert "compagnie par défaut" in unescape(alone.get_data(as_text=True))
    told = {"constant_company": "Assureur Un", "constant_value_on": "30/09/2026", "constant_envelope": "PEA", "tick_names": "on"}
    answer = adviser.post(columns, data={**shown, **told})
    found = page(adviser, str(answer.location))
    assert "Importer 1 compte" in found
    assert "Lignes rattachées" in found
    assert "importez d'abord les contacts" in found
    again = page(adviser, columns)
    assert 'value="30/09/2026"' in again
    assert re.search(r'<input[^>]*name="tick_names"[^>]* checked', again)
    adviser.post(f"{answer.location}/lancer", data={"csrf_token": shown["csrf_token"]})
    run_due()
    assert "Terminé" in page(adviser, str(answer.location))
    assert f'href="{LIST}"' in page(adviser, str(answer.location))
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalars(select(Account.value_on)).all() == [date(2026, 9, 30)]


def test_the_command(app: Flask, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--set` tells what the lines do not, `--tick` ticks a box; what is no box or no such field is said."""
    jeanne(people)
    monkeypatch.setattr("core.cli.importing.create_app", lambda: app)
    file = tmp_path / "releve.csv"
    file.write_text(TEXT, "utf-8")
    asked = ["import", str(file), "--cabinet", "demo", "--as", "accounts", "--set", "company=Assureur Un", "--tick", "names",
             "--set", "envelope=PEA"]  # fmt: skip
    for wrong in (["--set", "number=1"], ["--tick", "tout"], ["--set", "value_on=hier"]):
        assert CliRunner().invoke(cli, [*asked, *wrong]).exception is not None
    done = CliRunner().invoke(cli, [*asked, "--set", "value_on=30/09/2026"])
    assert "créés 1" in done.output, (done.output, done.exception)
    assert "créés 0" in CliRunner().invoke(cli, [*asked, "--set", "value_on=30/09/2026"]).output


def test_the_same_by_a_program(app: Flask, people: People) -> None:
    """PL-09: ticks and what holds for all lines; a line that belongs to another one's account says so."""
    jeanne(people)
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    text = (
        "N° contrat;Nom;Prénom;Code ISIN;Support;Type de support;Montant\n"
        "C1;Durand;Jeanne;FR0010315770;Fonds Monde;ETF;10\nC1;;;FR0000120271;Total;ACTION;5\n"
    )
    made = program.post("/imports", {"file": (text.encode(), "releve.csv"), "target": "accounts"}, 201)
    assert made["known"] == "update"
    path = f"/imports/{made['id']}"
    columns = [{"head": one["head"], "field": one["field"]} for one in made["columns"]]
    columns_of = {"columns": columns, "ticks": ["supports", "names"]}
    company = {"field": "company", "value": "Assureur Un"}
    for field, value in (("number", "1"), ("envelope", "Coffre"), ("value_on", "x")):
        program.post(f"{path}/mapping", {**columns_of, "constants": [company, {"field": field, "value": value}]}, 422)
    constants = [company, {"field": "envelope", "value": "PEA"}, {"field": "value_on", "value": "2026-09-30"}]
    told = program.post(f"{path}/mapping", {**columns_of, "constants": constants})
    assert told["ticks"] == ["names", "supports"]
    run_due()
    assert program.get(f"{path}/preview")["counts"] == {"create": 1, "update": 0, "skip": 0, "error": 0}
    program.post(f"{path}/run")
    run_due()
    assert [one["action"] for one in program.every(f"{path}/lines", 1)] == ["create", "part"]
    with db.session(people.cabinet_id, write=False) as session:
        assert len(session.scalars(select(Position.id)).all()) == 2
