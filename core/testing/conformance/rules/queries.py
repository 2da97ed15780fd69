"""The number of queries of a page, a hook or a read of the API does not grow with the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.rest import entry
from core.testing.conformance.bench import Bench
from core.testing.conformance.desk import Desk
from core.testing.conformance.findings import Finding
from core.testing.watching import Doing

#: Rows added: ten times what the bench began with.
MORE = 27


def check(bench: Bench) -> Iterator[Finding]:
    """Each page and each hook, before and after."""
    before = dict(_counted(bench))
    bench.grow(MORE)
    bench.__dict__.pop("pages", None)
    for (what, place), statements in _counted(bench):
        few = before.get((what, place))
        if few is None or len(statements) <= len(few):
            continue
        grown = Counter(one.detail for one in statements) - Counter(one.detail for one in few)
        worst = max(grown, key=lambda text: grown[text]) if grown else ""
        doing = next((one for one in statements if one.detail == worst), statements[-1])
        own = [frame for frame in doing.stack if bench.subject.owns(frame[0])]
        yield Finding("", f"{what} fait {len(few)} requêtes pour 3 lignes, {len(statements)} pour {3 + MORE} : {worst[:80]}",
                      bench.subject.place(*own[-1]) if own else place)  # fmt: skip


def _counted(bench: Bench) -> Iterator[tuple[tuple[str, str], list[Doing]]]:
    browser = bench.encours.browser()
    for rule in bench.rules:
        if "GET" not in (rule.methods or ()):
            continue
        bench.visit(browser, rule)  # what is made once, and remembered, is not counted
        page = bench.visit(browser, rule)
        if page is not None and page.status == 200:
            yield (page.path, bench.view_place(rule.endpoint)), list(page.statements)
    desk = Desk(bench)
    for _warm in desk.reads():
        pass
    for operation, answer in desk.reads():
        if answer.status == 200:
            # who calls, and how often, is looked up now and then: no affair of the operation's
            own = [one for one in answer.statements if all(path != entry.__file__ for path, _line in one.stack)]
            yield (f"GET /api/v1{operation.path}", desk.place(operation)), own
    for one in bench.calls(only=lambda spec: spec.lane == "guarded" and spec.kind != "notify"):
        if one.trial.error is None and not one.trial.late:
            yield (one.title, bench.subject.place_of(one.function)), list(one.trial.statements)
