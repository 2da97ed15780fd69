"""What every list has besides its table: export, choice of columns, saved views. Registered beside the list's own page.

The pages live in the list's own blueprint, behind its plugin's gates, and ask for the list's own permission.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from flask import Blueprint
from flask import flash
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import send_file
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.cabinets import audit
from core.db.clock import today
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.shell import saved_views
from core.shell.gate import current_context
from core.web import exports
from core.web import fields
from core.web import formats
from core.web import forms
from core.web import lists
from core.web import once
from core.web.lists import ListState
from core.web.policy import policy
from core.web.request import db_session

_NAMELESS = _l("Donnez un nom à la vue, par exemple «\u202fMes clients à suivre\u202f».")


class ViewForm(forms.Form):
    """«Enregistrer la vue»."""

    name = fields.line(_l("Nom de la vue"), 80, missing=_NAMELESS)
    shared = fields.flag(_l("Partager avec tout le cabinet"))


@dataclass(frozen=True, slots=True)
class ListPages:
    """What a list's pages need of it. `where`: the arguments of the list's own URL.

    `read` gives the state of parameters, and raises `NotFound` where the person may not see the list; `count` and
    `lines` are of all its pages, in its order; `only` narrows them to lines ticked. They get a session that reads.
    """

    spec: lists.ListSpec
    read: Callable[..., ListState]
    count: Callable[[TenantSession, ListState, Sequence[str]], int]
    lines: Callable[[TenantSession, ListState, Sequence[str]], Iterable[Any]]


def register(made: Blueprint, pages: ListPages, rule: str) -> None:
    """The routes, under the list's own rule."""
    base, name = f"{rule.rstrip('/')}/liste", pages.spec.endpoint.rpartition(".")[2]
    allowed = policy("permission", pages.spec.permission)
    for suffix, path, methods, act in (
        ("columns", "/colonnes", ["POST"], _columns), ("export", "/export", ["POST"], _export),
        ("views", "/vues", ["GET", "POST"], _views), ("view", "/vues/<view_id>", ["POST"], _view),
    ):  # fmt: skip
        made.add_url_rule(f"{base}{path}", f"{name}_{suffix}", allowed(_bound(act, pages)), methods=methods)


def state(spec: lists.ListSpec, args: MultiDict[str, str], **more: Any) -> ListState:
    """`core.web.lists.read` for the person at hand, with the columns that he chose last. One query."""
    kept = _preference(spec).columns
    return lists.read(spec, args, can=current_context().can, kept=kept, **more)


def opening(spec: lists.ListSpec, **where: str) -> str | None:
    """The address of the person's usual view, for a list that is asked for with no parameter at all."""
    if request.args:
        return None
    usual = _preference(spec).view_id
    found = [view for view in _views_of(spec) if view.id == usual] if usual else []
    return address(spec, found[0], where) if found else None


def views(shown: ListState) -> tuple[tuple[saved_views.View, str], ...]:
    """The views of a list with their addresses, for its menu."""
    return tuple((view, address(shown.spec, view, shown.where)) for view in _views_of(shown.spec))


def address(spec: lists.ListSpec, view: saved_views.View, where: Mapping[str, str]) -> str:
    """Where a view is shown."""
    kept: dict[str, Any] = {name: value for name, value in parse_qsl(view.query) if name in _names(spec)}
    return url_for(spec.endpoint, **{**kept, "vue": view.id, **where})


def _preference(spec: lists.ListSpec) -> saved_views.Preference:
    """The person's own way of the list; read once a request, with the views."""
    return _used(spec)[0]


def _views_of(spec: lists.ListSpec) -> tuple[saved_views.View, ...]:
    return _used(spec)[1]


def _used(spec: lists.ListSpec) -> tuple[saved_views.Preference, tuple[saved_views.View, ...]]:
    known: dict[str, tuple[saved_views.Preference, tuple[saved_views.View, ...]]] = g.setdefault("list_uses", {})
    if spec.key not in known:
        known[spec.key] = saved_views.used(db_session(), _adviser(), spec.key)
    return known[spec.key]


def _names(spec: lists.ListSpec) -> frozenset[str]:
    return frozenset({*lists.PARAMETERS, *(one.key for one in spec.filters)}) - {"page", "vue"}


def _bound(act: Callable[..., ResponseReturnValue], pages: ListPages) -> Callable[..., ResponseReturnValue]:
    def view(**where: str) -> ResponseReturnValue:
        return act(pages, **where)

    view.__doc__, view.__module__ = act.__doc__, act.__module__
    return view


def _carried(pages: ListPages, where: Mapping[str, str]) -> ListState:
    """The state of the list that the form or the link came from."""
    sent = request.values.get("liste", "")[:4000]
    return pages.read(MultiDict(parse_qsl(sent)), **where)


def _columns(pages: ListPages, **where: str) -> ResponseReturnValue:
    """Remember the columns chosen, and show them."""
    shown = _carried(pages, where)
    usual = lists.usual(shown.offered)
    wanted = lists.chosen(shown.offered, request.form.getlist("colonne")) if request.form.get("acte") != "retablir" else usual
    if not wanted:
        flash(_("Aucune colonne n'était cochée\u202f: les colonnes habituelles sont rétablies."), "info")
    keys = None if not wanted or wanted == usual else ",".join(column.key for column in wanted)
    saved_views.keep_columns(db_session(), _adviser(), pages.spec.key, keys)
    db_session().commit()
    return redirect(shown.url(colonnes=keys, page=shown.number if shown.number > 1 else None))


