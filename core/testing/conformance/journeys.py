"""Acts that are typed here (BL-14): the kit fills their steps in, as a person would, to know what their hooks are called with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

from marshmallow import Schema
from marshmallow import fields as plain

from core.hooks.journeys import Attached
from core.hooks.journeys import DocumentSlot
from core.hooks.journeys import FormStep
from core.hooks.specs import specs
from core.hooks.types import AccountAction
from core.hooks.types import Intent
from core.hooks.types import TransactionType
from core.web import fields
from core.web import forms

if TYPE_CHECKING:
    from core.testing.conformance.bench import Bench

HOOKS = ("start_transaction", "continue_transaction", "submit_transaction")
#: Acts that are walked through, and steps of one.
ACTS, STEPS = 3, 12
_DATA = {"pdf": b"%PDF-1.4\n%kit\n", "jpeg": b"\xff\xd8\xff\xe0kit", "png": b"\x89PNG\r\n\x1a\nkit"}
_MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
#: Field → what a person might type in it.
_TYPED: tuple[tuple[type[Any], Any], ...] = (
    (fields.Amount, "1 000,00"), (fields.Percent, "10"), (fields.Day, "18/11/2026"), (fields.Hour, "09:30"),
    (fields.Email, "essai@kit.example"), (fields.Phone, "02 40 00 00 00"), (fields.Iban, "FR1420041010050500013M02606"),
    (fields.Isin, "FR0010315770"), (fields.Bic, "PSSTFRPPNTE"), (fields.Siren, "732829320"), (plain.Boolean, "1"),
    (plain.Integer, "1"), (fields.Secret, "secret-du-kit"),
)  # fmt: skip
Calls = list[tuple[str, tuple[Any, ...]]]


def calls(bench: Bench) -> Calls:
    """What the journey's hooks are called with, in the order in which a person comes to them."""
    made: Calls = []
    for act in _acts(bench):
        made += _walked(bench, act)
    return made


def labels(schema: type[Schema]) -> Iterator[tuple[str, str]]:
    """What a form's fields are called, and said of them."""
    for name, one in schema().fields.items():
        for part in ("label", "help"):
            if (text := one.metadata.get(part)) is not None:
                yield f"{schema.__name__}.{name}.{part}", str(text)


def _acts(bench: Bench) -> list[str]:
    found: list[str] = []
    for hook in ("account_actions", "transaction_types"):
        impl = bench.encours.hub.registry.one(hook, bench.subject.name)
        if impl is None:
            continue
        result = bench.call(specs()[hook], impl.function, bench.accounts[0]).result
        for act in result if isinstance(result, list | tuple) else ():
            typed = isinstance(act, AccountAction | TransactionType) and act.mode == "form" and act.enabled
            if typed and getattr(act, "form_url", None) is None and act.key not in found:
                found.append(act.key)
    return found[:ACTS]


def _walked(bench: Bench, act: str) -> Calls:
    account = bench.accounts[0]
    intent = Intent(f"jrn_kit_{act}", f"txn_kit_{act}", act, {"display": "Camille Essai", "locale": "fr-FR"})
    made: Calls = [("start_transaction", (account, intent))]
    step = _answer(bench, "start_transaction", account, intent)
    values: dict[str, Any] = {}
    documents: dict[str, Attached] = {}
    for _turn in range(STEPS):
        if not isinstance(step, FormStep):
            break
        schema = step.schema()
        checked = forms.check(schema, {name: _typed(one) for name, one in schema.fields.items()})
        if checked.errors:
            bench.untried.append(f"l'étape «{step.title}» de «{act}» n'a pas été passée : le kit ne sait pas la remplir")
            return made
        values |= checked.values
        documents |= {slot.key: _attached(slot) for slot in step.documents}
        args = (account, intent, step.key, dict(values), dict(documents))
        made.append(("continue_transaction", args))
        step = _answer(bench, "continue_transaction", *args)
    made.append(("submit_transaction", (account, intent, values, documents)))
    return made


def _answer(bench: Bench, hook: str, *args: Any) -> Any:
    impl = bench.encours.hub.registry.one(hook, bench.subject.name)
    return bench.call(specs()[hook], impl.function, *args).result if impl is not None else None


def _typed(one: Any) -> Any:
    options = one.metadata.get("options")
    choices: Mapping[str, Any] = (options() if callable(options) else options) or {}
    if choices:
        first = next(iter(choices))
        return [first] if isinstance(one, plain.List) else first
    return next((text for kind, text in _TYPED if isinstance(one, kind)), "Essai")


def _attached(slot: DocumentSlot) -> Attached:
    kind = next((one for one in slot.accepts if one in _DATA), "pdf")
    data = _DATA[kind]
    return Attached(slot.key, f"essai.{kind}", _MEDIA[kind], len(data), hashlib.sha256(data).hexdigest(), lambda: data)
