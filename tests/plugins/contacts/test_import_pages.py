"""AC-02: the wizard's pages, its API, its command: four steps with a way back, faults beside their field, one's rights."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from core.cli import cli
from core.cli.worker import run_due
from core.extensions import db
from core.hooks import enabling
from core.imports import services
from core.imports import views
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.conftest import sign_in
from tests.core.imports import importers as imp
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of

NEW = "/imports/nouveau/contacts"
TEXT = "Nom;Prénom;E-mail;Autre\nDurand;Jean;jean@ex.fr;x\nMartin;;;\n"


def sent(client: FlaskClient, data: bytes | str = TEXT, name: str = "clients.csv") -> str:
    """Step 1; where it leads."""
    file = (io.BytesIO(data.encode() if isinstance(data, str) else data), name)
    answer = client.post(NEW, data={"csrf_token": csrf(client, NEW), "file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def form(client: FlaskClient, path: str) -> dict[str, str]:
    """What a page's second form holds as it is shown."""
    page = client.get(path).get_data(as_text=True)
    found = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))
    return found


def test_four_steps_with_a_way_back(adviser: FlaskClient, people: People) -> None:
    columns = sent(adviser)
    shown = form(adviser, columns)
    assert [shown[f"colonne-{place}"] for place in range(4)] == ["birth_name", "first_names", "email", ""]
    answer = adviser.post(columns, data={**shown, "source": "Ancien logiciel", "constant_stage": "CLIENT"})
    page = adviser.get(answer.location).get_data(as_text=True)
    assert "Importer 1 ligne" in page
    assert "Saisissez au moins un prénom" in page
    assert columns in page  # the way back
    assert imp.count(people) == 0
    adviser.post(f"{answer.location}/lancer", data={"csrf_token": shown["csrf_token"]})
    assert "Import en cours" in adviser.get(f"{answer.location}/etat").get_data(as_text=True)
    run_due()
    page = adviser.get(answer.location).get_data(as_text=True)
    assert "Terminé" in page
    assert imp.contacts(people)["Durand Jean"].stage == "CLIENT"
    with adviser.get(f"{answer.location}/rapport.csv") as report:
        assert "Martin" in report.get_data().decode("utf-8-sig")
        assert "rapport-clients.csv" in report.headers["Content-Disposition"]
    listed = adviser.get("/imports").get_data(as_text=True)
    assert "Ancien logiciel" in listed
    again = sent(adviser)
    page = adviser.get(again).get_data(as_text=True)
    assert "a été importé le" in page
    assert "Ancien logiciel" in page
    adviser.post(f"{answer.location}/annuler", data={"csrf_token": shown["csrf_token"]})
    run_due()
    assert "est repris" in adviser.get(answer.location).get_data(as_text=True)
    assert imp.count(people) == 0


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [(b"", "v.csv", "vide"), (b"Nom;Prenom\n", "t.csv", "aucune ligne"), (b"%PDF-1.7", "x.csv", "pas accepté"),
     (b"PK\x03\x04x", "x.xlsx", "illisible"), (b"\x00\x01\x02" * 99, "x.csv", "pas accepté")],
)  # fmt: skip
def test_a_bad_file_is_refused_beside_its_field(adviser: FlaskClient, data: bytes, name: str, said: str) -> None:
    file = (io.BytesIO(data), name)
    answer = adviser.post(NEW, data={"csrf_token": csrf(adviser, NEW), "file": file}, content_type="multipart/form-data")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'href="#f-file"' in page
    missing = adviser.post(NEW, data={"csrf_token": csrf(adviser, NEW)}, content_type="multipart/form-data")
    assert missing.status_code == 422


def test_a_bad_mapping_loses_nothing(adviser: FlaskClient) -> None:
    columns = sent(adviser)
    shown = form(adviser, columns)
    twice = adviser.post(columns, data={**shown, "colonne-3": "email", "source": "Ma source"})
    page = twice.get_data(as_text=True)
    assert twice.status_code == 422
    assert "Deux colonnes remplissent" in page
    assert 'value="Ma source"' in page
    nobody = adviser.post(columns, data={**shown, "colonne-0": "", "colonne-1": ""})
    assert nobody.status_code == 422
    assert "Indiquez la colonne du nom" in nobody.get_data(as_text=True)
    for name, value in (("known", "x"), ("near", ""), ("owner", "0" * 26), ("constant_stage", "x"), ("source", "s" * 81)):
        assert adviser.post(columns, data={**shown, name: value}).status_code == 422, name


def test_a_file_read_wrong_is_read_again(adviser: FlaskClient) -> None:
    columns = sent(adviser, b"a,b;c\n1,2;3\n4,5;6\n")
    token = form(adviser, columns)["csrf_token"]
    adviser.post(columns, data={"csrf_token": token, "relire": "1", "encoding": "utf-8", "delimiter": ","})
    assert "b;c" in adviser.get(columns).get_data(as_text=True)
    answer = adviser.post(columns, data={"csrf_token": token, "relire": "1", "encoding": "zz", "delimiter": "zz"})
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("Choisissez une valeur de la liste") >= 2
    answer = adviser.post(columns, data={"csrf_token": token, "relire": "1", "encoding": "utf-8", "delimiter": "\t"})
    assert answer.status_code == 303
    assert "a,b;c" in adviser.get(columns).get_data(as_text=True)


