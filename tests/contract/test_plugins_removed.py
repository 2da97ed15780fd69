"""Folders of `plugins/` taken away, core alone, a third party's distribution added: always the same core (PL-01, PL-03)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases
from tests.conftest import KEK
from tests.contract import bancal

pytestmark = pytest.mark.xdist_group("removed")

ROOT = Path(__file__).parent.parent.parent
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "plugin.py").is_file())
#: Of each plugin's own tests one of what it shows, run without the others: all of them run with the suite.
OWN = {
    "aggregation": "test_imports.py::test_a_line_becomes_an_account_as_the_services_make_it",
    "conformite": "test_scoring.py",
    "contacts": "test_pages.py::test_the_module_is_the_first_page", "fiscalite": "test_figures.py",
    "ged": "test_filing.py::test_bombs_and_macros_are_refused_by_the_archives_own_directory",
    "nomineo": "test_connection.py", "outils": "test_pages.py::test_the_module_opens_on_its_supports",
    "patrimoine": "test_sheet.py::test_names_are_no_formulas", "portefeuille": "test_guards.py",
}  # fmt: skip
#: Core's, of what hooks do, run where no plugin is: the others never meet one.
CORE = ("tests/core/hooks/test_hub.py", "tests/core/hooks/test_gates.py", "tests/core/hooks/test_settings.py")
#: An installation made for development finds this very checkout whatever the folder: it must not.
ALONE = """
import sys
sys.meta_path[:] = [one for one in sys.meta_path if "Editable" not in getattr(one, "__name__", type(one).__name__)]
sys.path.insert(0, "")
"""
#: Starts the application on a new database, signs in, and says what a person and `/healthz` see.
STAND = (
    ALONE
    + """
import json, pathlib, re, tempfile
from datetime import timedelta
import core
assert pathlib.Path(core.__file__).parent.parent == pathlib.Path.cwd(), core.__file__
from core.db.clock import now
from core.extensions import db
from core.jobs.models import Lease
from tests.conftest import add_people, make_config, sign_in
from core.app import create_app
from tests import databases
config = make_config(pathlib.Path(tempfile.mkdtemp()))
databases.ready(config.database_url)
app = create_app(config)
hub = app.extensions["encours_hub"]
add_people(hub, "demo")
with db.session(None) as session:
    session.add(Lease(name="worker", holder="essai", until=now() + timedelta(hours=1)))
client = app.test_client()
sign_in(client, "administrateur@demo.example")
home = client.get("/", follow_redirects=True)
bar = re.search(r'<ul class="e-modules">(.*?)</ul>', home.get_data(as_text=True), re.S).group(1)
pages = {rule.rule: client.get(rule.rule).status_code for rule in app.url_map.iter_rules()
         if "GET" in rule.methods and not rule.arguments and rule.rule != "/live/stream"}
well = client.get("/healthz")
print(json.dumps({"home": home.status_code, "bar": re.findall(r'class="e-clip"[^>]*>(.*?)</span>', bar), "pages": pages,
                  "broken": [one.name for one in hub.registry.broken], "loaded": sorted(hub.registry.plugins),
                  "well": [well.status_code, well.get_json()["status"]], "failed": "indisponible" in bar}))
hub.close()
db.close()
if sys.argv[1:]:  # its tests in the same process: a start and a migrated database less
    import pytest
    sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's folders, to be cut from."""
    target = tmp_path_factory.mktemp("copie") / "encours"
    leave = shutil.ignore_patterns("__pycache__", "browser", "faults", "interop", "node_modules")
    for name in ("core", "plugins", "themes", "tests"):  # what is compiled is taken along: it knows its source by size and date
        shutil.copytree(ROOT / name, target / name, ignore=leave if name == "tests" else None)
    shutil.copy(ROOT / "setup.cfg", target / "setup.cfg")
    (target / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "operator.md", target / "docs")  # the roles of a database are made by its words
    return target


