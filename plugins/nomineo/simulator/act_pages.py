"""Pages of one act: form, recapitulation, receipt."""

from __future__ import annotations

from flask import Blueprint
from flask import abort
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from . import act_flow
from .act_flow import Act
from .acts import STATUS_LABELS
from .browser import check_form
from .browser import see_other
from .browser import signed_in
from .browser import the_session
from .context import world
from .fault_answers import faulty
from .forms import fields
from .forms.base import Table
from .ledger import OPEN

blueprint = Blueprint("act_pages", __name__, url_prefix="/acts")

_NOT_BEFORE_VALIDATION = ("rejected", "cancelled")


def _look(key: str) -> Act:
    try:
        return act_flow.look(world(), key, the_session().adviser)
    except act_flow.NotYours:
        abort(404)


def _totals(act: Act, typed: dict[str, str]) -> dict[str, int]:
    """Sums under the tables, in hundredths."""
    return {
        block.name: sum(fields.hundredths(typed.get(line.name) or "0") or 0 for line in block.lines)
        for block in act.form.blocks(act.context)
        if isinstance(block, Table)
    }


def _form(act: Act, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> tuple[str, int]:
    prefill = act.transaction.prefill if act.transaction.typed is None else None
    notes = list(act.initial().notes)
    if prefill and prefill["dropped"]:
        notes.append("Une partie des instructions reçues était illisible\u202f: elle n'est pas reprise.")
    page = render_template(
        "act_form.html", act=act, blocks=act.form.blocks(act.context), typed=typed, errors=errors, notes=notes,
        totals=_totals(act, typed), prefilled=prefill is not None,
    )  # fmt: skip
    return page, status


@blueprint.get("/<key>")
@signed_in
@faulty("act")
def show(key: str) -> ResponseReturnValue:
    """The form; where the act is closed, why (PLP-079)."""
    act = _look(key)
    if act.open:
        return _form(act, dict(act.initial().values), {})
    if act.transaction.status == OPEN or act.transaction.status in _NOT_BEFORE_VALIDATION:
        return render_template("act_closed.html", act=act)
    return see_other("act_pages.receipt", key=key)


@blueprint.post("/<key>")
@signed_in
@faulty("act")
def enter(key: str) -> ResponseReturnValue:
    """What was typed: wrong, the form again; right, the recapitulation."""
    check_form()
    try:
        act, errors = act_flow.enter(world(), key, the_session().adviser, request.form.to_dict())
    except act_flow.NotYours:
        abort(404)
    if not act.open:
        return see_other("act_pages.show", key=key)
    if errors:
        return _form(act, dict(act.transaction.typed or {}), errors, 422)
    return see_other("act_pages.recap", key=key)


@blueprint.get("/<key>/recapitulatif")
@signed_in
@faulty("act")
def recap(key: str) -> ResponseReturnValue:
    """What will be validated."""
    act = _look(key)
    entry = act_flow.entry_of(act) if act.open else None
    if entry is None:
        return see_other("act_pages.show", key=key)
    return render_template("act_recap.html", act=act, entry=entry)


@blueprint.post("/<key>/validation")
@signed_in
@faulty("act")
def validate(key: str) -> ResponseReturnValue:
    """«Valider la transaction»; a second click comes to the same receipt."""
    check_form()
    try:
        act_flow.validate(world(), key, the_session().adviser)
    except act_flow.NotYours:
        abort(404)
    return see_other("act_pages.show", key=key)


@blueprint.post("/<key>/abandon")
@signed_in
def abandon(key: str) -> ResponseReturnValue:
    """«Abandonner»."""
    check_form()
    try:
        act_flow.abandon(world(), key, the_session().adviser)
    except act_flow.NotYours:
        abort(404)
    return see_other("act_pages.show", key=key)


@blueprint.get("/<key>/accuse")
@signed_in
def receipt(key: str) -> ResponseReturnValue:
    """What was validated, its number, its status."""
    act = _look(key)
    if act.transaction.status == OPEN:
        return see_other("act_pages.show", key=key)
    return render_template("act_receipt.html", act=act, label=STATUS_LABELS[act.transaction.status])
