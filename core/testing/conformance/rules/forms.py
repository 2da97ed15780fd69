"""Forms say what is wrong beside the field and lose nothing; what is right is written here only; reading writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from markupsafe import escape
from marshmallow import Schema
from marshmallow import fields as plain
from werkzeug.routing import Rule as UrlRule

from core.testing import pages
from core.testing import values
from core.testing.conformance.bench import MARK
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import Page
from core.testing.conformance.findings import Finding
from core.testing.conformance.subject import Subject
from core.testing.state import changed
from core.testing.state import state
from core.testing.throwaway import Browser
from core.testing.watching import Doing
from core.testing.watching import told
from core.web import fields
from core.web import forms as engine

#: A statement that changes rows, and the table that it names.
_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.I)
BOOK = ("contact", "account", "transaction", "document", "movement", "position", "valuation", "support")
#: Statuses by which a page refuses what was typed.
REFUSED = range(400, 500)
ESCAPED = "Affichez le formulaire de nouveau (422) avec forms.view(schema, typed, errors), et rien d'écrit."


def check(bench: Bench) -> Iterator[Finding]:
    """Each page that is read; then each address that takes a form, as an administrator."""
    for page in bench.pages:
        if doing := written(bench, page.statements):
            where = place_of(bench.subject, doing) or bench.view_place(page.endpoint)
            yield Finding("", f"lire {page.path} écrit dans la base : {doing.detail[:80]}", where,
                          why="Une page se lit, se recharge et se précharge sans que personne n'ait rien demandé.",
                          todo="N'écrivez que dans un POST.")  # fmt: skip
    browser = bench.encours.browser()
    for rule in bench.rules:
        if "POST" in (rule.methods or ()) and bench.owns_view(rule.endpoint):
            path = bench.address(rule)
            if path is None:
                bench.untried.append(f"le formulaire de {rule.rule} n'a pas été essayé : son adresse demande une valeur inconnue")
            else:
                yield from _tried(bench, browser, rule, path)


def written(bench: Bench, statements: tuple[Doing, ...]) -> Doing | None:
    """The first statement by which the plugin's own code changed its tables or the book."""
    for one in statements:
        found = _WRITES.match(one.detail)
        if found is None or place_of(bench.subject, one) == "":
            continue
        if found[1].startswith((f"{bench.subject.name}_", *BOOK)):
            return one
    return None


def place_of(subject: Subject, doing: Doing) -> str:
    """The plugin's own line behind something done; empty where there is none."""
    own = [frame for frame in doing.stack if subject.owns(frame[0])]
    return subject.place(*own[-1]) if own else ""


@dataclass
class _Form:
    """A form that is being tried: its schema where it has one, what its page already holds, the values made for it."""

    bench: Bench
    browser: Browser
    rule: UrlRule
    path: str
    schema: Schema
    found: pages.Form
    base: dict[str, Any]

    def errors(self, sent: Mapping[str, Any]) -> dict[str, str]:
        """What the schema itself has to say of it."""
        try:
            fresh = type(self.schema)()
        except TypeError:  # a schema that its view makes with arguments
            fresh = self.schema
        if set(fresh.fields) != set(self.schema.fields):
            fresh = self.schema
        with self.bench.encours.app.test_request_context(self.path):
            return engine.check(fresh, {name: value for name, value in sent.items() if name in fresh.fields}).errors

    def post(self, sent: Mapping[str, Any]) -> Page:
        """Send it."""
        page = self.bench.visit(self.browser, self.rule, method="POST", data=sent)
        assert page is not None
        return page

    @property
    def place(self) -> str:
        """Where its view is written."""
        return self.bench.view_place(self.rule.endpoint)


