"""Off means off: no page, no file, no word of it, nothing that works on others' pages."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from core.hooks import calling
from core.hooks.specs import Plugin
from core.hooks.specs import specs
from core.testing.conformance.bench import Bench
from core.testing.conformance.desk import Desk
from core.testing.conformance.findings import Finding


def check(bench: Bench) -> Iterator[Finding]:
    """As somebody of the cabinet that has not turned it on."""
    browser = bench.encours.browser(bench.encours.elsewhere)
    for rule in bench.rules:
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            page = bench.visit(browser, rule, method=method)
            if page is not None and page.status != 404:
                yield Finding("", f"{method} {page.path} répond {page.status} à un cabinet qui ne l'a pas activé",
                              bench.view_place(rule.endpoint))  # fmt: skip
    desk = Desk(bench)
    for one in desk.operations:
        path = desk.path(one, **{name: "inconnu" for name in one.arguments if name not in bench.known_ids()})
        answer = desk.call(one, path or one.path, desk.token(bench.encours.elsewhere), body=desk.body(one))
        if answer.status != 404:
            yield Finding("", f"{one.method} /api/v1{one.path} répond {answer.status} à un cabinet qui ne l'a pas activé",
                          desk.place(one))  # fmt: skip
    ctx = bench.encours.context(bench.encours.elsewhere)
    for hook, spec in specs().items():
        if spec.kind == "collect" and not calling.wanted(hook):
            found = bench.encours.hub.gather(getattr(Plugin, hook), ctx)
            if any(item.plugin == bench.subject.name for item in found.items):
                yield Finding("", f"{hook} contribue encore")
    for what, function in _everywhere(bench):
        yield Finding("", f"il agit sur les pages des autres ({what})", bench.subject.place_of(function),
                      todo="Retirez-le : un module n'agit que dans ses hooks et ses pages.")  # fmt: skip


def _everywhere(bench: Bench) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions of the plugin's that Flask calls for every request."""
    app, prefix = bench.encours.app, f"{bench.subject.module}."
    kinds: dict[str, Any] = {
        "before_request": app.before_request_funcs, "after_request": app.after_request_funcs,
        "teardown_request": app.teardown_request_funcs, "context_processor": app.template_context_processors,
    }  # fmt: skip
    for what, by_blueprint in kinds.items():
        for function in by_blueprint.get(None, ()):
            if str(getattr(function, "__module__", "")).startswith(prefix):
                yield what, function
    for function in app.jinja_env.filters.values():
        if str(getattr(function, "__module__", "")).startswith(prefix):
            yield "filtre de gabarit", function
