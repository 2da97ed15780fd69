"""What the pages of a journey show: the step to fill in, the recap, the receipt; and the stepper above them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.hooks.journeys import Ready
from core.hooks.types import TransactionRef
from core.journeys import slots
from core.journeys import states
from core.journeys.book import Opened
from core.journeys.draft import Draft
from core.journeys.walk import Stop
from core.journeys.walk import Walk
from core.journeys.walk import placed
from core.links import handover
from core.shell.addresses import address
from core.web import forms
from core.web.fields import Parsed
from core.web.fields import Secret
from core.web.forms import FormView


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the stepper. `state`: done, current, todo."""

    title: str
    state: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What all pages of a journey say."""

    id: str
    title: str
    partner: str
    account: str
    holders: str
    back: str
    marks: tuple[Mark, ...]
    state: str
    label: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step to fill in. `said`: the partner's or the plugin's word on the whole."""

    head: Head
    key: str
    title: str
    help: str
    form: FormView
    files: bool
    said: str
    previous: str | None
    saved: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A step in the recap."""

    title: str
    url: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecapPage:
    """All that will be sent. `reason`: a local rule's warning that asks for one; `seen`: what the person confirms, in short."""

    head: Head
    parts: tuple[Part, ...]
    notice: str
    said: str
    errors: tuple[dict[str, Any], ...]
    seen: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """After the confirmation, or after the journey was given up. `trouble`: what the last try met; `dead`: none follows."""

    head: Head
    transaction: TransactionRef
    trouble: str
    dead: bool
    #: What was joined, once it is filed: title, address.
    papers: tuple[tuple[str, str], ...] = ()


def head(found: Opened, expires_at: datetime, reached: Walk | None, current: str) -> Head:
    """`current`: a step's key, «recap» or «sent»."""
    back = address("p_portefeuille.account_transactions", account_id=found.account.id) or "/"
    return Head(
        found.id, found.act_label, handover.name(found.plugin), found.account.label,
        ", ".join(holder.name for holder in found.account.holders), back, _marks(found, reached, current), found.state,
        states.LABELS[found.state], expires_at,
    )  # fmt: skip


def step(top: Head, reached: Walk, stop: Stop, errors: Mapping[str, str], said: str, *, saved: bool = False) -> StepPage:
    """The step with what was typed in it, or what the plugin puts there first."""
    documents = [_slot(stop, slot.key, errors.get(slot.key)) for slot in stop.step.documents]
    drawn = form(stop, errors)
    keys = [one.step.key for one in reached.stops]
    place = keys.index(stop.step.key)
    previous = url_for("journeys.step", journey_id=top.id, step=keys[place - 1]) if place else None
    whole = FormView((*drawn.fields, *documents), drawn.errors, drawn.groups)
    return StepPage(top, stop.step.key, stop.step.title, stop.step.help, whole, bool(documents), said, previous, saved)


def form(stop: Stop, errors: Mapping[str, str]) -> FormView:
    """The step's fields with what was typed in them, or what the plugin puts there first; errors of its documents too."""
    schema = stop.step.schema()
    values = stop.typed if stop.typed is not None else forms.shown(schema, stop.step.values)
    return forms.view(schema, values, errors, apart={slot.key: slot.label for slot in stop.step.documents})


def recap(top: Head, found: Opened, reached: Walk, ready: Ready, draft: Draft, *, reason: str = "") -> RecapPage:
    """All of it once more, as people read it."""
    errors = tuple({"name": "", "label": "", "error": text} for text in draft.errors.values())
    return RecapPage(top, parts(found, reached, ready), ready.notice, draft.said, errors, seen(draft, ready), reason)


def parts(found: Opened, reached: Walk, ready: Ready) -> tuple[Part, ...]:
    """Each step, then what the plugin adds."""
    made = [
        Part(stop.step.title, url_for("journeys.step", journey_id=found.id, step=stop.step.key), _lines(stop))
        for stop in reached.stops
    ]
    return (*made, Part(_("Ce qui en résulte"), "", ready.lines)) if ready.lines else tuple(made)


def seen(draft: Draft, ready: Ready) -> str:
    """The fingerprint of what a recap shows: what is confirmed is what was read."""
    shown = [asdict(draft), ready.notice, ready.lines, str(ready.amount)]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def refused(stop: Stop, draft: Draft) -> dict[str, str]:
    """What the partner refused of this step."""
    own = {name: text for name, text in draft.errors.items() if stop.owns(name)}
    return placed(stop, own)


def _marks(found: Opened, reached: Walk | None, current: str) -> tuple[Mark, ...]:
    stops = reached.stops if reached else ()
    made = [
        Mark(
            stop.step.title, "current" if stop.step.key == current else "done" if stop.typed is not None else "todo",
            url_for("journeys.step", journey_id=found.id, step=stop.step.key) if stop.step.key != current else None,
        )
        for stop in stops
    ]  # fmt: skip
    plan = stops[-1].step.plan if stops else ()
    made += [Mark(title, "todo") for title in plan[len(made) :]]
    at_recap, at_end = current == "recap", current == "sent"
    ready = url_for("journeys.show", journey_id=found.id) if reached and reached.ready and not at_recap else None
    if stops or at_recap:
        made.append(Mark(_("Récapitulatif"), "current" if at_recap else "done" if at_end else "todo", ready))
    return (*made, Mark(_("Transmission"), "current" if at_end else "todo")) if made else ()


def _slot(stop: Stop, key: str, error: str | None) -> dict[str, Any]:
    slot = next(one for one in stop.step.documents if one.key == key)
    waiting = (stop.files[key],) if key in stop.files else ()
    return {
        "name": key, "label": slot.label, "type": "file", "rule": slots.rule(slot), "value": waiting, "required": slot.required,
        "error": error, "help": slot.help, "wide": True,
    }  # fmt: skip


def _lines(stop: Stop) -> tuple[tuple[str, str], ...]:
    schema = stop.step.schema()
    values = forms.check(schema, stop.typed or {}).values
    lines = [
        (str(one.metadata.get("label") or name), _said(one, values.get(name)))
        for name, one in stop.step.schema().fields.items()
        if one.metadata.get("label") and (values.get(name) is not None or one.metadata.get("when") is None)
    ]
    return (*lines, *((slot.label, _file(stop, slot.key)) for slot in stop.step.documents))


def _said(one: Any, value: Any) -> str:
    if value is None or value == "" or value == []:
        return str(_("Non renseigné"))
    if isinstance(one, Secret):
        return "••••••"
    if isinstance(value, bool):
        return str(_("Oui") if value else _("Non"))
    options = one.metadata.get("options")
    choices = options() if callable(options) else options or {}
    if isinstance(value, list):
        return ", ".join(str(choices.get(item, item)) for item in value)
    text: str = str(choices[value]) if value in choices else one.shown(value) if isinstance(one, Parsed) else str(value)
    suffix = one.metadata.get("suffix")
    return f"{text}\u202f{suffix}" if suffix else text


def _file(stop: Stop, key: str) -> str:
    return stop.files[key].filename if key in stop.files else _("Non joint")
