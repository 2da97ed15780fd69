"""`/p/conformite/situations`, `/clients`: where clients stand, for programs (CO-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import queries
from core.api.db import today
from core.api.rest import Asked
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import schemas
from core.api.web import hub
from core.api.web import own_context
from plugins.conformite import frames
from plugins.conformite import situation
from plugins.conformite.situation import Standing

READ = "contacts:read"
SITUATIONS = Resource(
    "conformite_situations", _l("Conformité des clients"), _l("Où en est chaque client, calculé de ce qui est connu."),
    plugin="conformite",
)  # fmt: skip


class PointOut(Given):
    """A thing to settle."""

    key = schemas.string(codes=("profil", "piece", "identite", "document", "vigilance"))
    situation = schemas.string(_l("Situation"), codes=situation.SITUATIONS)
    text = schemas.string(_l("Ce qui est à régler"))
    source = schemas.string(_l("Texte qui le demande"))


class StandingOut(Given):
    """Where a client stands."""

    contact_id = schemas.string(_l("Id du contact"))
    situation = schemas.string(_l("Situation\u202f; null\u202f: pas un client suivi"), codes=situation.SITUATIONS, null=True)
    until = schemas.day(_l("Profil valable jusqu'au"))
    points = schemas.many(PointOut, _l("À régler"))


class CountOut(Given):
    """A situation with its number of clients."""

    situation = schemas.string(_l("Situation\u202f; BIENTOT\u202f: profil qui expire bientôt"))
    clients = schemas.whole(_l("Clients"))


class CountsOut(Given):
    """How many stand how."""

    on = schemas.day(_l("Au"), null=False)
    notice = schemas.whole(_l("BIENTOT\u202f: en jours"))
    situations = schemas.many(CountOut, _l("Situations"))


class StandingQuery(Asked):
    """Which clients."""

    situation = schemas.ask_code(
        _l("Situation\u202f; toutes par défaut"), {**situation.SITUATIONS, situation.SOON: "Expire bientôt"}
    )  # fmt: skip


@SITUATIONS.get("/p/conformite/situations", _l("Compter les clients par situation"), CountsOut, scope=READ)
def counted(call: Call) -> dict[str, Any]:
    """As the page Conformité."""
    notice = _notice()
    found = situation.counts(call.session, call.adviser, today(), notice, frames.demanded())
    return {
        "on": today(), "notice": notice,
        "situations": [{"situation": code, "clients": count} for code, count in found.items()],
    }  # fmt: skip


@SITUATIONS.get(
    "/p/conformite/clients", _l("Lister les clients et leur situation"), StandingOut, asks=StandingQuery, paged=True, scope=READ
)
def listed(call: Call) -> Slice[Standing]:
    """Those of a situation, or all of them."""
    fields = _fields(call)
    if code := call.asked.get("situation"):
        wanted = situation.asked(code, today(), _notice(), fields)
    else:
        every = queries.Rule(situation.PATH, "in", tuple(situation.SITUATIONS))
        wanted = queries.Asked(queries.Group((every,)), fields=fields)
    after = call.after[0] if call.after else None
    lines = queries.contacts.following_id(call.session, call.adviser, wanted, after, size=call.more)
    known = situation.among(call.session, call.adviser, [one.id for one in lines], today(), frames.demanded())
    return call.page([known[one.id] for one in lines], lambda one: (one.contact_id,))


@SITUATIONS.get("/p/conformite/contacts/{contact_id}/situation", _l("Lire la situation d'un contact"), StandingOut, scope=READ)
def show(call: Call, contact_id: str) -> Standing:
    """As in the contact's file."""
    return situation.of(call.session, call.adviser, contact_id, today(), frames.demanded())


def _notice() -> int:
    return int(own_context(frames.PLUGIN).settings["notice"])


def _fields(call: Call) -> queries.Registry:
    return queries.registry(hub(), own_context(frames.PLUGIN), call.adviser)
