"""A secret is in no log, no page, no result: not the settings' own, not the partner link's."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from core.cabinets import vault
from core.extensions import db
from core.hooks import context
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.findings import Finding
from core.testing.watching import tried

#: Parts of names by which a setting is taken for a secret, where its type does not say so.
NAMES = ("secret", "password", "passe", "token", "jeton", "cle", "api_key", "private")
CANARY = "SECRET-du-kit-7f3a9c"


class _Heard(logging.Handler):
    """Every record, with where it was written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.msg)
        extra = {key: value for key, value in vars(record).items() if key not in ("msg", "args")}
        text += repr(extra.get("fields", "")) + ("".join(traceback.format_exception(*record.exc_info)) if record.exc_info else "")
        self.records.append((text, f"{record.pathname}\n{record.lineno}"))


def check(bench: Bench) -> Iterator[Finding]:
    """Hooks and pages once more, with secrets that can be looked for."""
    secrets = {CANARY: "le réglage secret"}
    if bench.plugin.partner is not None:
        secrets |= _link(bench)
    given = dict.fromkeys(secret_settings(bench.plugin), CANARY)
    stored = _stored(bench, given)
    subject = bench.subject
    with heard() as log:
        for hook, spec, impl in bench.implemented:
            own = context.prepare(bench.encours.context(), bench.plugin)
            if given and not stored:
                own = replace(own, settings={**own.settings, **given})
            for args in bench.arguments(hook):
                limit = min(spec.limit, 3.0)
                done = tried(impl.function, own, *args, limit=limit, cabinet_id=own.cabinet_id, write=spec.kind == "notify")
                said = [text for _path, text in texts(done.result)] + [str(getattr(done.error, "text", ""))]
                for what in _in(secrets, " ".join(said)):
                    yield Finding("", f"{hook} rend {what}", subject.place_of(impl.function))
        pages = [bench.visit(bench.encours.browser(), rule) for rule in bench.rules if stored and "GET" in (rule.methods or ())]
    for text, where in log.records:
        path, _, line = where.partition("\n")
        for what in _in(secrets, text):
            yield Finding("", f"le journal contient {what}", subject.place(path, int(line)) if subject.owns(path) else "")
    for page in (*bench.pages, *(one for one in pages if one is not None)):
        for what in _in(secrets, page.text):
            yield Finding("", f"{page.path} montre {what}", bench.view_place(page.endpoint))


def secret_settings(plugin: Any) -> list[str]:
    """Names of the settings that are secrets: by their type, else by their name."""
    if plugin.settings_schema is None:
        return []
    found = plugin.settings_schema().fields.items()
    return [
        name for name, one in found
        if "secret" in type(one).__name__.lower() or one.metadata.get("kind") == "password" or any(part in name for part in NAMES)
    ]  # fmt: skip


def _stored(bench: Bench, given: dict[str, str]) -> bool:
    """The same secrets stored, for pages; False where the schema takes no such text."""
    if not given:
        return False
    try:
        own = context.prepare(bench.encours.context(), bench.plugin).settings
        schema = bench.plugin.settings_schema
        assert schema is not None
        others = {name: value for name, value in own.items() if name not in given}
        bench.encours.configure(bench.subject.name, {**schema().dump(others), **given})
    except ValidationError:
        return False
    return True


def _link(bench: Bench) -> dict[str, str]:
    """What the vault holds of the partner link."""
    with db.session(bench.encours.here.cabinet_id, write=False) as session:
        value = vault.unseal(session, f"link:{bench.subject.name}", "webhook-secret")
    return {base64.b64encode(value).decode(): "le secret des notifications du partenaire"} if value else {}


def _in(secrets: dict[str, str], text: str) -> list[str]:
    return [what for secret, what in secrets.items() if secret in text]


@contextmanager
def heard() -> Iterator[_Heard]:
    """All that is logged meanwhile, by whomever, from DEBUG on."""
    handler, root = _Heard(), logging.getLogger()
    ours = logging.getLogger("encours")
    before = root.level, ours.level, ours.propagate
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    ours.propagate = True
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        ours.setLevel(before[1])
        ours.propagate = before[2]
