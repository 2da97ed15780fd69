"""Ways to break a scaffold, each in one place, and what the kit must say of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """Changes to files of the package: (file, old text, new text). `at`: a text of the line that the kit must name."""

    changes: tuple[tuple[str, str, str], ...]
    rule: str
    says: str
    at: str = ""
    kind: str = "module"


def _one(file: str, old: str, new: str, rule: str, says: str, at: str = "", *more: tuple[str, str, str]) -> Break:
    return Break(((file, old, new), *more), rule, says, at)


def _partner(old: str, new: str, rule: str, says: str, at: str) -> Break:
    imports = "from core.api.partner import"
    hooks = ("plugin.py", imports, f"from core.api import hookimpl\nfrom core.api.types import Probe\n{imports}")
    return Break((("plugin.py", old, new), hooks), rule, says, at, "partner")


ENTRY = '        return [Module("carnet", "Carnet", "p_carnet.index", "file-text", 90, "contacts.view")]'
ITEM = 'Module("carnet", "Carnet"'
SETTINGS = "    settings_schema = VieSettings\n"
INDEX = '@permission("contacts.view")\ndef index'
PAGE = "templates/carnet/index.html"
MIGRATION = "migrations/versions/0001_notes.py"
NAMES = "    names = {line.id: line.name for line in contacts.lists.lines(session, [row.contact_id for row in rows])}"
SECRET = (
    ("settings.py", "from core.api.forms import fields\n",
     "from core.api.forms import fields\nfrom core.api.settings import Secret\n"),
    ("settings.py", "    shown = ", '    token = Secret(_l("Jeton"))\n    shown = '),
)  # fmt: skip
BLUEPRINT = '''
    def blueprint(self) -> Blueprint | None:
        """Pages under /p/carnet."""
        from encours_carnet.views import pages

        return pages()

    @hookimpl
    def modules('''
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
REMEMBERS = "    if not _SEEN:\n        _SEEN.extend(rows)\n    rows = _SEEN\n    return [Line("


BREAKS: dict[str, Break] = {
    "raises": _one(
        "plugin.py", ENTRY, '        raise ValueError("oups")', "types", "modules lève ValueError : oups", "raise ValueError"
    ),
    "exits": _one("plugin.py", ENTRY, "        raise SystemExit(3)", "types", "lève SystemExit"),
    "wrong type": _one("plugin.py", ENTRY, "        return 42", "types", "une liste de Module était attendue, int reçu"),
    "sleeps": _one(
        "plugin.py", ENTRY, f"        import time\n\n        time.sleep(30)\n{ENTRY}", "voies", "modules attend", "time.sleep(30)"
    ),
    "query in an inline hook": _one(
        "plugin.py", ENTRY,
        f"        from core.api import db\n        db.session().connection().exec_driver_sql('SELECT 1')\n{ENTRY}", "voies",
        "interroge la base", "exec_driver_sql",
    ),
    "Markup": _one(
        "plugin.py", ITEM, 'Module("carnet", __import__("markupsafe").Markup("Carnet")', "étiquettes", "Markup(…) déclare sûr",
        "Markup(",
    ),
    "HTML in a label": _one("plugin.py", ITEM, 'Module("carnet", "<b>Carnet</b>"', "étiquettes", "contient du HTML"),
    "safe in a template": _one(
        PAGE, "{{ line.text }}", "{{ line.text | safe }}", "étiquettes", "montre un nom sans l'échapper"
    ),
    "core's inside": _one(
        "views.py", "from core.api import contacts\n", "from core.contacts import services as contacts\n", "imports",
        "core.contacts.services", "from core.contacts import",
    ),
    "core's inside by text": _one(
        "views.py", 'PLUGIN = "carnet"',
        'import importlib\n\ninside = importlib.import_module("core.extensions")\nPLUGIN = "carnet"',
        "imports", "core.extensions", "import_module",
    ),
    "foreign host": _one(
        PAGE, "<section class", '<a href="https://ailleurs.example/x">{{ _(\'Aide\') }}</a><section class', "liens",
        "un hôte non déclaré : ailleurs.example",
    ),
    "another's page": _one(
        "plugin.py", '"p_carnet.index"', '"p_contacts.index"', "liens", "page d'un autre : p_contacts.index"
    ),
    "query per row": _one(
        "services.py", NAMES,
        "    names = {row.contact_id: contacts.get_contact(session, adviser, row.contact_id).name for row in rows}", "requêtes",
        "/p/carnet/ fait", "names = {",
    ),
    "secret logged": _one(
        "plugin.py", ENTRY,
        f'        if token := ctx.settings["token"]:\n            ctx.logger.info("jeton %s", token.reveal())\n{ENTRY}',
        "secrets", "le journal contient le réglage secret", "ctx.logger.info", *SECRET,
    ),
    "secret shown": _one(
        "views.py", "urls=urls, contact=None",
        'urls={}, contact=None, title=own_context(PLUGIN).settings["token"] and own_context(PLUGIN).settings["token"].reveal()',
        "secrets", "/p/carnet/ montre le réglage secret", "def index", *SECRET,
        (PAGE, "<small>{{ ngettext", "{{ title }} <small>{{ ngettext"),
    ),
    "a page sleeps": _one(
        "services.py", "    rows = session.scalars(", "    __import__('time').sleep(20)\n    rows = session.scalars(", "routes",
        "/p/carnet/ répond 500 : il attend (time.sleep), et le kit l'a arrêté", "sleep(20)",
    ),
    "HTML in a field's label": _one(
        "views.py", 'fields.line(_l("Note")', 'fields.line(_l("<b>Note</b>")', "étiquettes",
        "montre du HTML comme du texte : <b>", "def contact",
    ),
    "a message outside of _()": _one(
        "views.py", 'flash(_("La note est enregistrée."), "success")', 'flash("La note est enregistrée.", "success")', "langue",
        "un texte n'est pas traduisible : 'La note est enregistrée.'", "flash(",
    ),
    "text outside of _()": _one(
        PAGE, "{{ _('Ajouter la note') }}", "Ajouter la note", "langue", "n'est pas traduisible : 'Ajouter la note'",
        "Ajouter la note",
    ),
    "English label": _one("plugin.py", ITEM, 'Module("carnet", "My notes"', "langue", "Module.label est en anglais : 'My notes'"),
    "undeclared foreign key": _one(
        "plugin.py", '    references = (Ref("carnet_note", "contact_id", to="contact"),)', "    references = ()", "références",
        "carnet_note.contact_id pointe vers contact sans être déclarée",
    ),
    "static file when off": _one(
        "plugin.py", BLUEPRINT, SECOND, "éteint",
        "GET /p/carnet/fichiers/marque.txt répond 200 à un cabinet qui ne l'a pas activé", "",
        ("plugin.py", "\n\nclass CarnetPlugin",
         "\nfrom core.web.policy import Policy\n\nopen_to_all = Policy('public')\n\n\nclass CarnetPlugin"),
    ),
    "on everybody's pages": _one(
        "views.py", "    return made\n", "    made.before_app_request(lambda: None)\n    return made\n", "éteint",
        "il agit sur les pages des autres (before_request)", "before_app_request",
    ),
    "no policy": _one("views.py", INDEX, "def index", "routes", "/p/carnet/ ne dit pas qui peut entrer", "def index"),
    "unknown right": _one(
        "views.py", INDEX, '@permission("carnet.magie")\ndef index', "routes", "demande un droit inconnu : carnet.magie"
    ),
    "a page that fails": _one(
        "views.py", '    """The newest notes."""\n', "    1 / 0\n", "routes", "répond 500 : ZeroDivisionError", "1 / 0"
    ),
    "remembers across cabinets": _one(
        "services.py", "    return [Line(", REMEMBERS, "cloison", "/p/carnet/ montre à un cabinet des données d'un autre", "",
        ("services.py", "\n\n@dataclass", "\n_SEEN = []\n\n\n@dataclass"),
    ),
    "no way down": _one(
        MIGRATION, '    op.drop_table("carnet_note")', "    pass", "migrations", "la descente laisse carnet_note"
    ),
    "models and migrations differ": _one(
        MIGRATION, '        sa.Column("text", sa.String(500), nullable=False),\n', "", "migrations",
        "les modèles et les migrations diffèrent sur carnet_note",
    ),
    "nobody keeps it": _one("quality.toml", 'maintainer = "Votre nom"', 'maintainer = ""', "déclarations", "qui le maintient"),
    "a fault of the partner's untold": _partner(SETTINGS, SETTINGS + FETCH, "pannes", "test_connection lève", "urlopen("),
    "a batch that calls": _partner(
        SETTINGS, SETTINGS + GUARDS, "voies", "appelle un partenaire pour une liste entière", "create_connection"
    ),
    "no way to the mandate": _partner(
        SETTINGS, f"{SETTINGS}\n    def blueprint(self):\n        return None\n", "routes",
        "il remplace les pages de l'activation", "def blueprint",
    ),
    "does not start": _one(
        "plugin.py", "from core.api import hookimpl\n", "from core.api import hookimpl\nraise SystemExit(3)\n", "chargement",
        "SystemExit à l'import",
    ),
    "pages that cannot be made": _one(
        "views.py", "    made = blueprint(PLUGIN, __name__)\n", '    raise SystemExit("pages")\n', "chargement",
        "le module ne démarre pas : SystemExit au démarrage",
    ),
    "another interface": _one("plugin.py", 'api = ">=1.0,<2"', 'api = ">=9"', "chargement", "il demande l'API >=9"),
}  # fmt: skip