def _export(pages: ListPages, **where: str) -> ResponseReturnValue:
    """The list as filtered, all its pages, in the columns shown; or the lines ticked. The journal says who took what."""
    shown = _carried(pages, where)
    kind = "xlsx" if request.form.get("format") == "xlsx" else "csv"
    only = list(dict.fromkeys(request.form.getlist("ids")))[: lists.SIZES[-1]]
    session, adviser = db_session(), _adviser()
    session.rollback()  # a long read must not hold the lock of a writer
    with db.session(session.require_cabinet(), write=False) as reading:
        total = pages.count(reading, shown, only)
        if total > exports.MOST:
            flash(
                _(
                    "Cette liste compte %(total)s lignes\u202f: un fichier en porte %(most)s au plus. Filtrez-la, puis exportez.",
                    total=formats.grouped(total), most=formats.grouped(exports.MOST),
                ), "warning",
            )  # fmt: skip
            return redirect(shown.here())
        written = _Counted(pages.lines(reading, shown, only))
        cells = ([column.value(line) for column in shown.exported] for line in written)
        file = exports.write(kind, str(pages.spec.title), [str(column.label) for column in shown.exported], cells)
    said = {
        "list": pages.spec.key, "format": kind, "filters": {key: value for key, value in shown.typed.items() if value},
        "columns": [column.key for column in shown.exported], "selected": len(only), "rows": written.count, **where,
    }  # fmt: skip
    audit.record(session, adviser.user_id, "list.exported", f"list:{pages.spec.key}", said)
    session.commit()
    name = f"{pages.spec.key.replace('.', '-')}-{today().isoformat()}.{kind}"
    return send_file(file, mimetype=exports.TYPES[kind], as_attachment=True, download_name=name, max_age=0)


def _views(pages: ListPages, **where: str) -> ResponseReturnValue:
    """The views of a list: to save what is shown as one, and to look after those that there are."""
    shown = _carried(pages, where)
    if request.method == "GET":
        return _page(pages, shown, ViewForm(), {}, {}, once.token())
    schema = ViewForm()
    key, typed = once.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            query = urlencode(shown.query(page=None, vue=None))
            made = saved_views.save(
                db_session(), _adviser(), pages.spec.key, checked.values["name"], query, shared=checked.values["shared"],
                view_id=key,
            )  # fmt: skip
            db_session().commit()
            flash(_("La vue « %(name)s » est enregistrée.", name=checked.values["name"]), "success")
            return redirect(shown.url(vue=made))
        except DomainError as error:
            errors = forms.refused(error)
    return _page(pages, shown, schema, typed, errors, key)


def _view(pages: ListPages, view_id: str, **where: str) -> ResponseReturnValue:
    """Rename a view, share it, open the list with it, delete it."""
    shown, act = _carried(pages, where), request.form.get("acte", "")
    session, adviser, key = db_session(), _adviser(), pages.spec.key
    saved_views.check(session, adviser, key, view_id)
    if act == "supprimer":
        flash(_("La vue « %(name)s » est supprimée.", name=saved_views.remove(session, adviser, key, view_id)), "success")
    elif act == "habituelle":
        saved_views.make_usual(session, adviser, key, view_id)
        flash(_("La liste s'ouvre désormais avec cette vue."), "success")
    elif act == "ordinaire":
        saved_views.make_usual(session, adviser, key, None)
        flash(_("La liste s'ouvre désormais entière."), "success")
    elif (wrong := _changed(key, view_id)) is not None:
        session.rollback()
        return _page(pages, shown, ViewForm(), {}, {}, once.token(), wrong)
    session.commit()
    values: dict[str, Any] = {**where, "liste": shown.carried() or None}
    return redirect(url_for(f"{pages.spec.endpoint}_views", **values))


def _changed(key: str, view_id: str) -> dict[str, Any] | None:
    """Change a view as the form says; what was typed and what is wrong with it, if anything is."""
    schema = ViewForm()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        name, shared = checked.values["name"], checked.values["shared"]
        try:
            saved_views.change(db_session(), _adviser(), key, view_id, name=name, shared=shared)
            flash(_("La vue « %(name)s » est modifiée.", name=name), "success")
        except DomainError as error:
            if error.field is None:
                raise
            errors = forms.refused(error)
    if not errors:
        return None
    return {
        "id": view_id, "name": typed.get("name", ""), "shared": bool(typed.get("shared")),
        "error": next(iter(errors.values())),
    }  # fmt: skip


def _page(
    pages: ListPages, shown: ListState, schema: ViewForm, typed: Mapping[str, Any], errors: Mapping[str, str], key: str,
    wrong: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    form = forms.view(schema, typed, errors)
    page = render_template(
        "lists/views.html", state=shown, form=form, once=key, wrong=wrong, views=views(shown),
        crumbs=[(str(pages.spec.title), shown.here()), (_("Vues"), None)],
    )  # fmt: skip
    return page, 422 if errors or wrong else 200


class _Counted:
    """Lines as they pass, and how many there were."""

    def __init__(self, lines: Iterable[Any]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Any:
        for line in self._lines:
            self.count += 1
            yield line


def _adviser() -> Adviser:
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
