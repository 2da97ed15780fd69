"""The wizard, in four steps with a way back; the list of imports; progress, report, undoing (AC-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import ModuleType
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import send_file
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.db import current
from core.db.errors import DomainError
from core.files.received import received
from core.hooks.types import Adviser
from core.imports import files
from core.imports import pages
from core.imports import report
from core.imports import services
from core.imports import states
from core.imports import targets
from core.imports import work
from core.imports.models import ImportRun
from core.imports.targets import Known
from core.shell.gate import current_context
from core.shell.gate import own_context
from core.web import exports
from core.web import forms
from core.web.attached import attach
from core.web.once import once
from core.web.once import token
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
RIGHT = "contacts.edit"
#: A file of fewer lines is gone through at once, while one waits.
QUICK = 300
#: Imports and lines of a page.
MOST = 100


@blueprint.get("")
@policy("permission", RIGHT)
def index() -> ResponseReturnValue:
    """One's own imports, the newest first; everybody's for an administrator."""
    known = [one for one in targets.every(current_context().enabled) if _adviser().can(one.target.permission)]
    labels = {one.target.key: one.target.label for one in known}
    rows = services.listed(db_session(), _adviser(), limit=MOST, targets=labels)
    people = services.people(db_session(), rows)
    return render_template("imports/index.html", rows=rows, labels=labels, known=known, people=people, states=states)


@blueprint.get("/nouveau/<target>")
@policy("permission", RIGHT)
def new(target: str) -> ResponseReturnValue:
    """Step 1: which file."""
    return _new(_known(target), {}, {}, token())


@blueprint.post("/nouveau/<target>")
@policy("permission", RIGHT)
def receive(target: str) -> ResponseReturnValue:
    """Read the file, keep it; a second arrival of the form finds what the first made."""
    known, key = _known(target), once(request.form.get("once", ""))
    sent = received(files.RULE, "file", missing=_("Choisissez le fichier à importer."))
    db_session().commit()  # reading it is slow work
    if sent.error:
        return _new(known, {"file": sent.waiting}, {"file": sent.error}, key), 422
    try:
        found = services.opened(sent.files[0].filename, sent.files[0].data)
    except DomainError as error:
        sent.spend()  # it will not be read at the next try either
        db_session().commit()
        return _new(known, {}, {"file": error.text}, key), 422
    row = services.receive(db_session(), _adviser(), known, found, import_id=key)
    sent.spend()
    db_session().commit()
    return redirect(url_for(".columns", import_id=row.id), 303)


@blueprint.get("/<import_id>/colonnes")
@policy("permission", RIGHT)
def columns(import_id: str) -> ResponseReturnValue:
    """Step 2: which column fills which field, and what becomes of what is there already."""
    row, known = _open(import_id)
    if row.state not in states.OPEN:
        return redirect(url_for(".show", import_id=row.id))
    rules = row.settings["rules"]
    usual: dict[str, Any] = {name: next(iter(one.codes)) for name, one in known.choices.items()}
    told = {name: value for name, value in rules.items() if name in (*known.choices, "owner")}
    told |= {f"tick_{name}": name in rules.get("ticks", ()) for name in known.target.ticks}
    for one in known.target.fields:
        kept = rules.get(one.key) if one.constant else None
        told[f"constant_{one.key}"] = date.fromisoformat(kept) if kept and one.kind == "day" else kept
    return _columns(row, known, row.settings["mapping"], {**usual, **told, "source": row.source}, {})


@blueprint.post("/<import_id>/colonnes")
@policy("permission", RIGHT)
def choose(import_id: str) -> ResponseReturnValue:
    """Keep the choice and have the file gone through; or read it otherwise first."""
    row, known = _open(import_id)
    if "relire" in request.form:
        return _read_again(row, known)
    schema = pages.rules_form(known)
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    chosen, wrong = _chosen(row, known)
    errors = {**({"mapping": wrong} if wrong else {}), **checked.errors}
    owners = _owners(known)
    if typed.get("owner") and typed["owner"] not in owners:
        errors["owner"] = _("Choisissez un collaborateur de votre cabinet.")
    if errors:
        return _columns(row, known, chosen, typed, errors), 422
    said = {name: value for name, value in checked.values.items() if value and name != "source"}
    rules: dict[str, Any] = {name.removeprefix("constant_"): str(value) for name, value in said.items() if value is not True}
    rules["ticks"] = [name for name in known.target.ticks if said.get(f"tick_{name}")]
    try:
        services.choose(db_session(), _adviser(), row.id, known, chosen, rules, source=str(checked.values.get("source") or ""))
    except DomainError as error:
        db_session().rollback()
        if error.field is None:
            raise
        return _columns(row, known, chosen, typed, forms.refused(error)), 422
    quick = row.count <= QUICK
    cabinet_id = row.cabinet_id
    db_session().commit()
    if quick:
        work.carry(cabinet_id, {"import": import_id, "work": "check"})
    return redirect(url_for(".show", import_id=import_id), 303)


@blueprint.get("/<import_id>")
@policy("permission", RIGHT)
def show(import_id: str) -> ResponseReturnValue:
    """Steps 3 and 4: what would be done, how far it is, what was done."""
    row, known = _open(import_id)
    if row.state == "draft":
        return redirect(url_for(".columns", import_id=row.id))
    return render_template("imports/show.html", **_shown(row, known))


@blueprint.get("/<import_id>/etat")
@policy("permission", RIGHT)
def status(import_id: str) -> ResponseReturnValue:
    """The live part of the page."""
    row, known = _open(import_id)
    return render_template("imports/status.html", **_shown(row, known))


@blueprint.get("/<import_id>/rapport.csv")
@policy("permission", RIGHT)
def errors_file(import_id: str) -> ResponseReturnValue:
    """What was not imported: each line as it came, and why."""
    row, _target = _open(import_id)
    file = report.written(db_session(), row)
    services.told(db_session(), _adviser(), row)
    db_session().commit()
    name = f"rapport-{row.filename.rsplit('.', 1)[0]}.csv"
    answer = send_file(file, mimetype=exports.TYPES["csv"], as_attachment=True, download_name="rapport.csv", max_age=0)
    return attach(answer, name)


@blueprint.post("/<import_id>/lancer")
@policy("permission", RIGHT)
def begin(import_id: str) -> ResponseReturnValue:
    """Have it written."""
    row, _target = _open(import_id)
    services.begin(db_session(), _adviser(), row.id)
    return _done(row.id, _("L'import est lancé\u202f: vous pouvez quitter cette page, la liste des imports le suit."))


@blueprint.post("/<import_id>/arreter")
@policy("permission", RIGHT)
def stop(import_id: str) -> ResponseReturnValue:
    """Have it end after the batch at hand."""
    row, _target = _open(import_id)
    services.stop(db_session(), _adviser(), row.id)
    return _done(row.id, _("L'import s'arrête. Ce qui est déjà écrit reste, et peut être annulé."))


@blueprint.post("/<import_id>/annuler")
@policy("permission", RIGHT)
def undo(import_id: str) -> ResponseReturnValue:
    """Have all of it taken back."""
    row, _target = _open(import_id)
    services.undo(db_session(), _adviser(), row.id)
    return _done(row.id, _("L'annulation est lancée."))


@blueprint.post("/<import_id>/abandonner")
@policy("permission", RIGHT)
def give_up(import_id: str) -> ResponseReturnValue:
    """Forget one of which nothing was written."""
    row, _target = _open(import_id)
    services.give_up(db_session(), _adviser(), row.id)
    db_session().commit()
    flash(_("L'import est abandonné. Rien n'a été écrit."), "success")
    return redirect(url_for(".index"), 303)


def _read_again(row: ImportRun, known: Known) -> ResponseReturnValue:
    read, import_id, filename = row.settings["read"], row.id, row.filename
    schema: forms.Form = pages.SheetForm() if read["kind"] == "xlsx" else pages.ReadForm()
    asked = {name: request.form.get(name, "") for name in schema.fields}  # as they are: a tab is a separator
    wrong = dict(forms.check(schema, forms.typed(schema, request.form)).errors)
    if asked.get("sheet") and asked["sheet"] not in read.get("sheets", ()):
        wrong["sheet"] = _("Choisissez une feuille de ce classeur.")
    if wrong:
        return _columns(row, known, row.settings["mapping"], {}, {}, (asked, wrong)), 422
    if row.sha256 is None:
        raise DomainError(_("Le fichier de cet import n'est plus gardé."))
    data = files.store(row.cabinet_id).get(row.sha256)
    db_session().rollback()
    try:
        found = services.opened(filename, data, {**read, **{name: one for name, one in asked.items() if one}})
    except DomainError as error:
        row, known = _open(import_id)
        return _columns(row, known, row.settings["mapping"], {}, {"mapping": error.text}), 422
    services.read_again(db_session(), _adviser(), import_id, known, found)
    db_session().commit()
    return redirect(url_for(".columns", import_id=import_id), 303)


def _chosen(row: ImportRun, known: Known) -> tuple[dict[str, int], str | None]:
    """Field → column as the page sent it; what is wrong with it."""
    chosen: dict[str, int] = {}
    labels = {one.key: str(one.label) for one in known.target.fields}
    wrong = None
    for place, _head in enumerate(row.settings["read"]["heads"]):
        key = request.form.get(f"colonne-{place}", "")
        if key in chosen:
            wrong = wrong or _("Deux colonnes remplissent «\u202f%(field)s\u202f»\u202f: gardez-en une.", field=labels[key])
        elif key in labels:
            chosen[key] = place
    return chosen, wrong


def _columns(
    row: ImportRun, known: Known, chosen: Mapping[str, int], values: Mapping[str, Any], errors: Mapping[str, str],
    reading: tuple[Mapping[str, Any], Mapping[str, str]] | None = None,
) -> str:  # fmt: skip
    """The page of columns. `reading`: what was typed of how the file is read, and what is wrong with it."""
    read = row.settings["read"]
    typed, refused = reading or (read, {})
    shown = {name: text for name, text in errors.items() if name != "mapping"}
    form = forms.view(pages.rules_form(known), values, shown, options={"owner": _owners(known)})
    if read["kind"] == "xlsx":
        sheets = {one: one for one in read["sheets"]}
        again = forms.view(pages.SheetForm(), {"sheet": typed["sheet"]}, refused, options={"sheet": sheets})
    elif read["kind"] == "csv":
        again = forms.view(pages.ReadForm(), typed, refused)
    else:
        again = None
    return render_template(
        "imports/columns.html", row=row, known=known, form=form, columns=pages.columns(row, chosen), options=pages.options(known),
        marks=pages.marks(row, 1), said=pages.said(row), again=again, fault=errors.get("mapping"),
        earlier=services.earlier(db_session(), _adviser(), row), crumbs=_crumbs(known, row.filename),
    )  # fmt: skip


def _shown(row: ImportRun, known: Known) -> dict[str, Any]:
    session = db_session()
    checking = row.state in states.OPEN
    lines = [] if checking else services.lines(session, _adviser(), row.id, ("error",), limit=MOST)
    skipped = [] if checking else services.lines(session, _adviser(), row.id, ("skip",), limit=20)
    return {
        "row": row, "known": known, "states": states, "counts": pages.counts(row), "said": pages.said(row),
        "marks": pages.marks(row, 2 if checking else 3), "groups": pages.preview(row) if row.state == "checked" else [],
        "lines": lines, "skipped": skipped, "kept": services.kept(session, row.id) if row.state == "undone" else [],
        "earlier": services.earlier(session, _adviser(), row) if row.state == "checked" else None,
        "back": pages.list_url(known) or url_for(".index"),
        "who": services.people(session, [row]).get(row.user_id or ""), "crumbs": _crumbs(known, row.filename), "most": MOST,
    }  # fmt: skip


def _new(known: Known, values: Mapping[str, Any], errors: Mapping[str, str], key: str) -> str:
    return render_template(
        "imports/new.html", form=forms.view(pages.FileForm(), values, errors), once=key, known=known, marks=pages.marks(None, 0),
        crumbs=_crumbs(known, _("Nouveau fichier")),
    )  # fmt: skip


def _crumbs(known: Known, here: str) -> list[tuple[str, str | None]]:
    trail: list[tuple[str, str | None]] = []
    if listed := pages.list_url(known):
        trail.append((str(known.target.label), listed))
    return [*trail, (_("Imports"), url_for(".index")), (here, None)]


def _owners(known: Known) -> dict[str, str]:
    if known.target.owners is None:
        return {}
    with current.bound(db_session()):
        return dict(known.target.owners(own_context(known.plugin)))


def _done(import_id: str, text: str) -> ResponseReturnValue:
    db_session().commit()
    flash(text, "success")
    return redirect(url_for(".show", import_id=import_id), 303)


def _open(import_id: str) -> tuple[ImportRun, Known]:
    """An import of one's own, whose module is on."""
    row = services.get(db_session(), _adviser(), import_id)
    return row, _known(row.target)


def _known(target: str) -> Known:
    return targets.find(target, current_context().enabled, _adviser())


def _adviser() -> Adviser:
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found


@blueprint.app_template_global()
def import_states() -> ModuleType:
    """Words and looks of states, for pages that show them all (the style guide)."""
    return states


@blueprint.app_template_global()
def import_url(target: str) -> str | None:
    """Where one imports such things; None for who may not, or where nothing takes them: for a plugin's own list."""
    here = [one for one in targets.every(current_context().enabled) if one.target.key == target]
    who = _adviser()
    may = here and who.can(RIGHT) and who.can(here[0].target.permission)
    return url_for("imports.new", target=target) if may else None


@blueprint.app_template_global()
def import_said(row: ImportRun) -> str:
    """How much of an import is done, in a few words."""
    if row.state in states.OPEN:
        return str(ngettext("%(num)s ligne", "%(num)s lignes", row.count))
    done = sum(row.tally.get(key, 0) for key in ("create", "update", "part"))
    return str(ngettext("%(num)s écrite sur %(of)s", "%(num)s écrites sur %(of)s", done, of=row.count))
