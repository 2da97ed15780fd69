"""«Fusionner»: two files side by side, what each field becomes, and the way back (CT-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames

MERGE = contacts.merging.RIGHT
_PREFIX = "f-"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/fusion", "merge", merge, methods=["GET", "POST"])
    made.add_url_rule("/fusion/choix", "merge_two", two, methods=["POST"])
    made.add_url_rule("/<contact_id>/fusionner", "merge_with", pick)
    made.add_url_rule("/fusions/<merge_id>", "merge_undo", take_apart, methods=["GET", "POST"])


@permission(MERGE)
def two() -> ResponseReturnValue:
    """The two contacts ticked in the list."""
    ids = list(dict.fromkeys(request.form.getlist("ids")))
    if len(ids) != 2:
        flash(_("Cochez exactement deux contacts à fusionner."), "warning")
        return redirect(url_for("p_contacts.index"), 303)
    return redirect(url_for("p_contacts.merge", garder=ids[0], fusionner=ids[1]), 303)


@permission(MERGE)
def pick(contact_id: str) -> ResponseReturnValue:
    """With which other file: those that look alike, or any that is looked for."""
    frame = frames.of(contact_id, "general", _("Fusionner"))
    if not contacts.merging.allowed(db_session(), adviser(), contact_id):
        raise Forbidden(_("Votre profil permet de voir ce dossier, pas de le fusionner. Adressez-vous à qui suit ce client."))
    text = request.args.get("q", "").strip()[:100]
    alike = contacts.twins.of_cabinet(db_session(), adviser(), most=10, contact_id=contact_id).pairs
    found = [line for line in _search(text) if line.id != contact_id and line.kind == frame["contact"].line.kind]
    return render_template(
        "contacts/merge_with.html", **frame, text=text, found=found,
        alike=[(pair.second if pair.first.id == contact_id else pair.first, pair) for pair in alike],
    )  # fmt: skip


def _search(text: str) -> tuple[contacts.ContactLine, ...]:
    return contacts.found(db_session(), adviser(), text, limit=20)[0] if text else ()


@permission(MERGE)
def merge() -> ResponseReturnValue:
    """The comparison, and the merge. Whatever is refused, the choices made stay."""
    kept, merged = request.values.get("garder", ""), request.values.get("fusionner", "")
    if request.method == "GET":
        if (there := _already(kept, merged)) is not None:
            return there
        return _page(contacts.merging.compare(db_session(), adviser(), kept, merged), {}, {}, forms.token())
    key, chosen = forms.once(request.form.get("once", "")), _chosen()
    try:
        done = contacts.merging.merge(
            db_session(), adviser(), kept, merged, chosen, seen=request.form.get("seen") or None, once=key
        )
    except DomainError as error:
        if error.status == 403 or error.status == 404 or error.code == "not-the-same-kind":
            raise
        db_session().rollback()
        both = contacts.merging.compare(db_session(), adviser(), kept, merged, chosen)
        wrong = {one.name: _("Choisissez la valeur à garder.") for one in both.undecided}
        if error.field:
            wrong.setdefault(error.field, error.text)
        return _page(both, chosen, wrong, key, "" if wrong else error.text, 409 if isinstance(error, Conflict) else 422)
    if not done.again:
        token = undo.offer(db_session(), adviser(), "contacts.merged", f"contact:{done.kept_id}", {"merge": done.id})
        db_session().commit()
        undo.say(_("Les deux dossiers sont réunis. La fusion pourra aussi être défaite depuis le dossier."), token)
    else:
        flash(_("Ces deux dossiers sont déjà fusionnés."), "info")
    kept = contacts.aliases.kept(db_session(), done.kept_id) or done.kept_id
    return redirect(url_for("p_contacts.contact", contact_id=kept), 303)


@permission(MERGE)
def take_apart(merge_id: str) -> ResponseReturnValue:
    """What taking the merge apart gives back, or what stands in the way; then do it."""
    row = contacts.merging.get(db_session(), adviser(), merge_id)
    if request.method == "POST":
        try:
            done = contacts.merging.undo(db_session(), adviser(), merge_id)
        except Conflict:
            db_session().rollback()
        else:
            db_session().commit()
            flash(_("La fusion est défaite\u202f: les deux dossiers sont de nouveau séparés."), "success")
            return redirect(url_for("p_contacts.contact", contact_id=done.merged_id), 303)
    if row.undone_at is not None:
        flash(_("Cette fusion a déjà été défaite."), "info")
        return redirect(url_for("p_contacts.contact", contact_id=row.merged_id))
    in_the_way = contacts.merging.obstacles(db_session(), row)
    kept = contacts.aliases.kept(db_session(), row.kept_id) or row.kept_id
    also_reads("contact", kept)
    fields = [
        (contacts.history.LABELS.get(name, name), contacts.history.said(name, _plain(one["before"])),
         contacts.history.said(name, _plain(one["after"])))
        for name, one in row.record["fields"].items()
    ]  # fmt: skip
    page = render_template(
        "contacts/merge_undo.html", **frames.of(kept, "general", _("Défaire la fusion")), merge=row, fields=fields,
        moved=contacts.merging.rows_told(row), in_the_way=in_the_way,
    )  # fmt: skip
    return page, 409 if request.method == "POST" else 200


@undo.command("contacts.merged", permission=MERGE)
def undo_merge(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `merge`."""
    contacts.merging.undo(session, by, payload["merge"])
    return str(_("La fusion est défaite\u202f: les deux dossiers sont de nouveau séparés."))


def _already(kept: str, merged: str) -> ResponseReturnValue | None:
    """The file where both are one already, for an address that was kept."""
    for one, other in ((kept, merged), (merged, kept)):
        if (found := contacts.aliases.led(db_session(), adviser(), one)) is not None:
            if found == other or contacts.aliases.led(db_session(), adviser(), other) == found:
                flash(_("Ces deux dossiers sont déjà fusionnés."), "info")
                return redirect(url_for("p_contacts.contact", contact_id=found))
            left, right = (found, merged) if one == kept else (kept, found)
            return redirect(url_for("p_contacts.merge", garder=left, fusionner=right))
    return None


def _chosen() -> dict[str, str]:
    return {name.removeprefix(_PREFIX): value for name, value in request.form.items() if name.startswith(_PREFIX)}


def _plain(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value


def _page(
    both: contacts.merging.Comparison, chosen: Mapping[str, str], wrong: Mapping[str, str], key: str, refused: str = "",
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    for row in (both.kept, both.merged):
        also_reads("contact", row.id)
    labels = {one.name: one.label for one in both.fields}
    errors = [{"name": name, "label": labels.get(name, name), "error": text} for name, text in wrong.items()]
    page = render_template(
        "contacts/merge.html", both=both, once=key, wrong=wrong, errors=[*errors, *([{"error": refused}] if refused else [])],
        same=[one for one in both.fields if one.state == "same"],
        asked=[one for one in both.fields if one.state == "conflict"],
        rest=[one for one in both.fields if one.state in ("completed", "free")],
        crumbs=[
            (_("Contacts"), url_for("p_contacts.index")),
            (both.kept.display_name, url_for("p_contacts.contact", contact_id=both.kept.id)), (_("Fusionner"), None),
        ],
    )  # fmt: skip
    return page, status
