"""The page on which an act is typed, once or to come back: its rows, what it would do, what is refused (PF-04)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from core.api import accounts
from core.api import forms
from core.api import links
from core.api import transactions
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.types import AccountAction
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from plugins.portefeuille import frames
from plugins.portefeuille import transaction_forms as typing

TypedAct = transactions.typed_acts.TypedAct


@dataclass
class Page:
    """What the form shows beside what was typed."""

    errors: dict[str, str]
    effect: transactions.typed.Effect | None = None
    #: A surrender, explained.
    surrender: Any = None
    #: What a local rule says of this act on this account: how it looks, its text.
    warning: tuple[str, str] | None = None
    clash: forms.Clash | None = None
    rows: int = 0
    #: It was sent, and is shown again with what was typed.
    again: bool = False


@dataclass(frozen=True)
class Asking:
    """What is asked for. `key`: the form's, None where something is changed; `stored`: what it begins with.

    `read` gives what was typed (with its `reason`), the row of each line and what is wrong; `look` fills the page with what it
    would do; `write` gives the address of what it wrote. `look` and `write` raise `DomainError` with the field.
    """

    card: accounts.AccountCard
    act: TypedAct
    form: forms.Form
    held: accounts.Holdings
    stored: Mapping[str, Any]
    key: str | None
    title: str
    crumbs: Sequence[tuple[str, str | None]]
    back: str
    read: Callable[[Mapping[str, Any]], tuple[Any, dict[int, int], dict[str, str]]]
    look: Callable[[Any, Page], None]
    write: Callable[[Any], str]
    done: str
    #: Of the template: the fields above the lines, the button's word.
    more: Mapping[str, Any] = field(default_factory=dict)


def answer(asked: Asking) -> ResponseReturnValue:
    """The form, or what its sending leads to."""
    form, act, account = asked.form, asked.act, asked.card.ref
    stored = {name: value for name, value in asked.stored.items() if name in form.fields}
    page, values = Page({}, warning=_warning(account.id, act)), stored
    if request.method == "POST":
        values, page.again = forms.typed(form, request.form), True
        pressed, shown = request.form.get("do", ""), min(typing.ROWS, request.form.get("rows", 0, type=int))
        gone = pressed.removeprefix("retirer-")
        if pressed == "ligne":
            page.rows = shown + 1
        elif pressed != gone and gone.isascii() and gone.isdigit() and len(gone) < 4 and 1 <= int(gone) <= typing.ROWS:
            values, page.rows = typing.without(values, int(gone)), max(1, shown - 1)
        else:
            made = _written(asked, values, page, stored, only=pressed == "calculer")
            if made is not None:
                return redirect(made, 303)
            db_session().rollback()
            if page.clash is not None:
                values = page.clash.typed
    by_value = not asked.held.lines and account.value is not None and not act.held
    rows = 0 if by_value else min(typing.ROWS, max(page.rows, typing.used(act, values, page.rows)))
    stamp = forms.stamp(form, stored) if page.clash is not None or not request.form.get("seen") else request.form["seen"]
    found = render_template(
        "portefeuille/typed_form.html", title=asked.title, card=asked.card, act=act, page=page, held=asked.held,
        once=asked.key, rows=rows, crumbs=asked.crumbs, back=asked.back, parts=typing.ROW, known=set(form.fields),
        form=forms.view(form, values, page.errors, stamp="" if asked.key else stamp, clash=page.clash), **asked.more,
    )  # fmt: skip
    return found, 422 if page.errors else 409 if page.clash else 200


def allowed(account_id: str, code: str, reason: str) -> None:
    """Local rules, as at a partner: a block refuses, a warning asks for a reason (BL-10, BL-11). Raises as `links.check_act`."""
    act = transactions.typed_acts.ACTS[code]
    asked = AccountAction(act.code, act.label, nature=act.nature)
    links.check_act(hub(), current_context(), db_session(), frames.account(account_id), asked, reason)


def _written(
    asked: Asking, values: Mapping[str, Any], page: Page, stored: Mapping[str, Any], *, only: bool
) -> str | None:  # fmt: skip
    """Where what was typed stands now; None where the form is shown again, with `page` saying why. `only`: shown, not written."""
    if asked.key is None and not only:
        page.clash = forms.clash(asked.form, request.form.get("seen", ""), stored, values)
        if page.clash is not None:
            return None
    checked = forms.check(asked.form, values)
    page.errors = dict(checked.errors)
    if page.errors:
        return None
    given, rows, page.errors = asked.read(checked.values)
    if page.errors:
        return None
    try:
        asked.look(given, page)
        if only:
            return None
        allowed(asked.card.ref.id, asked.act.code, given.reason)
        made = asked.write(given)
    except links.ReasonNeeded as error:
        page.errors = {"reason": error.text}
        return None
    except DomainError as error:
        page.effect = page.surrender = None
        page.errors = {typing.placed(error.field, rows, asked.form.fields): error.text}
        return None
    db_session().commit()
    flash(asked.done, "success")
    return made


def _warning(account_id: str, act: TypedAct) -> tuple[str, str] | None:
    try:
        allowed(account_id, act.code, "")
    except links.ReasonNeeded as error:
        return "warning", error.text
    except Forbidden:
        raise
    except DomainError as error:
        return "danger", error.text
    return None