def run(folder: Path, code: str, *words: str, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A program on the copy, with nothing of this checkout in its way."""
    kept = "ENCOURS_TEST_DATABASE"  # the copy makes databases of the suite's engine, its own
    env = {name: value for name, value in os.environ.items() if name == kept or not name.startswith(("ENCOURS_", "PYTEST_"))}
    env["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, (folder, site))))
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def stand(folder: Path, *tests: str, site: Path | None = None, code: str = STAND) -> dict[str, object]:
    """What a person sees of the copy; those tests of it pass."""
    done = run(folder, code, *tests, site=site)
    assert done.returncode == 0, (done.stderr[-3000:], done.stdout[-4000:])
    said: dict[str, object] = json.loads(next(line for line in done.stdout.splitlines() if line.startswith('{"home"')))
    return said


def without(copy: Path, folder: Path, *plugins: str) -> Path:
    """A copy of the copy, those plugins' folders and own tests removed."""
    shutil.copytree(copy, folder)
    for plugin in plugins:
        shutil.rmtree(folder / "plugins" / plugin)
        shutil.rmtree(folder / "tests" / "plugins" / plugin, ignore_errors=True)
    return folder


@pytest.mark.parametrize("plugin", PLUGINS)
def test_any_folder_may_be_removed(copy: Path, tmp_path: Path, plugin: str) -> None:
    """PL-01: absent, not broken: the rest starts, its pages answer, and it passes its own tests (once, on SQLite)."""
    folder = without(copy, tmp_path / "reste", plugin)
    rest = [name for name in PLUGINS if name != plugin]
    said = stand(folder, *(f"tests/plugins/{name}/{OWN.get(name, '')}" for name in rest))
    assert said["loaded"] == rest
    assert (said["broken"], said["failed"], said["home"], said["well"]) == ([], False, 200, [200, "ok"])
    pages = said["pages"]
    assert isinstance(pages, dict)
    assert not [path for path, status in pages.items() if status >= 500 or path.startswith(f"/p/{plugin}/")]
    assert any(path.startswith(f"/p/{name}/") for name in rest for path in pages)  # one may have no page of its own


def test_core_stands_alone(copy: Path, tmp_path: Path) -> None:
    """PL-01: no plugin at all: it starts, one signs in, the bar is empty and says nothing is broken, it is well."""
    folder = without(copy, tmp_path / "seul", *PLUGINS)
    said = stand(folder, *CORE)
    assert (said["loaded"], said["broken"], said["bar"], said["failed"]) == ([], [], [], False)
    assert (said["home"], said["well"]) == (200, [200, "ok"])


def test_a_third_partys_distribution_is_found_by_its_entry_point(copy: Path, tmp_path: Path) -> None:
    """PL-03: a folder with the metadata that pip writes, no change to core: listed, enabled by command, on the bar."""
    site = bancal.write(tmp_path / "site", plugin="tiers")
    before = {path: path.read_bytes() for path in (copy / "core").rglob("*.py")}
    settings = databases.addresses(tmp_path)
    command(copy, settings, "db", "upgrade", site=site)
    settings.pop("ENCOURS_OWNER_URL", None)
    assert "tiers" not in command(copy, settings, "plugin", "list")
    assert "tiers                1.0      Tiers" in command(copy, settings, "plugin", "list", site=site)
    said = stand(copy, site=site)
    assert "tiers" in said["loaded"]  # type: ignore[operator]
    assert said["broken"] == []
    assert said["pages"]["/p/tiers/"] == 404  # type: ignore[index]  # installed is not enabled
    said = stand(copy, site=site, code=STAND.replace("client = app.test_client()", ENABLE))
    assert said["pages"]["/p/tiers/"] == 200  # type: ignore[index]
    assert any("Module Tiers" in entry for entry in said["bar"])  # type: ignore[attr-defined]
    assert {path: path.read_bytes() for path in (copy / "core").rglob("*.py")} == before


ENABLE = """
from core.hooks import enabling
with db.session(1) as session:
    enabling.switch(session, hub.registry, "tiers", on=True, actor="cli")
client = app.test_client()
"""


def command(folder: Path, database: dict[str, str], *words: str, site: Path | None = None) -> str:
    """`encours …` on the copy."""
    settings = {**database, "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK}
    code = f"{ALONE}\nimport os\nos.environ.update({settings!r})\nfrom core.cli import main\nmain()"
    done = run(folder, code, *words, site=site)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