def test_a_large_file_is_gone_through_by_the_worker_and_stopped(
    adviser: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "QUICK", 0)
    columns = sent(adviser)
    shown = form(adviser, columns)
    where = adviser.post(columns, data=shown).location
    assert "Vérification en cours" in adviser.get(where).get_data(as_text=True)
    adviser.post(f"{where}/arreter", data={"csrf_token": shown["csrf_token"]})
    run_due()
    assert adviser.get(where).location == columns
    adviser.post(f"{where}/abandonner", data={"csrf_token": shown["csrf_token"]})
    assert adviser.get(where).status_code == 404


def test_imports_are_ones_own_and_an_administrators(app: Flask, people: People, adviser: FlaskClient) -> None:
    where = sent(adviser).removesuffix("/colonnes")
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert other.get(f"{where}/colonnes").status_code == 404
    assert where not in other.get("/imports").get_data(as_text=True)
    boss = app.test_client()
    sign_in(boss, "administrateur@demo.example")
    assert boss.get(f"{where}/colonnes").status_code == 200
    assert where in boss.get("/imports").get_data(as_text=True)


def test_the_module_off_shuts_its_imports(adviser: FlaskClient, people: People, app: Flask) -> None:
    where = sent(adviser)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, app.extensions["encours_hub"].registry, "contacts", on=False, actor="cli")
    assert adviser.get(where).status_code == 404
    assert adviser.get(NEW).status_code == 404
    assert "clients.csv" not in adviser.get("/imports").get_data(as_text=True)


def test_the_command(app: Flask, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cli.importing.create_app", lambda: app)
    file, out = tmp_path / "clients.csv", tmp_path / "rapport.csv"
    file.write_text(TEXT, "utf-8")
    asked = ["import", str(file), "--cabinet", "demo", "--as", "contacts"]
    assert "à créer 1" in CliRunner().invoke(cli, [*asked, "--check"]).output
    assert imp.count(people) == 0
    done = CliRunner().invoke(cli, [*asked, "--user", "CONSEILLER@demo.example", "--report", str(out)])
    assert "créés 1" in done.output, (done.output, done.exception)
    assert "Martin" in out.read_text("utf-8-sig")
    assert "créés 0" in CliRunner().invoke(cli, asked).output
    for wrong in ([*asked, "--user", "x@y.fr"], ["import", str(file), "--cabinet", "demo", "--as", "rien"]):
        assert CliRunner().invoke(cli, wrong).exception is not None
    with db.session(people.cabinet_id, write=False) as session:
        boss = person(session, people.administrator)
        assert {row.user_id for row in services.listed(session, boss, targets=["contacts"])} == {None, people.adviser}


def test_the_same_by_a_program(app: Flask, people: People) -> None:
    """PL-09: upload, mapping, preview, run, state, lines, undo."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    made = program.post("/imports", {"file": (TEXT.encode(), "clients.csv"), "target": "contacts"}, 201)
    assert [one["field"] for one in made["columns"]] == ["birth_name", "first_names", "email", None]
    path = f"/imports/{made['id']}"
    columns = [{"head": "Nom", "field": "birth_name"}, {"head": "Prénom", "field": "first_names"}]
    for wrong in ([{"head": "Absent", "field": "email"}], [{"head": "Nom", "field": "rien"}], [*columns, columns[0]], []):
        program.post(f"{path}/mapping", {"columns": wrong}, 422)
    program.post(f"{path}/mapping", {"columns": columns, "owner": people.other, "source": "Programme"})
    run_due()
    preview = program.get(f"{path}/preview")
    assert preview["counts"] == {"create": 1, "update": 0, "skip": 0, "error": 1}
    assert {"label": "Prénoms", "text": "Jean"} in preview["lines"][1]["read"] + preview["lines"][0]["read"]
    assert program.post(f"{path}/run")["state"] == "running"
    run_due()
    assert program.get(path)["state"] == "done"
    assert [one["action"] for one in program.every(f"{path}/lines", 1)] == ["create", "error"]
    assert program.every(f"{path}/lines?action=error", 10)[0]["number"] == 3
    assert program.call("DELETE", path).status_code == 409
    assert [one["source"] for one in program.every("/imports", 1)] == ["Programme"]
    program.post(f"{path}/undo")
    run_due()
    assert (program.get(path)["state"], imp.count(people)) == ("undone", 0)
    program.post("/imports", {"file": (b"%PDF-", "x.csv"), "target": "contacts"}, 422)
    program.post("/imports", {"file": (TEXT.encode(), "x.csv"), "target": "rien"}, 404)
    other = program.post("/imports", {"file": (TEXT.encode(), "y.csv"), "target": "contacts"}, 201)
    assert program.call("DELETE", f"/imports/{other['id']}").status_code == 204