def _tried(bench: Bench, browser: Browser, rule: UrlRule, path: str) -> Iterator[Finding]:
    found = _on_pages(bench, path)
    with loaded() as seen:
        page = bench.visit(browser, rule, method="POST", data={name: "" if name in found.asked else value
                                                               for name, value in found.values.items()})  # fmt: skip
    assert page is not None
    if page.status >= 500:
        yield _fallen(bench, page, rule.rule, "vide")
    schema = next((one for one in reversed(seen) if not found.asked or found.asked & set(one.fields)), None)
    if schema is None or (page.status == 409 and not found.asked):
        return  # a button, or an act that nobody may do now
    made = _made(bench, schema, found)
    form = _Form(bench, browser, rule, path, schema, found, {**found.values, **made})
    if not found.asked:
        bench.untried.append(f"aucune page ne montre le formulaire de {rule.rule} à ce moment : seules ses pannes sont cherchées")
    yield from _refusals(form)
    if found.asked:
        yield from _accepted(form)


def _refusals(form: _Form) -> Iterator[Finding]:
    """Rounds of what is wrong: by the schema's own word each must be refused, and say so beside its field."""
    known = set[str]()
    for what, sent in _rounds(form):
        errors = form.errors(sent)
        before = state(form.bench.encours.here.cabinet_id) if errors else {}
        page = form.post(sent)
        found = list(_judged(form, what, sent, errors, page))
        if errors and (tables := changed(before, state(form.bench.encours.here.cabinet_id))):
            text = f"POST {form.rule.rule} écrit dans {', '.join(tables)} une saisie que son formulaire refuse ({what})"
            found.append(Finding("", text, form.place, todo=ESCAPED))
        for finding in found:
            if (kind := finding.what.partition(" (")[0]) not in known:  # each fault once, by the first round that shows it
                known.add(kind)
                yield finding


def _judged(form: _Form, what: str, sent: Mapping[str, Any], errors: Mapping[str, str], page: Page) -> Iterator[Finding]:
    if page.status >= 500:
        yield _fallen(form.bench, page, form.rule.rule, what)
        return
    if not errors or not form.found.asked:
        return  # right, or a form that no page shows as things are: what refused it may be the state of things
    if page.status not in REFUSED:
        text = f"POST {form.rule.rule} répond {page.status} à une saisie que son formulaire refuse ({what})"
        yield Finding("", text, form.place, todo=ESCAPED)
        return
    shown = set(re.findall(r'\bname="([^"]+)"', page.text))
    if page.kind != "text/html" or not shown & set(form.schema.fields):
        yield Finding("", f"POST {form.rule.rule} refuse une saisie sans montrer son formulaire : ce qui était tapé est perdu",
                      form.place, todo=ESCAPED)  # fmt: skip
        return
    for name in errors:
        if name in shown and f'id="f-{name}-e"' not in page.text:
            yield Finding("", f"POST {form.rule.rule} : la faute de «{name}» n'est pas dite à côté du champ", form.place,
                          todo="Dessinez chaque champ par forms.field(…), la somme par forms.error_summary(…).")  # fmt: skip
    for name, value in sent.items() if what in _SHOWN else ():
        one = form.schema.fields.get(name)
        lost = value and str(escape(value)) not in page.text
        if lost and name in shown and isinstance(one, fields.Text) and not _options(one):
            yield Finding("", f"POST {form.rule.rule} : ce qui était tapé dans «{name}» est perdu quand un champ est faux",
                          form.place, todo=ESCAPED)  # fmt: skip
    if MARK in page.text:
        yield Finding("", f"POST {form.rule.rule} montre ce qui est tapé sans l'échapper", form.place)


_EMPTY, _WRONG, _UNSEEN, _LONG = "champs vides", "valeurs fausses", "caractères invisibles", "textes très longs"
#: Rounds whose texts can be looked for on the page.
_SHOWN = (_EMPTY, _WRONG)


