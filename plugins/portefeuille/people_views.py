"""Who stands on an account: holders, insured, beneficiaries with rank, share, clause, acceptance (PF-01, domain.md §2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import contacts
from core.api import forms
from core.api.db import DomainError
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_edit_views as editing
from plugins.portefeuille import picking

#: People that the form has room for.
ROWS = 10
HUNDRED = Decimal(100)
_BENEFICIARY = ("BENEFICIAIRE",)
_SHARED = ("BENEFICIAIRE", "TITULAIRE", "CO_TITULAIRE", "NU_PROPRIETAIRE", "USUFRUITIER")
_RANK = _l("Un rang va de 1 à 9.")


def register(made: Blueprint) -> None:
    """The route."""
    made.add_url_rule("/comptes/<account_id>/personnes", "account_people", people, methods=["GET", "POST"])


def _row(n: int) -> dict[str, Any]:
    return {
        f"who_{n}": fields.line(_l("Personne %(n)s", n=n), autocomplete="off"),
        f"role_{n}": fields.choice(_l("Rôle %(n)s", n=n), accounts.ROLES),
        f"rank_{n}": fields.whole(
            _l("Rang %(n)s", n=n), 1, 9, wrong=_RANK, invalid=_RANK, empty=1, when=(f"role_{n}", _BENEFICIARY)
        ),
        f"share_{n}": fields.percent(_l("Part %(n)s", n=n), when=(f"role_{n}", _SHARED)),
        f"accepted_{n}": fields.day(_l("Acceptation %(n)s", n=n), past=True, when=(f"role_{n}", _BENEFICIARY)),
        f"clause_{n}": fields.line(_l("Clause %(n)s", n=n), 2000, lines=True, wide=True, when=(f"role_{n}", _BENEFICIARY)),
    }


_FIELDS = {name: one for n in range(1, ROWS + 1) for name, one in _row(n).items()}
PeopleForm: type[Form] = type("PeopleForm", (Form,), {"__doc__": "Everybody on an account.", **_FIELDS})


@permission(editing.EDIT)
def people(account_id: str) -> ResponseReturnValue:
    """Add somebody in an empty row, take somebody away by emptying his; shares of one rank make 100 %."""
    card = accounts.card(db_session(), adviser(), account_id)
    editing.editable(account_id)
    schema, asked = PeopleForm(), editing.Asked()
    named = {one.contact_id: _said(one) for one in card.roles}
    values: Mapping[str, Any] = _shown(card.roles, named)
    stamp = forms.stamp(schema, values)
    clash = None
    if request.method == "POST":
        typed, seen = forms.typed(schema, request.form), request.form.get("seen", "")
        clash = forms.clash(schema, seen, values, typed)
        values, stamp = (clash.typed, stamp) if clash else (typed, seen)
        checked = forms.check(schema, values)
        asked.errors = {} if clash else {**checked.errors, **_unranked(values)}
        roles = _read(checked.values, {said: who for who, said in named.items()}, asked) if not (clash or asked.errors) else []
        if not (clash or asked.errors):
            try:
                given = set(request.form.getlist("acquitter"))
                accounts.by_hand.set_people(db_session(), adviser(), account_id, roles, seen=given)
                return editing.done(account_id, _("Les personnes du compte sont enregistrées."))
            except accounts.checks.Unconfirmed as error:
                db_session().rollback()
                asked.findings = error.findings
            except DomainError as error:
                db_session().rollback()
                asked.errors = {"": error.text}
    title = _("Personnes du compte")
    page = render_template(
        "portefeuille/people_form.html", title=title, card=card, crumbs=editing.trail(card, title), asked=asked, rows=ROWS,
        form=forms.view(schema, values, asked.errors, stamp=stamp, clash=clash),
        back=url_for("p_portefeuille.account", account_id=account_id),
        used=min(ROWS, 1 + max((n for n in range(1, ROWS + 1) if values.get(f"who_{n}")), default=1)),
    )  # fmt: skip
    return page, 409 if clash or asked.findings else 422 if asked.errors else 200


def _unranked(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Beneficiaries whose rank was emptied: nobody guesses it."""
    return {
        f"rank_{n}": _RANK for n in range(1, ROWS + 1)
        if typed.get(f"role_{n}") in _BENEFICIARY and not str(typed.get(f"rank_{n}", 1)).strip()
    }  # fmt: skip


def _read(values: Mapping[str, Any], named: Mapping[str, str], asked: editing.Asked) -> list[accounts.Role]:
    found: list[accounts.Role] = []
    for n in range(1, ROWS + 1):
        text, role = values.get(f"who_{n}"), values.get(f"role_{n}")
        if not text:
            continue
        who = named.get(text.strip())
        if who is None:
            who, wrong, lines = picking.picked(f"who_{n}", text)
            if wrong:
                asked.errors[f"who_{n}"], asked.choices[f"who_{n}"] = wrong, lines
        if not role:
            asked.errors[f"role_{n}"] = _("Choisissez son rôle.")
            continue
        share = values.get(f"share_{n}")
        found.append(accounts.Role(
            who, role, values.get(f"rank_{n}") or 1, None if share is None else share / HUNDRED,
            values.get(f"clause_{n}") or None, values.get(f"accepted_{n}"),
        ))  # fmt: skip
    if not asked.errors and (wrong_rank := _short(found)):
        asked.errors[""] = _(
            "Les parts des bénéficiaires de rang %(n)s ne font pas 100\u00a0%%\u202f: complétez-les, ou laissez-les toutes "
            "vides.", n=wrong_rank,
        )
    return found


def _short(roles: Sequence[accounts.Role]) -> int | None:
    """The first rank whose beneficiaries' shares, where one is told, do not make the whole to a hundredth of a percent."""
    for rank in sorted({one.rank for one in roles if one.role == "BENEFICIAIRE"}):
        shares = [one.share for one in roles if one.role == "BENEFICIAIRE" and one.rank == rank]
        told = [one for one in shares if one is not None]
        if told and (len(told) < len(shares) or abs(sum(told, Decimal(0)) - 1) > Decimal("0.0001")):
            return rank
    return None


def _said(one: accounts.RoleLine) -> str:
    if not one.visible:
        return one.name
    return picking.said(contacts.get_contact(db_session(), adviser(), one.contact_id).line)


def _shown(roles: Sequence[accounts.RoleLine], named: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {f"rank_{n}": 1 for n in range(1, ROWS + 1)}
    for n, one in enumerate(roles[:ROWS], 1):
        values |= {
            f"who_{n}": named[one.contact_id], f"role_{n}": one.role,
            f"rank_{n}": one.rank if one.role == "BENEFICIAIRE" else 1,
            f"share_{n}": None if one.share is None else one.share * HUNDRED, f"accepted_{n}": one.accepted_on,
            f"clause_{n}": one.clause or "",
        }  # fmt: skip
    return values
