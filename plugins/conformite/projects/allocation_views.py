"""Conformité > Allocation: what is held beside what suits the profile, the gaps, what could close them (CO-03)."""

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

from core.api import forms
from core.api.db import DomainError
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite.projects import allocations
from plugins.conformite.projects import assumptions
from plugins.conformite.projects import forms as typing
from plugins.conformite.projects import holding
from plugins.conformite.projects import offering
from plugins.conformite.projects import pictures
from plugins.conformite.projects import projection
from plugins.conformite.projects import views
from plugins.conformite.projects.holding import Beside
from plugins.conformite.projects.targets import Targets

SECTION = "allocation"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/allocation", "allocation", allocation)
    made.add_url_rule("/allocations", "targets", targets)
    made.add_url_rule("/allocations/modifier", "targets_edit", edit, methods=["GET", "POST"])


@permission("accounts.view")
def allocation(contact_id: str) -> ResponseReturnValue:
    """One person's, company's or household's."""
    frame = frames.of(contact_id, SECTION)
    found = holding.of_contact(db_session(), adviser(), frame["contact"], today())
    offers, failures = _offers(found)
    back = sum((line.held_back for line in found.comparison.lines), projection.ZERO) if found.comparison else projection.ZERO
    return render_template(
        "conformite/projects/allocation.html", **{**frame, "failures": [*frame["failures"], *failures]}, found=found,
        words=views.words(), offers=offers, back=back, refs={one.id: one for one in found.accounts},
        chart=pictures.beside(found.comparison) if found.comparison else None,
        situation_url=address("p_portefeuille.situation", contact_id=contact_id),
        homes=[(one.name, url_for("p_conformite.allocation", contact_id=one.id)) for one in frame["contact"].households],
    )  # fmt: skip


@permission("contacts.view")
def targets() -> ResponseReturnValue:
    """The allocation of each level, the versions before, what projections suppose."""
    every = allocations.versions(db_session())
    return render_template(
        "conformite/projects/targets.html", found=every[0], past=every[1:], words=views.words(),
        risks=_risks(every[0]), supposed=assumptions.load(), can_edit=current_context().can(allocations.EDIT),
        crumbs=_trail((_("Allocations cibles"), None)),
    )  # fmt: skip


@permission(allocations.EDIT)
def edit() -> ResponseReturnValue:
    """Say others: a new version; the old ones stay."""
    held = allocations.current(db_session())
    schema = typing.TargetsForm()
    values = typing.shown_targets(held)
    if request.method == "GET":
        return _form(schema, values, {}, stamp=forms.stamp(schema, values))
    typed = forms.typed(schema, request.form)
    seen = request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _form(schema, clash.typed, {}, stamp=forms.stamp(schema, values), clash=clash)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            levels, remarks = typing.read_targets(checked.values), checked.values.get("remarks") or ""
            allocations.save(db_session(), adviser(), levels, remarks, after=held.number)
            db_session().commit()
            flash(_("Les allocations cibles sont enregistrées."), "success")
            return redirect(url_for("p_conformite.targets"), 303)
        except DomainError as error:
            if error.field is None:
                raise
            db_session().rollback()
            errors = forms.refused(error)
    return _form(schema, typed, errors, stamp=seen)


def _offers(found: Beside) -> tuple[list[dict[str, Any]], list[str]]:
    offers, failures = offering.offers(found)
    return [
        {
            "label": one.label, "detail": one.detail, "url": address(one.endpoint, **one.values) if one.endpoint else None,
            "accounts": [
                {"said": each, "url": address(each.endpoint, **each.values) if each.endpoint else None} for each in one.accounts
            ],
        }
        for one in offers
    ], failures  # fmt: skip


def _risks(found: Targets) -> dict[int, dict[str, Any]]:
    """Level → what is supposed of its allocation."""
    supposed = assumptions.load()
    made = {}
    for level, weights in found.levels.items():
        of = projection.market(weights, supposed)
        made[level] = {
            "volatility": projection.volatility(weights, supposed), "mean": of.mean if of else None,
            "loss": projection.bad_year(of) if of else None,
        }  # fmt: skip
    return made


def _form(
    schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, stamp: str, clash: forms.Clash | None = None
) -> ResponseReturnValue:
    page = render_template(
        "conformite/projects/targets_form.html", form=forms.view(schema, values, errors, stamp=stamp, clash=clash),
        back=url_for("p_conformite.targets"),
        crumbs=_trail((_("Allocations cibles"), url_for("p_conformite.targets")), (_("Modifier"), None)),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _trail(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Conformité"), url_for("p_conformite.index")), *more]
