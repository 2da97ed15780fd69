"""The kit names each fault of a plugin broken on purpose, where it is, and says nothing of a sound one (PL-07)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.scaffolds import Kit
from tests.contract.scaffolds import change
from tests.contract.scaffolds import laid

pytestmark = pytest.mark.xdist_group("kit")


@dataclass(frozen=True)
class Break:
    """One change to a file of the package, and what the kit must say. `at`: a text of the line that it must name."""

    file: str
    old: str
    new: str
    rule: str
    says: str
    at: str = ""
    kind: str = "module"
    also: tuple[tuple[str, str, str], ...] = ()


NAME = {"module": "carnet", "partner": "vie"}
ENTRY = '        return [Module("carnet", "Carnet", "p_carnet.index", "file-text", 90, "contacts.view")]'
ITEM = 'Module("carnet", "Carnet"'
IMPORTS = "from core.api import hookimpl\n"
PARTNER = "    settings_schema = VieSettings\n"
SECOND = """
    def blueprint(self) -> Blueprint | None:
        from encours_carnet.views import pages

        made = pages()
        other = Blueprint("apart", __name__, static_folder="static", static_url_path="/p/carnet/fichiers")
        other.send_static_file.__func__.encours_policy = open_to_all
        made.record(lambda state: state.app.register_blueprint(other))
        return made

    @hookimpl
    def modules("""
FETCH = """
    @hookimpl
    def test_connection(self, ctx):
        from urllib.request import urlopen

        return Probe(urlopen("http://partenaire.example/").status == 200, "Il répond.")
"""
GUARDS = """
    @hookimpl
    def transaction_guards(self, ctx, account, acts):
        import socket

        socket.create_connection(("partenaire.example", 443), timeout=1)
        return {}
"""
BREAKS: dict[str, Break] = {
    "raises": Break("plugin.py", ENTRY, '        raise ValueError("oups")', "types", "modules lève ValueError : oups", "raise ValueError"),
    "sleeps": Break("plugin.py", ENTRY, f"        import time\n\n        time.sleep(30)\n{ENTRY}", "voies",
                    "modules attend", "time.sleep(30)"),
    "wrong type": Break("plugin.py", ENTRY, "        return 42", "types", "une liste de Module était attendue, int reçu"),
    "exits": Break("plugin.py", ENTRY, "        raise SystemExit(3)", "types", "lève SystemExit"),
    "Markup": Break("plugin.py", ITEM, 'Module("carnet", __import__("markupsafe").Markup("Carnet")', "étiquettes",
                    "Markup(…) déclare sûr", "Markup("),
    "HTML in a label": Break("plugin.py", ITEM, 'Module("carnet", "<b>Carnet</b>"', "étiquettes", "contient du HTML"),
    "safe in a template": Break("templates/carnet/index.html", "{{ line.text }}", "{{ line.text | safe }}", "étiquettes",
                                "montre un nom sans l'échapper"),
    "core's inside": Break("views.py", "from core.api import contacts\n", "from core.contacts import services as contacts\n",
                           "imports", "core.contacts.services", "from core.contacts import"),
    "core's inside by text": Break(
        "views.py", 'PLUGIN = "carnet"', 'import importlib\n\ncore_db = importlib.import_module("core.extensions")\nPLUGIN = "carnet"',
        "imports", "core.extensions", "import_module",
    ),
    "foreign host": Break(
        "templates/carnet/index.html", "<section class", '<a href="https://ailleurs.example/x">{{ _(\'Aide\') }}</a><section class',
        "liens", "un hôte non déclaré : ailleurs.example",
    ),
    "another's page": Break("plugin.py", '"p_carnet.index"', '"p_contacts.index"', "liens", "page d'un autre : p_contacts.index"),
    "query per row": Break(
        "services.py", "    names = {line.id: line.name for line in contacts.lists.lines(session, [row.contact_id for row in rows])}",
        "    names = {row.contact_id: contacts.get_contact(session, adviser, row.contact_id).name for row in rows}",
        "requêtes", "/p/carnet/ fait", "names = {",
    ),
    "query in an inline hook": Break(
        "plugin.py", ENTRY, f"        from core.api import db\n        db.session().connection().exec_driver_sql('SELECT 1')\n{ENTRY}",
        "voies", "interroge la base", "exec_driver_sql",
    ),
    "secret logged": Break(
        "plugin.py", ENTRY, f'        ctx.logger.info("jeton %s", ctx.settings["token"])\n{ENTRY}', "secrets",
        "le journal contient le réglage secret", "ctx.logger.info",
        also=(("settings.py", "    shown = ", '    token = fields.password(_l("Jeton"))\n    shown = '),),
    ),
    "secret shown": Break(
        "views.py", "urls=urls, contact=None", 'urls={}, contact=None, title=own_settings(PLUGIN)["token"]', "secrets",
        "/p/carnet/ montre le réglage secret", "def index",
        also=(("settings.py", "    shown = ", '    token = fields.password(_l("Jeton"))\n    shown = '),
              ("templates/carnet/index.html", "<small>{{ ngettext", "{{ title }} <small>{{ ngettext")),
    ),
    "text outside of _()": Break("templates/carnet/index.html", "{{ _('Ajouter la note') }}", "Ajouter la note", "langue",
                                 "n'est pas traduisible : 'Ajouter la note'", "Ajouter la note"),
    "English label": Break("plugin.py", ITEM, 'Module("carnet", "My notes"', "langue", "Module.label est en anglais : 'My notes'"),
    "undeclared foreign key": Break(
        "plugin.py", '    references = (Ref("carnet_note", "contact_id", to="contact"),)', "    references = ()", "références",
        "carnet_note.contact_id pointe vers contact sans être déclarée",
    ),
    "static file when off": Break(
        "plugin.py", "\n    def blueprint(self) -> Blueprint | None:\n        \"\"\"Pages under /p/carnet.\"\"\"\n"
        "        from encours_carnet.views import pages\n\n        return pages()\n\n    @hookimpl\n    def modules(", SECOND, "éteint",
        "GET /p/carnet/fichiers/marque.txt répond 200 à un cabinet qui ne l'a pas activé",
        also=(("plugin.py", "\n\nclass CarnetPlugin", "\nfrom core.web.policy import Policy\n\nopen_to_all = Policy('public')\n\n\nclass CarnetPlugin"),),
    ),
    "no policy": Break("views.py", '@permission("contacts.view")\ndef index', "def index", "routes",
                       "/p/carnet/ ne dit pas qui peut entrer", "def index"),
    "unknown right": Break("views.py", '@permission("contacts.view")\ndef index', '@permission("carnet.magie")\ndef index', "routes",
                           "demande un droit inconnu : carnet.magie"),
    "a page that fails": Break("views.py", '    """The newest notes."""\n', "    1 / 0\n", "routes", "répond 500 : ZeroDivisionError", "1 / 0"),
    "remembers across cabinets": Break(
        "services.py", "    return [Line(", "    if not _SEEN:\n        _SEEN.extend(rows)\n    rows = _SEEN\n    return [Line(", "cloison",
        "/p/carnet/ montre à un cabinet des données d'un autre",
        also=(("services.py", "\n\n@dataclass", "\n_SEEN = []\n\n\n@dataclass"),),
    ),
    "no way down": Break("migrations/versions/0001_notes.py", '    op.drop_table("carnet_note")', "    pass", "migrations",
                         "la descente laisse carnet_note"),
    "models and migrations differ": Break(
        "migrations/versions/0001_notes.py", '        sa.Column("text", sa.String(500), nullable=False),\n', "", "migrations",
        "les modèles et les migrations diffèrent sur carnet_note",
    ),
    "nobody keeps it": Break("quality.toml", 'maintainer = "Votre nom"', 'maintainer = ""', "déclarations", "qui le maintient"),
    "a fault of the partner's untold": Break("plugin.py", PARTNER, PARTNER + FETCH, "pannes", "test_connection lève", "urlopen(", "partner",
        also=(("plugin.py", "from core.api.partner import", "from core.api import hookimpl\nfrom core.api.types import Probe\nfrom core.api.partner import"),)),
    "a batch that calls": Break("plugin.py", PARTNER, PARTNER + GUARDS, "voies", "appelle un partenaire pour une liste entière",
        "create_connection", "partner", also=(("plugin.py", "from core.api.partner import", "from core.api import hookimpl\nfrom core.api.partner import"),)),
    "does not start": Break("plugin.py", IMPORTS, f"{IMPORTS}raise SystemExit(3)\n", "chargement", "SystemExit à l'import"),
    "another interface": Break("plugin.py", 'api = ">=1.0,<2"', 'api = ">=9"', "chargement", "il demande l'API >=9"),
}  # fmt: skip


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["module", "partner"])
def test_a_sound_plugin_has_nothing_said_of_it(kit: Kit, tmp_path: Path, kind: str) -> None:
    """PL-07: the scaffold as it is written reaches silver."""
    report = kit.check(laid(tmp_path, NAME[kind], kind), NAME[kind])
    assert report["findings"] == []
    assert (report["level"], report["version"]) == ("argent", "0.1.0")


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_each_break_is_named(kit: Kit, tmp_path: Path, name: str) -> None:
    """PL-07: the rule, the words, the file and line."""
    made, plugin = BREAKS[name], NAME[BREAKS[name].kind]
    site = laid(tmp_path, plugin, made.kind)
    package = site / f"encours_{plugin}"
    for file, old, new in ((made.file, made.old, made.new), *made.also):
        change(package / file, old, new)
    if name == "static file when off":
        (package / "static").mkdir()
        (package / "static" / "marque.txt").write_text("marque", "utf-8")
    report = kit.check(site, plugin, made.rule)
    found = [one for one in report["findings"] if one["rule"] == made.rule and made.says in one["what"]]
    assert found, report["findings"]
    assert found[0]["why"]
    assert found[0]["todo"]
    if made.at:
        lines = (package / made.file).read_text("utf-8").splitlines()
        named = [re.fullmatch(rf".*{re.escape(made.file)}:(\d+)", one["where"]) for one in found]
        assert any(match and made.at in "".join(lines[int(match[1]) - 2 : int(match[1]) + 1]) for match in named), found


def test_a_package_without_its_entry_point(kit: Kit, tmp_path: Path) -> None:
    """style.md: «package misses the entry point, so plugin invisible»: the kit says which line is missing."""
    report = kit.check(laid(tmp_path, "carnet", "module", entry=False), "carnet")
    assert [one["rule"] for one in report["findings"]] == ["chargement"]
    assert "sans point d'entrée" in report["findings"][0]["what"]
    assert report["level"] is None
