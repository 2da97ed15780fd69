"""`/p/conformite/profiles`, a contact's questionnaire under way, the questionnaire itself: for programs (CO-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.db import NotFound
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from core.api.web import own_context
from plugins.conformite import frames
from plugins.conformite import profile_schemas as shapes
from plugins.conformite import profile_writes
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite.profiles import Established

READ, WRITE = "contacts:read", "contacts:write"
PROFILES = Resource(
    "conformite_profiles", _l("Profils investisseurs"),
    _l("Profils des personnes et des sociétés, avec les raisons de leur niveau."), plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/profiles"
_DRAFT = "/p/conformite/contacts/{contact_id}/questionnaire"


@PROFILES.get(
    "/p/conformite/questionnaire", _l("Lire le questionnaire"), shapes.QuestionnaireOut, asks=shapes.QuestionnaireQuery
)
def questions(call: Call) -> dict[str, Any]:
    """The questions, the answers that may be given, the texts that it follows."""
    version = call.asked.get("version") or questionnaire.CURRENT
    if version not in questionnaire.versions():
        raise NotFound("Cette version du questionnaire n'existe pas.")
    return shapes.questionnaire_out(questionnaire.load(version))


@PROFILES.get(_BASE, _l("Lister les profils"), shapes.ProfileOut, asks=shapes.ProfileQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Those of contacts that the owner sees; or those of a contact, the past ones too."""
    if who := call.asked.get("contact"):
        card = contacts.get_contact(call.session, call.adviser, who)
        if card.line.kind == profiles.HOUSEHOLD:
            members = [one.id for one in card.members]
            return _slice(call.among(profiles.current(call.session, call.adviser, members).values(), lambda one: one.id))
        return _slice(call.among(profiles.of_contact(call.session, call.adviser, who), lambda one: one.id))
    after = call.after[0] if call.after else None
    return _slice(call.page(profiles.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,)))


@PROFILES.get(f"{_BASE}/{{past_id}}", _l("Lire un profil"), shapes.ProfileOut, scope=READ)
def show(call: Call, past_id: str) -> dict[str, Any]:
    """One, whose reading is noted in its contact's file, which the address does not name."""
    found = profiles.get(call.session, call.adviser, past_id)
    also_reads("contact", found.contact_id)
    return _shown(found)


@PROFILES.post(
    _BASE, _l("Établir un profil"), shapes.ProfileOut, takes=shapes.ProfileNew, status=201, scope=WRITE,
    about=_l("De toutes les réponses du questionnaire en vigueur. Un profil établi ne change plus\u202f: un autre le remplace."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As the questionnaire's last page."""
    taken = call.taken
    made = profile_writes.establish(
        call.session, call.adviser, taken["contact_id"], _answers(taken["answers"]), on=taken.get("on"),
        months=int(own_context(frames.PLUGIN).settings["validity"]), reason=taken.get("reason") or "",
        level=int(taken["level"]) if taken.get("level") else None, profile_id=call.once or None,
    )  # fmt: skip
    return Reply(show(call, made), f"{_BASE}/{made}")


@PROFILES.get(_DRAFT, _l("Lire le questionnaire en cours d'un contact"), shapes.DraftOut, scope=READ)
def draft(call: Call, contact_id: str) -> dict[str, Any]:
    """What was answered so far."""
    card = contacts.get_contact(call.session, call.adviser, contact_id)
    found = profiles.draft(call.session, contact_id)
    kept = found.answers if found else {}
    lacking = questionnaire.load().missing(kept, card.line.kind == profiles.COMPANY)
    return {
        "version": found.version if found else None, "updated_at": found.updated_at if found else None,
        "answers": _answered(kept), "missing": [one.key for one in lacking],
    }  # fmt: skip


@PROFILES.patch(
    _DRAFT, _l("Répondre au questionnaire d'un contact"), shapes.DraftOut, takes=shapes.DraftPatch, scope=WRITE,
    same="conformite_profiles_draft",
)  # fmt: skip
def answer(call: Call, contact_id: str) -> dict[str, Any]:
    """As a step of the questionnaire."""
    profile_writes.save(call.session, call.adviser, contact_id, _answers(call.taken["answers"]))
    return draft(call, contact_id)


@PROFILES.delete(_DRAFT, _l("Abandonner le questionnaire en cours"), scope=WRITE, same="conformite_profiles_draft")
def abandon(call: Call, contact_id: str) -> None:
    """As «Abandonner»."""
    profile_writes.drop(call.session, call.adviser, contact_id)


def _answers(sent: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {one["key"]: one["answer"] for one in sent}


def _answered(kept: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"key": key, "answer": str(answer)} for key, answer in kept.items()]


def _slice(found: Slice[Established]) -> Slice[Any]:
    return Slice(tuple(_shown(one) for one in found.items), found.last)


def _shown(found: Established) -> dict[str, Any]:
    names = (
        "id", "contact_id", "version", "established_on", "valid_until", "established_by", "level", "level_label", "computed",
        "reason", "tolerance", "loss", "knowledge", "horizon", "objective", "esg",
    )  # fmt: skip
    score, notice = found.score, int(own_context(frames.PLUGIN).settings["notice"])
    return {
        **{name: getattr(found, name) for name in names}, "state": found.state(today(), notice),
        "points": score.points if score else (), "instruments": score.instruments if score else (),
        "contradictions": score.contradictions if score else (), "answers": _answered(found.answers),
    }  # fmt: skip