def _rounds(form: _Form) -> Iterator[tuple[str, dict[str, Any]]]:
    asked = {name: one for name, one in form.schema.fields.items() if not one.dump_only}
    typed = [name for name, one in asked.items() if isinstance(one, fields.Text)]
    if not form.found.asked:  # no page shows it now: whether it falls is all that can be seen
        yield _UNSEEN, {**form.base, **dict.fromkeys(typed, values.UNSEEN)}
        return
    must = [name for name, one in asked.items() if one.required]
    if must:
        yield _EMPTY, {**form.base, **dict.fromkeys(must, "")}
    for turn in range(2):
        bad = {name: found[turn] for name, one in asked.items() if (found := values.wrong(one))}
        if bad:
            yield _WRONG, {**form.base, **bad}
    lists = [name for name, one in asked.items() if _options(one)]
    if lists:
        yield _WRONG, {**form.base, **dict.fromkeys(lists, "PAS_DANS_LA_LISTE")}
    if typed:
        yield _UNSEEN, {**form.base, **dict.fromkeys(typed, values.UNSEEN)}
        yield _LONG, {**form.base, **dict.fromkeys(typed, values.LONG)}


def _accepted(form: _Form) -> Iterator[Finding]:
    """What is right is written, and in this cabinet only."""
    elsewhere = form.bench.encours.elsewhere.cabinet_id
    before, errors = state(elsewhere), form.errors(form.base)
    page = form.post(form.base)
    if page.status >= 500:
        yield _fallen(form.bench, page, form.rule.rule, "valeurs bonnes")
    elif page.status in REFUSED:
        said = "; ".join(f"{name} : {text}" for name, text in errors.items()) or f"réponse {page.status}"
        form.bench.untried.append(
            f"le formulaire de {form.rule.rule} n'a pas pu être rempli ({said}) : [kit] de quality.toml peut dire ses valeurs"
        )
    if tables := changed(before, state(elsewhere)):
        yield Finding("", f"POST {form.rule.rule} écrit chez un autre cabinet ({', '.join(tables)})", form.place,
                      todo="Écrivez par la session reçue et ses modèles ; jamais de SQL sans le cabinet.")  # fmt: skip


def _made(bench: Bench, schema: Schema, found: pages.Form) -> dict[str, Any]:
    """Values for the fields that are asked for, in the order in which they hang on each other."""
    made: dict[str, Any] = {}
    ids = bench.known_ids()
    with bench.encours.app.test_request_context("/"):
        for name, one in schema.fields.items():
            if one.dump_only or (isinstance(schema, engine.Form) and not schema.asks(name, {**found.values, **made})):
                continue
            value = values.right(one, name, ids)
            listed = [option for option in found.options.get(name, ()) if option]
            if listed and (value is None or (not isinstance(value, list) and value not in listed)):
                value = listed[:1] if isinstance(one, plain.List) else listed[0]
            if value is not None:
                made[name] = value
    return made


def _options(one: plain.Field[Any]) -> bool:
    return "options" in one.metadata and not isinstance(one, plain.List)


def _on_pages(bench: Bench, path: str) -> pages.Form:
    """The form that is sent there: on the page of the same address, or on another page of the plugin's."""
    shown = [page for page in bench.pages if page.kind == "text/html" and page.status == 200]
    for page in sorted(shown, key=lambda page: page.path != path):
        for form in pages.forms(page.text):
            form.values.pop("csrf_token", None)
            if form.action.split("?")[0] == path or (not form.action and page.path == path):
                return form
    return pages.Form("post", path)


def _fallen(bench: Bench, page: Page, rule: str, what: str) -> Finding:
    said = f" : {told(page.error)}" if page.error else ""
    where = bench.subject.place_in(page.error.__traceback__) if page.error else ""
    return Finding("", f"POST {rule} répond {page.status} ({what}){said}", where or bench.view_place(page.endpoint),
                   why="Une page d'erreur perd tout ce qui était tapé.",
                   todo="Vérifiez par un schéma (forms.check) avant d'employer ; un service refuse par DomainError.")  # fmt: skip


@contextmanager
def loaded() -> Iterator[list[Schema]]:
    """The forms' schemas that read something meanwhile, whoever calls them and by whatever name."""
    seen: list[Schema] = []

    def load(self: engine.Form, *args: Any, **more: Any) -> Any:
        seen.append(self)
        return Schema.load(self, *args, **more)

    with patch.object(engine.Form, "load", load):
        yield seen
