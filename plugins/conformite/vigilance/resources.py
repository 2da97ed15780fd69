"""`/p/conformite/vigilance…`: rules, assessments of clients, the map and its lists, for programs (CO-05)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import queries
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from core.api.web import hub
from core.api.web import own_context
from plugins.conformite import frames
from plugins.conformite.settings import review_months
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import cartography
from plugins.conformite.vigilance import current
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import schemas as shapes
from plugins.conformite.vigilance import writes

READ, WRITE, VALIDATE = "contacts:read", "contacts:write", "vigilance:validate"
VIGILANCE = Resource(
    "conformite_vigilance", _l("Vigilance des clients"),
    _l("Niveau de vigilance (LCB-FT) des personnes et des sociétés, avec ses raisons, et sa cartographie."), plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/vigilance"
_ONE = f"{_BASE}/{{assessment_id}}"


@VIGILANCE.get(
    "/p/conformite/vigilance-rules", _l("Lire le barème de vigilance"), shapes.RulesOut, asks=shapes.RulesQuery
)
def rules(call: Call) -> dict[str, Any]:
    """Questions, factors, thresholds, and the texts that they follow."""
    version = call.asked.get("version") or ruleset.CURRENT
    if version not in ruleset.versions():
        raise NotFound("Cette version du barème n'existe pas.")
    return shapes.rules_out(ruleset.load(version))


@VIGILANCE.get(_BASE, _l("Lister les évaluations"), shapes.AssessmentOut, asks=shapes.OfContactQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Those of contacts that the owner sees; or those of a contact, the past ones too."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        return sliced(call.among(assessments.of_contact(call.session, call.adviser, who), lambda one: one.id))
    after = call.after[0] if call.after else None
    found = assessments.following(call.session, call.adviser, after, size=call.more)
    return sliced(call.page(found, lambda one: (one.id,)))


@VIGILANCE.get(_ONE, _l("Lire une évaluation"), shapes.AssessmentOut, scope=READ)
def show(call: Call, assessment_id: str) -> dict[str, Any]:
    """One, whose reading is noted in its contact's file, which the address does not name."""
    found = assessments.get(call.session, call.adviser, assessment_id)
    also_reads("contact", found.contact_id)
    return shapes.judgement_out(found)


@VIGILANCE.post(
    _BASE, _l("Évaluer la vigilance d'un client"), shapes.AssessmentOut, takes=shapes.AssessmentNew, status=201, scope=WRITE,
    about=_l("Une évaluation ne change plus\u202f: une autre la remplace. Renforcée, elle attend une seconde personne."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As the page."""
    taken = call.taken
    made = writes.assess(
        call.session, call.adviser, taken["contact_id"], answers(taken["answers"]), on=taken.get("on"),
        months=review_months(own_context(frames.PLUGIN).settings), level=taken.get("level"), reason=taken.get("reason") or "",
        assessment_id=call.once or None,
    )  # fmt: skip
    return Reply(show(call, made), f"{_BASE}/{made}")


@VIGILANCE.post(
    f"{_ONE}/validate", _l("Valider une évaluation, en seconde personne"), shapes.AssessmentOut, scope=VALIDATE
)
def validate(call: Call, assessment_id: str) -> dict[str, Any]:
    """As «Valider cette vigilance»."""
    writes.validate(call.session, call.adviser, assessment_id)
    return show(call, assessment_id)


@VIGILANCE.get("/p/conformite/vigilance-map", _l("Lire la cartographie des vigilances"), shapes.MapOut, scope=READ)
def mapped(call: Call) -> dict[str, Any]:
    """As the page: levels by age of review, and what is followed."""
    found = cartography.counted(call.session, call.adviser, today())
    return {
        "on": today(), "clients": found.total,
        "cells": [{"level": level, "age": age, "clients": count} for (level, age), count in found.cells.items()],
        "views": [{"view": code, "clients": count} for code, count in found.views.items()],
    }  # fmt: skip


@VIGILANCE.get(
    "/p/conformite/vigilance-clients", _l("Lister les clients d'une case ou d'un suivi"), shapes.ClientOut,
    asks=shapes.ClientsQuery, paged=True, scope=READ,
)  # fmt: skip
def clients(call: Call) -> Slice[Any]:
    """The list that a number of the map counts; the reinforced ones where nothing is asked."""
    level, age, view = (call.asked.get(name) for name in ("level", "age", "view"))
    fields = queries.registry(hub(), own_context(frames.PLUGIN), call.adviser)
    if bool(level) != bool(age) or (level and view):
        raise DomainError("Demandez une case (level et age ensemble), ou un suivi (view).")
    if level and age:
        wanted = cartography.of_cell(level, age, today(), fields)
    else:
        wanted = cartography.of_view(view or cartography.REINFORCED, today(), fields)
    after = call.after[0] if call.after else None
    lines = queries.contacts.following_id(call.session, call.adviser, wanted, after, size=call.more)
    known = assessments.current(call.session, call.adviser, [one.id for one in lines])
    return call.page([_client(one, known.get(one.id)) for one in lines], lambda one: (one["contact_id"],))


def answers(sent: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Answers as a body has them."""
    return {one["key"]: one["answer"] for one in sent}


def sliced(found: Slice[assessments.Judgement]) -> Slice[Any]:
    """A page of assessments."""
    return Slice(tuple(shapes.judgement_out(one) for one in found.items), found.last)


def _client(line: contacts.ContactLine, found: assessments.Judgement | None) -> dict[str, Any]:
    return {
        "contact_id": line.id, "name": line.name, "level": found.level if found else current.NEVER,
        "assessed_on": found.assessed_on if found else None, "review_on": found.review_on if found else None,
    }  # fmt: skip
