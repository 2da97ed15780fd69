"""From an empty folder to a page: scaffold, pip install, its own tests, enabled for one cabinet only (PL-03, PL-07, PL-08)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.plugin import plugin_group
from core.db.errors import DomainError
from tests import databases
from tests.conftest import KEK
from tests.contract.scaffolds import change

pytestmark = pytest.mark.xdist_group("kit")
ROOT = Path(__file__).parent.parent.parent
KINDS = {"carnet": "module", "vie_plus": "partner"}
#: An installation begun anew with what was installed: tables by the command, two cabinets, the plugins on in one.
RESTART = """
import json, sys
from core.app import create_app
from core.cli import cli
from core.extensions import db
from core.hooks import enabling
from tests.conftest import add_people, sign_in

cli(["db", "upgrade"], standalone_mode=False)
app = create_app()
hub = app.extensions["encours_hub"]
people = [add_people(hub, slug) for slug in ("ici", "ailleurs")]
clients = []
for one in people:
    client = app.test_client()
    sign_in(client, f"administrateur@{one.slug}.example")
    clients.append(client)
asked = ["/p/carnet/", "/administration/modules/vie_plus"]
before = [client.get(asked[0]).status_code for client in clients]
with db.session(people[0].cabinet_id) as session:
    for name in ("carnet", "vie_plus"):
        enabling.switch(session, hub.registry, name, on=True, actor="cli")
print(json.dumps({"before": before, "after": [[client.get(path).status_code for path in asked] for client in clients],
                  "bar": ["Carnet" in client.get("/p/contacts/").get_data(as_text=True) for client in clients],
                  "broken": [one.text for one in hub.registry.broken]}))
hub.close()
"""


def run(where: Path, site: Path, *words: str, ends: int = 0, **env: str) -> str:
    """A program that finds the product and what is in `site`, and ends with that code; what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENCOURS_", "PYTEST_"))}
    kept |= {"PYTHONPATH": os.pathsep.join((str(ROOT), str(site))), **env}
    done = subprocess.run([sys.executable, *words], cwd=where, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == ends, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout + (done.stderr if ends else "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder where both kinds were written, and the one where pip put them."""
    where, site = tmp_path_factory.mktemp("auteur"), tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        for name, kind in KINDS.items():
            done = CliRunner().invoke(plugin_group, ["new", name, "--kind", kind], catch_exceptions=False)
            assert done.exit_code == 0
            assert f"encours plugin check {name}" in done.output
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(site))
    run(where, site, *pip, *(f"./encours_{name}" for name in KINDS), PIP_DISABLE_PIP_VERSION_CHECK="1")
    return where, site


def test_what_is_written_is_small_and_installed_whole(made: tuple[Path, Path]) -> None:
    """PL-07: at most twelve files, its own pyproject, five lines of README; pip takes tables, templates, declarations along."""
    where, site = made
    for name in KINDS:
        folder = where / f"encours_{name}"
        built = ("build/", ".egg-info/", "__pycache__/")
        files = [path for path in folder.rglob("*") if path.is_file() and not any(one in str(path) for one in built)]
        assert len(files) <= 12
        assert len((folder / "README.md").read_text("utf-8").splitlines()) == 5
        assert (site / f"encours_{name}" / "quality.toml").is_file()
    assert (site / "encours_carnet" / "templates" / "carnet" / "index.html").is_file()
    assert (site / "encours_carnet" / "migrations" / "versions" / "0001_notes.py").is_file()


def test_ruff_and_mypy_have_nothing_to_say(made: tuple[Path, Path]) -> None:
    """PL-07: ruff by the scaffold's own settings, mypy as strictly as on core."""
    where, site = made
    for name in KINDS:
        run(where / f"encours_{name}", site, "-m", "ruff", "check", "--no-cache", f"encours_{name}", "tests")
    sources = [str(where / f"encours_{name}" / part) for name in KINDS for part in (f"encours_{name}", "tests")]
    run(ROOT, site, "-m", "mypy", "--config-file", "setup.cfg", *sources)  # from there: `make check` left core's types in a cache


def test_their_own_tests_pass(made: tuple[Path, Path]) -> None:
    """PL-07: the conformance kit finds nothing and gives silver; the fake partner checks our signatures."""
    where, site = made
    tests = [f"encours_{name}/tests" for name in KINDS]
    assert "8 passed" in run(where, site, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_the_command_says_it_ends_so_and_keeps_the_level(made: tuple[Path, Path], tmp_path: Path) -> None:
    """PL-07: `encours plugin check`: text or JSON, one rule or all; exit code 1 where something is found."""
    where, site = made
    check = ("-m", "core.cli", "plugin", "check", "vie_plus")
    assert "vie_plus 0.1.0 : rien à signaler. Qualité : argent." in run(where, site, *check, "--record")
    package = site / "encours_vie_plus"
    kept = json.loads((package / "quality.json").read_text("utf-8"))
    assert (kept["level"], kept["version"]) == ("argent", "0.1.0")
    change(package / "quality.toml", 'maintainer = "Votre nom"', 'maintainer = ""')
    try:
        said = json.loads(run(where, site, *check, "--rule", "déclarations", "--json", ends=1))
    finally:
        change(package / "quality.toml", 'maintainer = ""', 'maintainer = "Votre nom"')
    assert [(one["rule"], one["where"]) for one in said["findings"]] == [("déclarations", "encours_vie_plus/quality.toml")]
    assert "Règle inconnue : magie" in run(where, site, *check, "--rule", "magie", ends=2)


def test_one_cabinet_has_it_and_the_other_has_not(made: tuple[Path, Path], tmp_path: Path) -> None:
    """PL-03, PL-04, PL-08: tables by `encours db upgrade`, on either engine; then the page, and 404 elsewhere."""
    keys = {"ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK}
    settings = {**databases.addresses(tmp_path), "ENCOURS_VAR_DIR": str(tmp_path), **keys}
    where, site = made
    said = json.loads(run(where, site, "-c", RESTART, **settings).splitlines()[-1])
    assert said == {"before": [404, 404], "after": [[200, 200], [404, 200]], "bar": [True, False], "broken": []}


@pytest.mark.parametrize("name", ["Carnet", "1er", "a", "avec-tiret", "été", "contact", "class", "x" * 31, "../ailleurs", "fin_"])
def test_a_name_that_will_not_do_is_refused_in_words(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad input: nothing is written, and the words say what to write instead."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DomainError, match="ne convient pas"):
        CliRunner().invoke(plugin_group, ["new", name, "--kind", "module"], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad input: a folder of that name, a module of that name that is installed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "encours_carnet").mkdir()
    for name, said in (("carnet", "existe déjà"), ("outils", "déjà installé")):
        with pytest.raises(DomainError, match=said):
            CliRunner().invoke(plugin_group, ["new", name, "--kind", "partner"], catch_exceptions=False)
    assert [path.name for path in tmp_path.rglob("*")] == ["encours_carnet"]
