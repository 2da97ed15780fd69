"""«Gammes»: the ranges of products that the cabinet chooses: made, changed, put away (OU-04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import forms
from core.api import supports
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission

EDIT = supports.by_hand.EDIT
_ONE = "/gammes/<range_id>"
#: Characters of a line of supports: a code, and what one notes behind it.
LONGEST = 300


class RangeForm(Form):
    """A range."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Gamme"), "supports": _l("Supports éligibles")}

    name = fields.line(
        _l("Nom"), 120, missing=_l("Donnez un nom à cette gamme."), group="what",
        help=_l("Par exemple «\u202fHimalia, unités de compte retenues\u202f»."),
    )  # fmt: skip
    company = fields.choice(_l("Compagnie"), {}, late=True, group="what", help=_l("Vide\u202f: un choix du cabinet."))
    product = fields.line(_l("Produit"), 120, group="what", help=_l("Le nom commercial du contrat."))
    remarks = fields.line(_l("Remarques"), 500, lines=True, group="what", wide=True)
    supports = fields.line(
        _l("Codes ISIN ou internes"), 100_000, lines=True, group="supports", wide=True,
        help=_l("Un par ligne\u202f; ce qui suit le code n'est pas lu. Collez une colonne de tableur."),
    )  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/gammes", "ranges", index)
    made.add_url_rule("/gammes/nouvelle", "range_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/modifier", "range_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/archiver", "range_archive", archive, methods=["POST"])
    made.add_url_rule(f"{_ONE}/desarchiver", "range_restore", restore, methods=["POST"])


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The cabinet's ranges; those that were put away, beneath."""
    every = supports.ranges.listed(db_session())
    rows, past = [one for one in every if one.archived_at is None], [one for one in every if one.archived_at]
    return render_template(
        "outils/ranges.html", rows=rows, past=past, can_edit=current_context().can(EDIT),
        crumbs=[*_trail()[:1], (_("Gammes"), None)],
    )  # fmt: skip


@permission(EDIT)
def new() -> ResponseReturnValue:
    """Name one. The form's key makes that a second arrival makes nothing."""
    schema = RangeForm()
    if request.method == "GET":
        return _form(schema, {}, {}, _("Nouvelle gamme"), once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    errors = _saved(schema, typed, new_id=key)
    if errors is None:
        return _done(_("La gamme est enregistrée."))
    return _form(schema, typed, errors, _("Nouvelle gamme"), once=key)


@permission(EDIT)
def edit(range_id: str) -> ResponseReturnValue:
    """Change one and its supports."""
    found = supports.ranges.get(db_session(), range_id)
    schema, title = RangeForm(), _("Modifier la gamme")
    kept = [f"{one.isin or one.code}\u202f; {one.label}" for one in supports.ranges.members(db_session(), range_id)]
    values = {
        "name": found.terms.name, "company": found.terms.company, "product": found.terms.product, "remarks": found.terms.remarks,
        "supports": "\n".join(kept),
    }  # fmt: skip
    if request.method == "GET":
        return _form(schema, values, {}, title, found=found, stamp=forms.stamp(schema, values))
    typed, seen = forms.typed(schema, request.form), request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _form(schema, clash.typed, {}, title, found=found, stamp=forms.stamp(schema, values), clash=clash)
    errors = _saved(schema, typed, range_id=range_id)
    if errors is None:
        return _done(_("Les modifications sont enregistrées."))
    return _form(schema, typed, errors, title, found=found, stamp=seen)


@permission(EDIT)
def archive(range_id: str) -> ResponseReturnValue:
    """Put it away: the list of supports offers it no more."""
    if not supports.ranges.archive(db_session(), adviser(), range_id):
        return redirect(url_for("p_outils.ranges"), 303)
    token = undo.offer(db_session(), adviser(), "outils.range_archived", f"support-range:{range_id}", {"range": range_id})
    db_session().commit()
    undo.say(_("La gamme est archivée."), token)
    return redirect(url_for("p_outils.ranges"), 303)


@permission(EDIT)
def restore(range_id: str) -> ResponseReturnValue:
    """Take it back."""
    supports.ranges.restore(db_session(), adviser(), range_id)
    return _done(_("La gamme est sortie des archives."))


@undo.command("outils.range_archived", permission=EDIT)
def archived_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    supports.ranges.restore(session, by, payload["range"])
    return str(_("La gamme est sortie des archives."))


def _saved(
    schema: Form, typed: Mapping[str, Any], *, range_id: str | None = None, new_id: str | None = None
) -> dict[str, str] | None:  # fmt: skip
    """What is wrong, by field; None where it is written."""
    checked = forms.check(schema, typed)
    errors, said = dict(checked.errors), checked.values
    company = str(typed.get("company") or "").strip()
    if company and company not in _companies():
        errors.setdefault("company", _("Choisissez une compagnie de la liste."))
    if any(len(line) > LONGEST for line in str(typed.get("supports") or "").splitlines()):
        errors.setdefault("supports", _("Une ligne est trop longue\u202f: écrivez un code par ligne."))
    if errors:
        return errors
    terms = supports.ranges.Terms(
        said["name"], said.get("company") or "", said.get("product") or "", said.get("remarks") or ""
    )  # fmt: skip
    try:
        supports.ranges.save(db_session(), adviser(), terms, said.get("supports") or "", range_id=range_id, new_id=new_id)
    except DomainError as error:
        db_session().rollback()
        return forms.refused(error)
    return None


def _form(
    schema: Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *, once: str | None = None,
    found: supports.ranges.Range | None = None, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    view = forms.view(schema, values, errors, options={"company": _companies()}, stamp=stamp, clash=clash)
    page = render_template(
        "outils/range_form.html", title=title, found=found, once=once, form=view, crumbs=[*_trail(), (title, None)],
        back=url_for("p_outils.ranges"),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _companies() -> dict[str, str]:
    """Code → name, by name."""
    known = {one.code: one.name for one in supports.naming.companies(db_session()).values()}
    return dict(sorted(known.items(), key=lambda one: one[1].casefold()))


def _done(said: str) -> ResponseReturnValue:
    db_session().commit()
    flash(said, "success")
    return redirect(url_for("p_outils.ranges"), 303)


def _trail() -> list[tuple[str, str | None]]:
    return [(_("Supports"), url_for("p_outils.index")), (_("Gammes"), url_for("p_outils.ranges"))]
