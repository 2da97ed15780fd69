"""Another cabinet sees nothing of this one, also where both have the plugin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.testing.conformance.bench import WORD
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.desk import Desk
from core.testing.conformance.findings import Finding
from core.testing.state import changed
from core.testing.state import state


def check(bench: Bench) -> Iterator[Finding]:
    """The plugin on elsewhere too; this cabinet's pages were read before, so that what is remembered would show."""
    _ = bench.pages, bench.called
    elsewhere = bench.encours.elsewhere
    for other in (*bench.plugin.depends, bench.subject.name):
        bench.encours.enable(other, elsewhere)
    try:
        browser = bench.encours.browser(elsewhere)
        for rule in bench.rules:
            if "GET" not in (rule.methods or ()):
                continue
            page = bench.visit(browser, rule)
            if page is not None and WORD in page.text:
                yield Finding("", f"{page.path} montre à un cabinet des données d'un autre", bench.view_place(rule.endpoint))
        yield from _through_the_api(bench)
        given = {account.id for account in bench.accounts}
        for one in bench.calls(elsewhere, only=lambda spec: spec.kind == "collect" and spec.shape == "list"):
            if any(WORD in text for _path, text in texts(one.trial.result) if text not in given):
                yield Finding("", f"{one.title} rend des données d'un autre cabinet", bench.subject.place_of(one.function))
    finally:
        bench.encours.enable(bench.subject.name, elsewhere, on=False)


def _own(body: dict[str, Any] | None) -> Any:
    """What the other cabinet sends is in words of its own: an answer that repeats them shows nothing of this one."""
    return json.loads(json.dumps(body).replace(WORD, "Kitailleurs"))


def _through_the_api(bench: Bench) -> Iterator[Finding]:
    """With the ids of this cabinet: nothing read, nothing changed."""
    desk, here = Desk(bench), bench.encours.here.cabinet_id
    before = state(here)
    for one in desk.operations:
        if (path := desk.path(one)) is None:
            continue
        answer = desk.call(one, path, desk.token(bench.encours.elsewhere), body=_own(desk.body(one)))
        if WORD in answer.text and answer.status < 400:
            yield Finding("", f"{one.method} /api/v1{one.path} donne à un cabinet des données d'un autre", desk.place(one))
        if one.method != "GET" and (tables := changed(before, state(here))):
            what = f"{one.method} /api/v1{one.path} change des données d'un autre cabinet ({', '.join(tables)})"
            yield Finding("", what, desk.place(one))
            before = state(here)
