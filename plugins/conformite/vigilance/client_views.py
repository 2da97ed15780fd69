"""Conformité > Vigilance: a client's current level with its reasons, its assessment, its validation, the past ones (CO-05)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profile_views
from plugins.conformite import profiles
from plugins.conformite.settings import review_months
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import facts
from plugins.conformite.vigilance import forms as own
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import scoring
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance import writes

SECTION = "vigilance"
#: What is checked anew each time: last time's answer is not offered.
_ANEW = frozenset({"gel", "gel_le", "gel_source"})


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/vigilance"
    made.add_url_rule(base, "vigilance", show)
    made.add_url_rule(f"{base}/evaluer", "vigilance_assess", assess, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/evaluations/<assessment_id>", "vigilance_past", past)
    made.add_url_rule(f"{base}/evaluations/<assessment_id>/valider", "vigilance_validate", validate, methods=["POST"])


def words() -> dict[str, Any]:
    """The vocabulary of templates."""
    return {
        "levels": ruleset.LEVELS, "axes": ruleset.AXES, "known": ruleset.KNOWN, "reviews": assessments.REVIEWS,
        "validations": assessments.VALIDATIONS,
    }  # fmt: skip


def may_validate(found: assessments.Judgement | None) -> bool:
    """Whether the person at hand may be the second one."""
    ctx = current_context()
    waits = found is not None and found.validation == assessments.TO_VALIDATE
    return waits and ctx.can(writes.VALIDATE) and found.author_id != adviser().user_id  # type: ignore[union-attr]


@permission("contacts.view")
def show(contact_id: str) -> ResponseReturnValue:
    """The current assessment, each point with its reason and source; operations; what was before; of a household, its members."""
    frame = frames.of(contact_id, SECTION)
    session, by = db_session(), adviser()
    every = [] if frame["household"] else assessments.of_contact(session, by, contact_id)
    beside = frames.beside(frame["contact"]) if frame["household"] else {}
    known = assessments.current(session, by, list(beside)) if beside else {}
    found = every[0] if every else None
    return render_template(
        "conformite/vigilance/show.html", **frame, found=found, past=every[1:], on=today(), notice=profile_views.notice(),
        beside=[(key, name, known.get(key)) for key, name in beside.items()], words=words(), rules=_rules(found),
        operations=[] if frame["household"] else assessments.operations(session, by, contact_id),
        may_validate=may_validate(found), since=_since(frame["contact"], found),
        secret=current_context().can(suspicions.RIGHT) and not frame["household"],
    )  # fmt: skip


@permission("contacts.view")
def past(contact_id: str, assessment_id: str) -> ResponseReturnValue:
    """One assessment of the file, as it was made."""
    frame = frames.of(contact_id, SECTION)
    found = assessments.get(db_session(), adviser(), assessment_id)
    if found.contact_id != contact_id:
        raise NotFound(assessments.ABSENT)
    return render_template(
        "conformite/vigilance/past.html", **frame, found=found, on=today(), notice=profile_views.notice(), words=words(),
        rules=_rules(found),
    )  # fmt: skip


@permission(writes.EDIT)
def assess(contact_id: str) -> ResponseReturnValue:
    """Answer, see what comes of it, keep it. What the last assessment said is offered; nothing counts before it is kept."""
    card = writes.owner(db_session(), adviser(), contact_id)
    schema = own.CLIENT(card.line.kind == profiles.COMPANY)
    if request.method == "GET":
        offered = _offered(contact_id)
        values = {**offered, "level": own.COMPUTED, "on": today()}
        return _form(contact_id, schema, values, {}, forms.token(), again=bool(offered))
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, score = dict(checked.errors), None
    if not errors:
        given = checked.values
        try:
            if request.form.get("action") == "calculer":
                told = writes.checked(ruleset.CLIENT, given, card.line.kind == profiles.COMPANY)
                score = writes.scored(facts.of_client(db_session(), adviser(), card, told))
            else:
                writes.assess(
                    db_session(), adviser(), contact_id, given, months=review_months(own_context(frames.PLUGIN).settings),
                    assessment_id=key, **retained(given),
                )  # fmt: skip
                db_session().commit()
                flash(_("L'évaluation est enregistrée."), "success")
                return redirect(url_for("p_conformite.vigilance", contact_id=contact_id), 303)
        except DomainError as error:
            db_session().rollback()
            errors = forms.refused(error)
    return _form(contact_id, schema, typed, errors, key, score=score)


@permission(writes.VALIDATE)
def validate(contact_id: str, assessment_id: str) -> ResponseReturnValue:
    """The second person's word."""
    if assessments.get(db_session(), adviser(), assessment_id).contact_id != contact_id:
        raise NotFound(assessments.ABSENT)
    writes.validate(db_session(), adviser(), assessment_id)
    db_session().commit()
    flash(_("La vigilance est validée."), "success")
    return redirect(url_for("p_conformite.vigilance", contact_id=contact_id), 303)


def retained(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of the level that is retained, its day and its reason."""
    level = given["level"]
    return {"on": given["on"], "level": None if level == own.COMPUTED else level, "reason": given.get("reason") or ""}


def _offered(contact_id: str) -> dict[str, Any]:
    last = assessments.current(db_session(), adviser(), [contact_id]).get(contact_id)
    if last is None or last.version != ruleset.CURRENT:
        return {}
    return {key: answer for key, answer in last.facts.get("answers", {}).items() if key not in _ANEW}


def _since(card: contacts.ContactCard, found: assessments.Judgement | None) -> scoring.Score | None:
    """What the same answers come to with today's file and lists, where that is heavier than what was computed then."""
    if found is None or not found.facts or found.version != ruleset.CURRENT:
        return None
    now = scoring.score(found.version, facts.of_client(db_session(), adviser(), card, found.facts["answers"]))
    return now if scoring.lower(found.computed, now.level) else None


def _rules(found: assessments.Judgement | None) -> ruleset.Ruleset:
    return ruleset.load(found.version if found else ruleset.CURRENT)


def _form(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any | date], errors: Mapping[str, str], once: str, *,
    score: scoring.Score | None = None, again: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "conformite/vigilance/assess.html", **frames.of(contact_id, SECTION), form=forms.view(schema, values, errors),
        once=once, score=score, again=again, words=words(), rules=ruleset.load(),
        back=url_for("p_conformite.vigilance", contact_id=contact_id),
    )  # fmt: skip
    return page, 422 if errors else 200
