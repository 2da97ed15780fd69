"""«Fichiers de supports»: EMT, EPT and EET files sent, checked, compared, applied, taken back (OU-09)."""

from __future__ import annotations

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.api import files
from core.api import forms
from core.api import supports
from core.api.db import DomainError
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.outils import fact_rows
from plugins.outils import fed_reading

EDIT = supports.by_hand.EDIT
_ONE = "/supports/fichiers/<file_id>"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RULE = files.rule("outils.facts", permission=EDIT, types=("text/csv", _XLSX))
#: Changes and unknown supports that a page shows: all of them are applied.
SHOWN = 200


class FileForm(Form):
    """Which file."""

    file = fields.file(
        _l("Fichier EMT, EPT ou EET"), rule=RULE,
        help=_l("Le gabarit FinDatEx qu'une société de gestion publie, en CSV ou en Excel."),
    )  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/supports/fichiers", "support_files", index, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "support_file", show)
    made.add_url_rule(f"{_ONE}/appliquer", "support_file_apply", apply, methods=["POST"])
    made.add_url_rule(f"{_ONE}/annuler", "support_file_undo", undo, methods=["POST"])
    made.add_url_rule(f"{_ONE}/oublier", "support_file_drop", drop, methods=["POST"])


@permission(EDIT)
def index() -> ResponseReturnValue:
    """The files that were sent, and the form that sends one; a second arrival of it finds what the first made."""
    if request.method == "GET":
        return _index({}, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    sent = files.received(RULE, "file", missing=_("Choisissez le fichier à lire."))
    db_session().commit()  # reading it is slow work
    if sent.error:
        return _index({"file": sent.waiting}, {"file": sent.error}, key)
    try:
        found = fed_reading.read(sent.files[0].filename, sent.files[0].data)
    except DomainError as error:
        sent.spend()  # it will not be read at the next try either
        db_session().commit()
        return _index({}, {"file": error.text}, key)
    row = supports.files.receive(db_session(), adviser(), found, file_id=key)
    sent.spend()
    db_session().commit()
    return redirect(url_for("p_outils.support_file", file_id=row.id), 303)


@permission(EDIT)
def show(file_id: str) -> ResponseReturnValue:
    """What a file would change, or what it changed; what is wrong in it."""
    row = supports.files.get(db_session(), file_id)
    found = supports.files.preview(db_session(), row) if row.state == "LU" else None
    return render_template(
        "outils/file.html", row=row, found=found, findings=supports.files.findings(row), shown=SHOWN, words=fact_rows.words,
        state=supports.file_models.STATES[row.state], crumbs=[*_trail(), (row.name, None)],
    )  # fmt: skip


@permission(EDIT)
def apply(file_id: str) -> ResponseReturnValue:
    """Write all of it."""
    row = supports.files.apply(db_session(), adviser(), file_id)
    count = len(row.done["items"])
    db_session().commit()
    flash(ngettext("%(num)s valeur du fichier est écrite.", "%(num)s valeurs du fichier sont écrites.", count), "success")
    return redirect(url_for("p_outils.support_file", file_id=file_id), 303)


@permission(EDIT)
def undo(file_id: str) -> ResponseReturnValue:
    """Take back what it wrote."""
    kept = supports.files.undo(db_session(), adviser(), file_id)
    db_session().commit()
    said = _("Fichier annulé\u202f: les valeurs d'avant sont de retour.")
    if kept:
        left = ngettext("%(num)s valeur, changée depuis, reste.", "%(num)s valeurs, changées depuis, restent.", kept)
        said = f"{said} {left}"
    flash(said, "success")
    return redirect(url_for("p_outils.support_file", file_id=file_id), 303)


@permission(EDIT)
def drop(file_id: str) -> ResponseReturnValue:
    """Forget one that was not applied."""
    supports.files.drop(db_session(), adviser(), file_id)
    db_session().commit()
    flash(_("Le fichier est oublié\u202f: rien n'en avait été écrit."), "success")
    return redirect(url_for("p_outils.support_files"), 303)


def _index(values: dict[str, object], errors: dict[str, str], key: str) -> ResponseReturnValue:
    page = render_template(
        "outils/files.html", rows=supports.files.listed(db_session()), form=forms.view(FileForm(), values, errors), once=key,
        states=supports.file_models.STATES, crumbs=[_trail()[0], (_("Fichiers de supports"), None)],
    )  # fmt: skip
    return page, 422 if errors else 200


def _trail() -> list[tuple[str, str | None]]:
    return [(_("Supports"), url_for("p_outils.index")), (_("Fichiers de supports"), url_for("p_outils.support_files"))]
