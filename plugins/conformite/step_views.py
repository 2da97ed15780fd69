"""The questionnaire of a profile, step by step: each step is kept as it is answered; the last page shows what comes of it."""

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
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profile_forms
from plugins.conformite import profile_views
from plugins.conformite import profile_writes
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite import scoring
from plugins.conformite.profile_views import SECTION

EDIT = profile_writes.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/profil"
    made.add_url_rule(f"{base}/questionnaire/<section>", "profile_step", step, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/etablir", "profile_establish", establish, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/abandonner", "profile_drop", drop, methods=["POST"])


@permission(EDIT)
def step(contact_id: str, section: str) -> ResponseReturnValue:
    """One step. What the last profile said is offered; nothing counts before it is sent."""
    card = profile_writes.owner(db_session(), adviser(), contact_id)
    found = questionnaire.load().section(section)
    if found is None:
        raise NotFound("Cette étape du questionnaire n'existe pas.")
    schema = profile_forms.STEPS[section](card.line.kind == profiles.COMPANY)
    kept = _kept(contact_id)
    own = {name: kept[name] for name in schema.fields if name in kept}
    if request.method == "GET":
        offered = own or _before(contact_id, schema)
        return _step(contact_id, found, schema, offered, {}, stamp=forms.stamp(schema, own), again=bool(offered) and not own)
    typed = forms.typed(schema, request.form)
    seen = request.form.get("seen", "")
    if clash := forms.clash(schema, seen, own, typed):
        return _step(contact_id, found, schema, clash.typed, {}, stamp=forms.stamp(schema, own), clash=clash)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _step(contact_id, found, schema, typed, checked.errors, stamp=seen)
    profile_writes.save(db_session(), adviser(), contact_id, {**dict.fromkeys(schema.fields), **checked.values})
    db_session().commit()
    return redirect(_next(contact_id, section), 303)


@permission(EDIT)
def establish(contact_id: str) -> ResponseReturnValue:
    """What comes of the answers, what contradicts itself; the profile that is retained."""
    card = profile_writes.owner(db_session(), adviser(), contact_id)
    company, kept = card.line.kind == profiles.COMPANY, _kept(contact_id)
    schema = profile_forms.EstablishForm()
    score = _score(kept, company)
    if score is None:
        return _recap(contact_id, kept, company, None, None)
    if request.method == "GET":
        values = {"level": str(score.level), "on": today()}
        return _recap(contact_id, kept, company, score, forms.view(schema, values), once=forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        months = int(own_context(frames.PLUGIN).settings["validity"])
        given = checked.values
        try:
            profile_writes.establish(
                db_session(), adviser(), contact_id, kept, months=months, on=given["on"], level=int(given["level"]),
                reason=given.get("reason") or "", profile_id=key,
            )  # fmt: skip
            db_session().commit()
            flash(_("Le profil investisseur est établi."), "success")
            return redirect(url_for("p_conformite.profile", contact_id=contact_id), 303)
        except DomainError as error:
            db_session().rollback()
            errors = forms.refused(error)
    return _recap(contact_id, kept, company, score, forms.view(schema, typed, errors), once=key)


@permission(EDIT)
def drop(contact_id: str) -> ResponseReturnValue:
    """Give the questionnaire under way up, and offer to put it back."""
    answers = profile_writes.drop(db_session(), adviser(), contact_id)
    if answers:
        kept = {"contact": contact_id, "answers": dict(answers)}
        token = undo.offer(db_session(), adviser(), "conformite.dropped", f"contact:{contact_id}", kept)
        db_session().commit()
        undo.say(_("Le questionnaire en cours est abandonné."), token)
    return redirect(url_for("p_conformite.profile", contact_id=contact_id), 303)


@undo.command("conformite.dropped", permission=EDIT)
def answers_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `drop`; what was answered since stays."""
    since = profiles.draft(session, payload["contact"])
    profile_writes.save(session, by, payload["contact"], {**payload["answers"], **(since.answers if since else {})})
    return str(_("Le questionnaire est de retour."))


def _kept(contact_id: str) -> Mapping[str, Any]:
    begun = profiles.draft(db_session(), contact_id)
    return begun.answers if begun and begun.version == questionnaire.CURRENT else {}


def _before(contact_id: str, schema: forms.Form) -> dict[str, Any]:
    """What the last profile says of these questions."""
    last = profiles.current(db_session(), adviser(), [contact_id]).get(contact_id)
    if last is None or last.version != questionnaire.CURRENT:
        return {}
    return {name: last.answers[name] for name in schema.fields if name in last.answers}


def _score(kept: Mapping[str, Any], company: bool) -> scoring.Score | None:
    try:
        return scoring.score(questionnaire.CURRENT, kept, company=company)
    except scoring.Incomplete:
        return None


def _next(contact_id: str, section: str) -> str:
    keys = [one.key for one in questionnaire.load().sections]
    place = keys.index(section) + 1
    if place == len(keys):
        return url_for("p_conformite.profile_establish", contact_id=contact_id)
    return url_for("p_conformite.profile_step", contact_id=contact_id, section=keys[place])


def _marks(card: contacts.ContactCard, kept: Mapping[str, Any], here: str) -> list[dict[str, Any]]:
    """The steps above the page: which are answered whole, which one is shown."""
    asked = questionnaire.load()
    lacking = {one.section for one in asked.missing(kept, card.line.kind == profiles.COMPANY)}
    marks = [
        {
            "title": one.title, "state": "current" if one.key == here else "todo" if one.key in lacking else "done",
            "url": url_for("p_conformite.profile_step", contact_id=card.id, section=one.key) if one.key != here else None,
        }
        for one in asked.sections
    ]  # fmt: skip
    url = url_for("p_conformite.profile_establish", contact_id=card.id) if here else None
    return [*marks, {"title": _("Résultat"), "state": "todo" if here else "current", "url": url}]


def _step(
    contact_id: str, section: questionnaire.Section, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *,
    stamp: str = "", clash: forms.Clash | None = None, again: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    frame = frames.of(contact_id, SECTION)
    page = render_template(
        "conformite/step.html", **frame, section=section, marks=_marks(frame["contact"], _kept(contact_id), section.key),
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash), again=again,
        back=url_for("p_conformite.profile", contact_id=contact_id),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _recap(
    contact_id: str, kept: Mapping[str, Any], company: bool, score: scoring.Score | None, form: forms.FormView | None, *,
    once: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    frame, asked = frames.of(contact_id, SECTION), questionnaire.load()
    missing = asked.missing(kept, company)
    counts = [(one, sum(each.section == one.key for each in missing)) for one in asked.sections]
    silent = [(asked.section(one.section), one.said(company)) for one in scoring.refused(asked, kept)]
    page = render_template(
        "conformite/establish.html", **frame, score=score, form=form, silent=silent, asked=asked, once=once,
        lacking=[one for one in counts if one[1]],
        marks=_marks(frame["contact"], kept, ""), words=profile_views.words(), kept=kept,
        back=url_for("p_conformite.profile", contact_id=contact_id),
    )  # fmt: skip
    refused = form.errors if form is not None else request.method == "POST"  # answers lack: nothing can be established
    return page, 422 if refused else 200
