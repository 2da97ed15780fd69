"""What the scaffold has not: an API, a job, a command; first sound, then with many faults at once: the kit names each."""

from __future__ import annotations

from dataclasses import dataclass

IMPORTS = '''"""An API, a job and a command over the notes."""

import time

import click
from dataclasses import replace
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.api import contacts
from core.api import rights
from core.api.db import NotFound
from core.api.db import session
from core.api.jobs import Job
from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import Taken
from core.api.rest import schemas
from encours_carnet.models import Note

NOTES = Resource("carnet", _l("Notes"), plugin="carnet")


class NoteOut(Given):
    id = schemas.string()
    text = schemas.string()
    created_at = schemas.moment()


class NoteIn(Taken):
    contact_id = schemas.ask_text(_l("Contact"), 26, missing=_l("Donnez le contact."))
    text = schemas.ask_text(_l("Note"), 500, missing=_l("Saisissez la note."))


class Change(Taken):
    text = schemas.ask_text(_l("Note"), 500)


def seen(call):
    return select(Note).where(rights.on(Note.contact_id, call.adviser, "contact"))


def one(call, note_id):
    found = call.session.scalar(seen(call).where(Note.id == note_id))
    if found is None:
        raise NotFound("Cette note n'existe pas.")
    return found


'''
#: Nothing is to be said of it; everything of it is tried.
SOUND = '''@NOTES.get("/p/carnet/notes", _l("Lister les notes"), NoteOut, paged=True, scope="contacts:read")
def listed(call):
    wanted = seen(call) if call.after is None else seen(call).where(Note.id > call.after[0])
    return call.page(call.session.scalars(wanted.order_by(Note.id).limit(call.more)).all(), lambda row: (row.id,))


@NOTES.post("/p/carnet/notes", _l("Ajouter une note"), NoteOut, takes=NoteIn, scope="contacts:write", status=201)
def added(call):
    contacts.get_contact(call.session, call.adviser, call.taken["contact_id"])
    note = Note(**call.taken)
    call.session.add(note)
    call.session.flush()
    return Reply(note, location=f"/p/carnet/notes/{note.id}")


@NOTES.get("/p/carnet/notes/{note_id}", _l("Lire une note"), NoteOut, scope="contacts:read")
def shown(call, note_id):
    return one(call, note_id)


@NOTES.patch("/p/carnet/notes/{note_id}", _l("Modifier"), NoteOut, takes=Change, same="carnet_shown", scope="contacts:write")
def edited(call, note_id):
    found = one(call, note_id)
    found.text = call.taken.get("text") or found.text
    call.session.flush()
    return found


@NOTES.delete("/p/carnet/notes/{note_id}", _l("Supprimer une note"), scope="contacts:write")
def removed(call, note_id):
    call.session.delete(one(call, note_id))


def tidy(ctx, data):
    for note in session().scalars(select(Note).where(Note.contact_id == data["contact"])):
        note.text = note.text.strip().upper()


@click.command("compter")
@click.pass_obj
def counted(ctx):
    """Compte les notes du cabinet."""
    click.echo(str(len(session().scalars(select(Note.id)).all())))


@click.command("chercher")
@click.argument("mot")
def searched(mot):
    """Cherche un mot."""


RESOURCES, JOBS, COMMANDS = (NOTES,), (Job("ranger", tidy, example={"contact": "{contact_id}"}),), (counted, searched)
'''
API = '''@NOTES.get("/p/carnet/ouverte", _l("Lister"), NoteOut, paged=True)
def without_scope(call):
    return call.page(call.session.scalars(select(Note).order_by(Note.id).limit(call.more)).all(), lambda row: (row.id,))


@NOTES.get("/p/carnet/repete", _l("Lister"), NoteOut, paged=True, scope="contacts:read")
def repeats(call):
    return call.page(call.session.scalars(seen(call).order_by(Note.id).limit(call.more)).all(), lambda row: (row.id,))


@NOTES.get("/p/carnet/tout", _l("Lister"), NoteOut, paged=True, scope="contacts:read")
def unbounded(call):
    return Slice(tuple(call.session.scalars(seen(call)).all()))


class Odd(Given):
    text = schemas.string()
    missing = schemas.string()


@NOTES.get("/p/carnet/notes/{note_id}", _l("Lire une note"), Odd, scope="contacts:read")
def incomplete(call, note_id):
    return one(call, note_id)


@NOTES.get("/p/carnet/chute/{note_id}", _l("Lire une note"), NoteOut, scope="contacts:read")
def falls(call, note_id):
    return call.session.scalars(seen(call).where(Note.id == note_id)).one()


@NOTES.get("/p/carnet/ecrit/{note_id}", _l("Lire une note"), NoteOut, scope="contacts:read")
def writes(call, note_id):
    found = one(call, note_id)
    found.text = "lue"
    call.session.flush()
    return found


class Search(Asked):
    since = schemas.ask_text(_l("Depuis"))


@NOTES.get("/p/carnet/cherche", _l("Lister"), NoteOut, asks=Search, paged=True, scope="contacts:read")
def searches(call):
    int(call.asked.get("since") or 0)
    return Slice(())


@NOTES.post("/p/carnet/lue", _l("Marquer"), scope="contacts:read", status=204)
def by_reading(call):
    return None


@NOTES.post("/p/carnet/libre", _l("Marquer"), status=204)
def for_anybody(call):
    return None


@NOTES.post("/p/carnet/partout", _l("Marquer"), scope="contacts:write", status=204)
def everywhere(call):
    call.session.connection().exec_driver_sql("UPDATE carnet_note SET text = text || '!' WHERE cabinet_id = cabinet_id")


RESOURCES, JOBS, COMMANDS = (NOTES,), (), ()
'''
API_ROUND = '''@NOTES.get("/p/carnet/une-par-une", _l("Lister"), NoteOut, paged=True, scope="contacts:read")
def row_by_row(call):
    ids = call.session.scalars(select(Note.id).order_by(Note.id).limit(call.more)).all()
    return call.page([call.session.scalar(select(Note).where(Note.id == found)) for found in ids], lambda row: (row.id,))


@NOTES.get("/p/carnet/sans-mur", _l("Lister"), NoteOut, scope="contacts:read")
def without_wall(call):
    text = call.session.connection().exec_driver_sql("SELECT text FROM carnet_note WHERE cabinet_id = cabinet_id").scalars().all()
    return {"id": "", "text": " ".join(text), "created_at": None}


@NOTES.delete("/p/carnet/sans-mur/{note_id}", _l("Supprimer"), scope="contacts:write")
def takes_away(call, note_id):
    call.session.connection().exec_driver_sql(f"DELETE FROM carnet_note WHERE cabinet_id = cabinet_id AND id = '{note_id}'")


NOTES.operations[:] = [replace(one, plugin=None) for one in NOTES.operations]
RESOURCES, JOBS, COMMANDS = (NOTES,), (), ()
'''
JOBS = '''def adds(ctx, data):
    session().add(Note(contact_id=data["contact"], text="encore"))


def falls(ctx, data):
    return data["contact"]


def sleeps(ctx, data):
    time.sleep(60)


def everywhere(ctx, data):
    session().connection().exec_driver_sql("UPDATE carnet_note SET text = 'rangée' WHERE cabinet_id = cabinet_id")


RESOURCES, COMMANDS = (), ()
JOBS = (
    Job("ajouter", adds, example={"contact": "{contact_id}"}), Job("tomber", falls, example={}),
    Job("attendre", sleeps, example={}), Job("partout", everywhere, example={}), Job("inconnu", falls),
)
'''
COMMANDS = '''@click.command("muette")
def mute():
    pass


@click.command("chute")
def falls():
    """Tombe."""
    raise ValueError("oups")


class Unhelpful(click.Command):
    def format_help(self, ctx, formatter):
        raise ValueError("sans aide")


@click.command("aide", cls=Unhelpful)
def unhelpful():
    """Compte."""


@click.command("partout")
def everywhere():
    """Range tout."""
    session().connection().exec_driver_sql("UPDATE carnet_note SET text = 'rangée' WHERE cabinet_id = cabinet_id")


RESOURCES, JOBS, COMMANDS = (), (), (mute, falls, unhelpful, everywhere)
'''
#: The scaffold's plugin takes them in.
PLUGIN = (
    ("plugin.py", "from encours_carnet.settings import", "from encours_carnet import more\nfrom encours_carnet.settings import"),
    ("plugin.py", "    weight = 90\n", "    weight = 90\n    jobs, commands = more.JOBS, more.COMMANDS\n"),
    ("plugin.py", "    @hookimpl\n    def modules",
     "    def resources(self):\n        return more.RESOURCES\n\n    @hookimpl\n    def modules"),
)  # fmt: skip
VIEWS = '''

class WorseForm(Form):
    """A note with its day and its length."""

    text = fields.line(_l("Note"), 500, missing=_l("Saisissez la note."))
    on = fields.day(_l("Jour"))


def _worse(contact_id, kept, errors, schema, typed):
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    shown = forms.view(schema, typed if kept else {}, errors)
    return render_template("carnet/worse.html", form=shown, contact=found)


@permission("contacts.view")
def accepts(contact_id):
    """Writes whatever comes."""
    schema = WorseForm()
    typed = forms.typed(schema, request.form)
    forms.check(schema, typed)
    if request.method == "POST":
        services.add(db_session(), adviser(), contact_id, typed.get("text") or "vide")
        db_session().commit()
        return redirect(url_for("p_carnet.index"), 303)
    return _worse(contact_id, True, {}, schema, typed)


@permission("contacts.view")
def loses(contact_id):
    """Forgets what was typed, and says what is wrong nowhere."""
    schema = WorseForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed) if request.method == "POST" else None
    if checked is not None and not checked.errors:
        return redirect(url_for("p_carnet.index"), 303)
    return _worse(contact_id, False, {}, schema, {}), 422 if checked else 200


@permission("contacts.view")
def falls(contact_id):
    """Takes a day for granted, and shows what is typed as it is."""
    schema = WorseForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if request.method == "POST" and "2026" not in typed.get("on", ""):
        int(typed["on"])
    if request.method == "POST" and not checked.errors:
        db_session().connection().exec_driver_sql("UPDATE carnet_note SET text = 'vue' WHERE cabinet_id = cabinet_id")
        db_session().commit()
    return _worse(contact_id, True, checked.errors, schema, typed)


@permission("contacts.view")
def counts():
    """Writes when it is read."""
    db_session().connection().exec_driver_sql("UPDATE carnet_note SET text = 'vue' WHERE cabinet_id = cabinet_id")
    return "vu"
'''
ROUTES = '''    for path, view in (("accepte", accepts), ("perd", loses), ("tombe", falls)):
        made.add_url_rule(f"/{path}/<contact_id>", path, view, methods=["GET", "POST"])
    made.add_url_rule("/compte", "compte", counts)
    return made
'''
WORSE = """{% extends 'layout.html' %}
{% import 'macros/form.html' as forms %}
{% block content %}<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">{{ forms.all(form) }}
</form>{% endblock %}
"""


