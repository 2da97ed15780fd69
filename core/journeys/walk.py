"""Where a journey stands: its steps asked of the plugin again, from the first, with what was typed.

Nothing of a step but what was typed is kept here: a page that is opened days later, by another process or after an update
of the plugin, shows the steps as the plugin has them now, and checks what was typed by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema

from core.documents.uploads import Held
from core.hooks.errors import ProtocolError
from core.hooks.hub import Hub
from core.hooks.journeys import Attached
from core.hooks.journeys import FormStep
from core.hooks.journeys import Ready
from core.hooks.journeys import Refused
from core.hooks.specs import Plugin
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.hooks.types import Intent
from core.journeys import slots
from core.journeys.draft import Draft
from core.web import forms

#: Steps of one journey: beyond, the plugin goes round in circles.
MOST = 12


@dataclass(frozen=True, slots=True)
class Stop:
    """A step, what was typed in it (None: nothing yet), the files that wait for it, and what is wrong."""

    step: FormStep
    schema: Schema
    typed: Mapping[str, Any] | None
    files: Mapping[str, Held]
    errors: Mapping[str, str] = field(default_factory=dict)
    said: str = ""

    def owns(self, name: str) -> bool:
        """Whether a field or a document is of this step."""
        return name in self.schema.fields or any(slot.key == name for slot in self.step.documents)


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps that were reached, the last one still to be filled in unless `ready`."""

    stops: tuple[Stop, ...]
    ready: Ready | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Attached] = field(default_factory=dict)

    def at(self, key: str) -> Stop | None:
        """One of the steps reached."""
        return next((stop for stop in self.stops if stop.step.key == key), None)

    def concerned(self, errors: Mapping[str, str]) -> Stop | None:
        """The first step with a field or document that the partner refused."""
        return next((stop for stop in self.stops if any(stop.owns(name) for name in errors)), None)


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom to ask, of what."""

    hub: Hub
    ctx: Context
    plugin: str
    account: AccountRef
    intent: Intent


def walk(asker: Asker, draft: Draft, held: Mapping[str, Held]) -> Walk:
    """From the first step on, as far as what was typed goes. Raises the error words."""
    found: Any = asker.hub.ask(asker.plugin, Plugin.start_transaction, asker.ctx, asker.account, asker.intent)
    stops: list[Stop] = []
    values: dict[str, Any] = {}
    documents: dict[str, Attached] = {}
    while True:
        stop = _stop(found, draft, held, stops)
        stops.append(stop)
        if stop.typed is None:
            return Walk(tuple(stops), None, values, documents)
        checked = forms.check(stop.schema, stop.typed)
        errors = {**checked.errors, **missing(stop)}
        if errors:
            stops[-1] = _wrong(stop, errors)
            return Walk(tuple(stops), None, values, documents)
        values |= checked.values
        joined = [slot for slot in stop.step.documents if slot.key in stop.files]
        documents |= {slot.key: slots.attached(slot, stop.files[slot.key]) for slot in joined}
        found = asker.hub.ask(
            asker.plugin, Plugin.continue_transaction, asker.ctx, asker.account, asker.intent, stop.step.key, dict(values),
            dict(documents),
        )  # fmt: skip
        if isinstance(found, Refused):
            said = found.text or ("" if found.errors else _("Cette étape n'est pas acceptée en l'état."))
            stops[-1] = _wrong(stop, placed(stop, found.errors), said)
            return Walk(tuple(stops), None, values, documents)
        if isinstance(found, Ready):
            return Walk(tuple(stops), found, values, documents)


def missing(stop: Stop) -> dict[str, str]:
    """The documents that are still to be joined."""
    return {
        slot.key: _("Joignez ce document.") for slot in stop.step.documents if slot.required and slot.key not in stop.files
    }


def placed(stop: Stop, errors: Mapping[str, str]) -> dict[str, str]:
    """Errors by field; what names none of the step's own stands in the summary."""
    known = {name: text for name, text in errors.items() if stop.owns(name)}
    others = " ".join(text for name, text in errors.items() if name not in known)
    return {**known, **({"": others} if others else {})}


def _stop(found: Any, draft: Draft, held: Mapping[str, Held], before: list[Stop]) -> Stop:
    if not isinstance(found, FormStep):
        raise ProtocolError("Le module propose de saisir cet acte ici, et n'en donne pas la première étape.")
    if len(before) >= MOST or any(stop.step.key == found.key for stop in before):
        raise ProtocolError(f"Le module tourne en rond dans les étapes de cet acte («{found.title}»).")
    if not issubclass(found.schema, forms.Form):
        raise ProtocolError(f"L'étape «{found.title}» n'est pas un formulaire que l'on sache montrer.")
    schema = found.schema()
    for slot in found.documents:
        slots.rule(slot)
    names = [*schema.fields, *(slot.key for slot in found.documents)]
    taken = {name for stop in before for name in (*stop.schema.fields, *(slot.key for slot in stop.step.documents))}
    if len(set(names)) != len(names) or taken & set(names):
        raise ProtocolError(f"Deux champs de cet acte portent le même nom (étape «{found.title}»).")
    files = {slot.key: held[draft.files[slot.key]] for slot in found.documents if draft.files.get(slot.key) in held}
    return Stop(found, schema, draft.typed.get(found.key), files)


def _wrong(stop: Stop, errors: Mapping[str, str], said: str = "") -> Stop:
    return Stop(stop.step, stop.schema, stop.typed, stop.files, errors, said)
