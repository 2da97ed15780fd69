"""The quick search: groups that plugins contribute, each found by a request of its own (RE-01 to RE-03, QM-01)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from core.db.errors import NotFound
from core.hooks.results import Contribution
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.hooks.types import SearchHit
from core.hooks.types import SearchHits
from core.hooks.types import SearchProvider
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.policy import policy

blueprint = Blueprint("search", __name__)
#: Results a group shows, and seconds that the page without scripts gives to all groups together.
SHOWN, WHOLE = 5, 3.0
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One result and its address."""

    hit: SearchHit
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One provider's answer. `state`: found, none, failed."""

    key: str
    label: str
    icon: str
    state: str
    lines: tuple[Line, ...] = ()
    more_url: str | None = None
    near: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group's answer is asked for."""

    key: str
    label: str
    url: str


def places() -> tuple[Place, ...]:
    """The groups of the quick search for this person, in their order."""
    return tuple(
        Place(one.key, one.item.label, url_for("search.group", plugin=one.plugin, key=one.item.key))
        for one in _providers()
    )


@blueprint.get("/recherche")
@policy("session")
def index() -> ResponseReturnValue:
    """All groups on one page: where «Entrée» leads without scripts, and on a phone."""
    text = _text()
    groups = answers(text, SHOWN * 2)
    return render_template("search/page.html", text=text, groups=groups, crumbs=[])


@blueprint.get("/recherche/<plugin>/<key>")
@policy("session")
def group(plugin: str, key: str) -> ResponseReturnValue:
    """One group, as a fragment of the search box."""
    found = next((one for one in _providers() if one.plugin == plugin and one.item.key == key), None)
    if found is None:
        raise NotFound(_("Ce groupe de la recherche n'existe pas."))
    return render_template("search/group.html", group=_asked(found, _text(), current_context(), SHOWN), text=_text())


def answers(text: str, limit: int) -> tuple[Group, ...]:
    """Every group's answer, all together within `WHOLE` seconds; none for no words."""
    limited = replace(current_context(), deadline=time.monotonic() + WHOLE)
    return tuple(_asked(one, text, limited, limit) for one in _providers()) if text else ()


def _text() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:LONGEST]


def _providers() -> list[Contribution[SearchProvider]]:
    ctx = current_context()
    found = hub().collect(Plugin.search_providers, ctx).items
    return [one for one in found if one.item.permission is None or ctx.can(one.item.permission)]


def _asked(one: Contribution[SearchProvider], text: str, ctx: Context, limit: int) -> Group:
    provider, name = one.item, f"search:{one.item.key}"
    if not text:
        return Group(one.key, provider.label, provider.icon, "none")
    outcome = hub().call(one.plugin, name, provider.search, SearchHits, ctx, text, limit)
    if isinstance(outcome, Failure):
        return Group(one.key, provider.label, provider.icon, "failed", say=outcome.text)
    try:
        lines = tuple(Line(hit, url_for(hit.endpoint, **_named(hit.values))) for hit in outcome.hits[:limit])
        more = url_for(outcome.all_endpoint, **_named(outcome.all_values)) if outcome.all_endpoint and outcome.more else None
    except BuildError as error:
        failure = hub().blame(one.plugin, Plugin.search_providers, ctx, error)
        return Group(one.key, provider.label, provider.icon, "failed", say=failure.text)
    state = "found" if lines else "none"
    return Group(one.key, provider.label, provider.icon, state, lines, more, ", ".join(outcome.near), outcome.say)


def _named(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: str(value) for name, value in values.items()}