@dataclass(frozen=True)
class Faulty:
    """What the module has, and what each rule must say: (rule, words, a text of the line that is named)."""

    more: str
    says: tuple[tuple[str, str, str], ...]
    changes: tuple[tuple[str, str, str], ...] = ()
    untried: tuple[str, ...] = ()


NONE = "RESOURCES, JOBS, COMMANDS = (), (), ()\n"
FAULTY: dict[str, Faulty] = {
    "api": Faulty(API, (
        ("api", "GET /api/v1/p/carnet/ouverte ne demande aucun droit, et montre", "def without_scope"),
        ("api", "GET /api/v1/p/carnet/repete perd ou répète des lignes", "def repeats"),
        ("api", "GET /api/v1/p/carnet/tout rend 3 lignes quand une seule est demandée", "def unbounded"),
        ("api", "ne rend pas ce que Odd annonce : missing manque", "def incomplete"),
        ("api", "GET /api/v1/p/carnet/chute/{note_id} répond 500 (envoyé /p/carnet/chute/inconnu) : NoResultFound", ".one()"),
        ("api", "GET /api/v1/p/carnet/ecrit/{note_id} écrit dans la base : UPDATE carnet_note", "flush()"),
        ("api", "GET /api/v1/p/carnet/cherche répond 500 (since=", 'int(call.asked'),
        ("api", "POST /api/v1/p/carnet/lue change des données avec un droit de lecture", "def by_reading"),
        ("api", "POST /api/v1/p/carnet/libre change des données sans demander de droit", "def for_anybody"),
        ("api", "POST /api/v1/p/carnet/partout écrit chez un autre cabinet (carnet_note)", "def everywhere"),
    )),
    "api, walls": Faulty(API_ROUND, (
        ("requêtes", "GET /api/v1/p/carnet/une-par-une fait", "Note.id == found"),
        ("cloison", "GET /api/v1/p/carnet/sans-mur donne à un cabinet des données d'un autre", "def without_wall"),
        ("cloison", "DELETE /api/v1/p/carnet/sans-mur/{note_id} change des données d'un autre cabinet", "def takes_away"),
        ("éteint", "GET /api/v1/p/carnet/une-par-une répond 200 à un cabinet qui ne l'a pas activé", "def row_by_row"),
    )),
    "jobs": Faulty(JOBS, (
        ("travaux", "le travail «ajouter» fait deux fois laisse autre chose que fait une fois : carnet_note", "def adds"),
        ("travaux", "le travail «tomber» échoue : KeyError : 'contact'", 'return data["contact"]'),
        ("travaux", "le travail «attendre» attend plus de 2 s (time.sleep)", "time.sleep(60)"),
        ("travaux", "le travail «partout» écrit chez un autre cabinet (carnet_note)", "def everywhere"),
    ), untried=("le travail «inconnu» n'a pas été essayé : il ne dit pas avec quoi (Job(…, example={…}))",)),
    "commands": Faulty(COMMANDS, (
        ("commandes", "la commande «muette» ne dit pas ce qu'elle fait", "def mute"),
        ("commandes", "la commande «chute» échoue : ValueError : oups", 'ValueError("oups")'),
        ("commandes", "la commande «aide --help» échoue : ValueError : sans aide", '"sans aide"'),
        ("commandes", "la commande «partout» écrit chez un autre cabinet (carnet_note)", "def everywhere"),
    )),
    "forms": Faulty(NONE, (
        ("formulaires", "répond 303 à une saisie que son formulaire refuse (champs vides)", "def accepts"),
        ("formulaires", "écrit dans carnet_note une saisie que son formulaire refuse", "def accepts"),
        ("formulaires", "la faute de «text» n'est pas dite à côté du champ", "def loses"),
        ("formulaires", "ce qui était tapé dans «text» est perdu", "def loses"),
        ("formulaires", "répond 500 (vide) : ValueError", 'int(typed["on"])'),
        ("formulaires", "écrit chez un autre cabinet (carnet_note)", "def falls"),
        ("formulaires", "lire /p/carnet/compte écrit dans la base : UPDATE carnet_note", "exec_driver_sql"),
    ), (("views.py", "    return made\n", ROUTES), ("views.py", "    return page, 422 if errors else 200\n",
                                                      "    return page, 422 if errors else 200\n" + VIEWS))),
}  # fmt: skip
