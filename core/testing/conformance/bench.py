"""The workbench: the plugin in a throwaway installation, on in one cabinet, with a small book and a partner that answers."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Blueprint
from marshmallow import Schema
from marshmallow import ValidationError
from sqlalchemy import delete
from werkzeug.routing import Rule as UrlRule

from core.db.clock import today
from core.extensions import db
from core.hooks import calling
from core.hooks import context
from core.hooks.messages import EmailAddress
from core.hooks.messages import Message
from core.hooks.messages import MessageContact
from core.hooks.portfolios import PortfolioAsked
from core.hooks.registry import Implementation
from core.hooks.results import fields_of
from core.hooks.secret_field import SecretField
from core.hooks.specs import Plugin
from core.hooks.specs import Spec
from core.hooks.specs import specs
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Intent
from core.hooks.types import SearchProvider
from core.http.models import BreakerRow
from core.supports import services as supports
from core.testing import rows
from core.testing.conformance import journeys
from core.testing.conformance.subject import Subject
from core.testing.partner import FakePartner
from core.testing.throwaway import Browser
from core.testing.throwaway import Installation
from core.testing.throwaway import Staff
from core.testing.values import filled
from core.testing.watching import NETWORK
from core.testing.watching import Doing
from core.testing.watching import Trial
from core.testing.watching import Watch
from core.testing.watching import tried
from core.testing.watching import watched
from core.transactions import services as transactions

ACTS = {"arbitrage": "Arbitrage", "rachat_partiel": "Rachat partiel"}
#: Words of the book of the cabinet that has the plugin; none may be seen by the other. One holds HTML, to see it escaped.
MARK = "<i>Kitdici</i>"
WORD = "Kitdici"
#: Seconds after which an inline hook is given up.
INLINE = 2.0
#: Seconds that a plugin may sleep while a page is made, before the kit ends it.
PATIENCE = 1.0
#: What ends an inline hook's call at once.
INLINE_FORBIDS = frozenset({"time.sleep", "subprocess.Popen", "os.system", *NETWORK, "sql"})


@dataclass(frozen=True)
class Called:
    """One call of a hook, or of a callable that it contributed (`inner`, its key)."""

    hook: str
    spec: Spec
    function: Callable[..., Any]
    trial: Trial
    inner: str = ""

    @property
    def title(self) -> str:
        """How findings name it."""
        return f"{self.hook} › {self.inner}" if self.inner else self.hook


@dataclass(frozen=True)
class Page:
    """What an address answered. `error`: what the view raised."""

    path: str
    endpoint: str
    status: int
    text: str
    kind: str
    error: BaseException | None = None
    statements: tuple[Doing, ...] = ()


@dataclass
class Bench:
    """What rules work with."""

    subject: Subject
    encours: Installation
    partner: FakePartner
    #: What a plugin's connection to somebody else than the kit's partner meets.
    network: OSError = field(default_factory=lambda: ConnectionRefusedError(111, "le kit n'a pas de réseau"))
    #: What the kit could not try, as sentences.
    untried: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    accounts: list[AccountRef] = field(default_factory=list)
    #: Tokens of the API, by cabinet and scopes.
    tokens: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    @property
    def plugin(self) -> Plugin:
        """The plugin as it is registered."""
        return self.encours.hub.registry.plugins[self.subject.name]

    def prepare(self) -> None:
        """The plugin on in `here`, off elsewhere; contacts, accounts of the partner's, rows in its tables."""
        name = self.subject.name
        for other in self.plugin.depends:
            self.encours.enable(other)
        if self.plugin.partner is not None:
            self.encours.join(name, self.partner)
        else:
            self.encours.enable(name)
        self._set_secrets()
        self.grow(3)
        account = self.accounts[0]
        with db.session(account.cabinet_id) as session:
            made = transactions.create(
                session, account_id=account.id, plugin=name if self.plugin.partner else None,
                origin="PARTENAIRE" if self.plugin.partner else "SAISIE", act="arbitrage", act_label="Arbitrage",
                initiated_by=self.encours.here.adviser,
            )  # fmt: skip
            self.ids["transaction_id"] = made.id
            self.ids["support_id"] = supports.support_for(session, code="KIT1", label=f"{MARK} fonds", type="FONDS_EURO")
        self.ids |= {
            "contact_id": self.rows["contact"][0], "account_id": account.id, "user_id": self.encours.here.adviser,
            "plugin": name,
        }  # fmt: skip
        told = self.subject.quality.get("kit", {})
        self.ids |= {str(key): str(filled(value, self.ids)) for key, value in told.items() if isinstance(value, str)}
        rows.fill(name, self.encours.elsewhere.cabinet_id, 1, word="Dailleurs", known=self._strangers())

    def _strangers(self) -> dict[str, list[str]]:
        """A contact and an account of the other cabinet's, for its rows to name."""
        who, known = self.encours.elsewhere, dict[str, list[str]]()
        known["contact"] = [self.encours.contact("Dailleurs", who)]
        account = self.encours.account("DAILLEURS1", company="kit", holder=known["contact"][0], staff=who)
        return {**known, "account": [account.id]}

    def _set_secrets(self) -> None:
        """A key of the kit's for each secret setting: a link that lacks its own shows nothing of what it does."""
        schema = self.plugin.settings_schema
        named = [name for name, one in schema().fields.items() if isinstance(one, SecretField)] if schema else []
        with suppress(ValidationError):  # the rule «secrets» tries it by itself
            if named:
                self.encours.configure(self.subject.name, dict.fromkeys(named, "secret-du-kit"))

    def grow(self, times: int) -> None:
        """More contacts, accounts and rows of the plugin's own, in the cabinet that has it."""
        for _ in range(times):
            serial = len(self.rows.get("contact", ())) + 1
            contact = self.encours.contact(f"{MARK} {serial}")
            self.rows.setdefault("contact", []).append(contact)
            partner = self.plugin.partner
            account = self.encours.account(
                f"{WORD}{serial:06}", company=partner.companies[0] if partner else "kit",
                product=partner.products[0] if partner and partner.products else None, holder=contact,
                plugin=self.subject.name if partner else None,
            )  # fmt: skip
            self.accounts.append(account)
            self.rows.setdefault("account", []).append(account.id)
        made = rows.fill(self.subject.name, self.encours.here.cabinet_id, times, word=f"{MARK} mot", known=self.rows)
        for table, ids in made.items():
            self.rows.setdefault(table, []).extend(ids)
            if not ids:
                self.untried.append(f"la table {table} n'a pas pu être remplie : ce qui montre ses lignes n'est pas essayé")

    # --- hooks -------------------------------------------------------------------------------------------------

    @cached_property
    def implemented(self) -> tuple[tuple[str, Spec, Implementation], ...]:
        """The hooks that the plugin implements."""
        registry = self.encours.hub.registry
        found = ((hook, spec, registry.one(hook, self.subject.name)) for hook, spec in specs().items())
        return tuple((hook, spec, impl) for hook, spec, impl in found if impl is not None)

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """Each hook called once, as a page or a job would, and the searches that it contributes."""
        return tuple(self.calls())

    def calls(self, staff: Staff | None = None, *, only: Callable[[Spec], bool] = lambda _spec: True) -> Iterator[Called]:
        """Call each hook; inline ones and batches are held to their lanes."""
        for hook, spec, impl in self.implemented:
            if not only(spec):
                continue
            for args in self.arguments(hook):
                done = self.call(spec, impl.function, *args, staff=staff)
                yield Called(hook, spec, impl.function, done)
                items = done.result if isinstance(done.result, list | tuple) else ()
                for item in items:
                    if isinstance(item, SearchProvider):
                        searched = self.call(_SEARCH, item.search, "kit", 5, staff=staff)
                        yield Called(hook, _SEARCH, item.search, searched, inner=str(item.key))

    def call(self, spec: Spec, function: Callable[..., Any], *args: Any, staff: Staff | None = None) -> Trial:
        """One call, with the plugin's own context."""
        who = staff or self.encours.here
        batch = spec.kind == "collect" and spec.shape == "mapping"
        forbid = INLINE_FORBIDS if spec.lane == "inline" else NETWORK if batch else frozenset()
        watch = Watch(forbid=forbid, network=self.network, owns=self.subject.owns)
        own = context.prepare(self.encours.context(who), self.plugin)
        limit = INLINE if spec.lane == "inline" else min(spec.limit, 8.0) + 0.5
        return tried(
            function, own, *args, limit=limit, cabinet_id=who.cabinet_id, write=spec.kind == "notify", watch=watch
        )

    def arguments(self, hook: str) -> list[tuple[Any, ...]]:
        """What a hook is called with, by the types that its specification writes; several times for each event."""
        account = self.accounts[0]
        if typed := [args for name, args in self.journeys if name == hook]:
            return typed
        with db.session(account.cabinet_id, write=False) as session:
            running = transactions.for_account(session, "system", account.id)
        claims = {"handle": "adv_kit", "back": "/"}
        mail = EmailAddress("client.du.kit@exemple.fr", primary=True, agreed=True)
        reached = MessageContact(self.rows["contact"][0], MARK, "PERSONNE_PHYSIQUE", (mail,))
        samples: dict[str, Any] = {
            "AccountRef": account, "Sequence[AccountRef]": tuple(self.accounts), "Sequence[TransactionRef]": tuple(running),
            "Sequence[str]": tuple(holder.id for holder in account.holders), "date": today(),
            "Mapping[str, str]": {code: code.split("_")[0] for code in ACTS}, "str": "kit", "int": 5,
            "contact_id": self.rows["contact"][0],
            "PortfolioAsked": PortfolioAsked(), "MessageContact": reached,
            "Message": Message("msg_kit", reached, "email", mail.address, "Essai du kit", "Bonjour,\n\nEssai du kit."),
            "Intent": Intent("lch_kit", running[0].reference if running else None, "arbitrage", claims),
        }  # fmt: skip
        found = calling.arguments(hook, samples)
        if not found:
            self.untried.append(f"le hook {hook} n'a pas été appelé : le kit ne connaît pas ses arguments")
        return found

    @cached_property
    def journeys(self) -> journeys.Calls:
        """What the hooks of acts that are typed here are called with; none where it has no such act."""
        has_any = any(hook == "continue_transaction" for hook, _spec, _impl in self.implemented)
        return journeys.calls(self) if has_any else []

    def calm(self) -> None:
        """Close the breakers: the next failure is the first."""
        with db.session(None) as session:
            session.execute(delete(BreakerRow))

    # --- pages -------------------------------------------------------------------------------------------------

    @cached_property
    def blueprints(self) -> dict[str, Blueprint]:
        """Blueprints of the application that the plugin brought, by whatever name."""
        found = self.encours.app.blueprints.items()
        return {name: one for name, one in found if self.subject.owns(Path(one.root_path).resolve())}

    @cached_property
    def rules(self) -> tuple[UrlRule, ...]:
        """Addresses that the plugin brought."""
        views = self.encours.app.view_functions
        prefix = f"{self.subject.module}."
        return tuple(
            rule for rule in self.encours.app.url_map.iter_rules()
            if rule.endpoint.rpartition(".")[0] in self.blueprints
            or str(getattr(views[rule.endpoint], "__module__", "")).startswith(prefix)
        )  # fmt: skip

    def address(self, rule: UrlRule) -> str | None:
        """The rule's address with values of `here`; None where one is unknown."""
        values: dict[str, Any] = {}
        for name in rule.arguments:
            if name == "filename":
                values[name] = self._static_file(rule)
            else:
                values[name] = self.ids.get(name) or self._own_id(name)
            if values[name] is None:
                return None
        built = rule.build(values)
        return built[1] if built else None

    def _static_file(self, rule: UrlRule) -> str | None:
        found = self.blueprints.get(rule.endpoint.rpartition(".")[0])
        folder = Path(found.static_folder) if found is not None and found.static_folder else None
        files = sorted(one for one in folder.rglob("*") if one.is_file()) if folder and folder.is_dir() else []
        return str(files[0].relative_to(folder)) if files and folder else None

    def _own_id(self, name: str) -> str | None:
        found = self.rows.get(f"{self.subject.name}_{name.removesuffix('_id')}")
        return found[0] if found else None

    def known_ids(self) -> dict[str, str]:
        """Ids that addresses, forms and bodies may name: the book's, and one of each of the plugin's tables (`note_id`)."""
        own = {f"{table.removeprefix(f'{self.subject.name}_')}_id": ids[0] for table, ids in self.rows.items() if ids}
        return {**own, **self.ids}

    def visit(
        self, browser: Browser, rule: UrlRule, *, method: str = "GET", data: Mapping[str, Any] | None = None
    ) -> Page | None:
        """Ask one of the plugin's addresses; `data`: what a form sends, its token apart."""
        path = self.address(rule)
        if path is None:
            if method == "GET" and self.owns_view(rule.endpoint):
                self.untried.append(f"{rule.rule} n'a pas été visitée : son adresse demande une valeur inconnue du kit")
            return None
        sent = {**(data or {}), "csrf_token": browser.token()} if method == "POST" else None
        watch = Watch(patience=PATIENCE, network=self.network, owns=self.subject.owns)
        with raising() as raised, watched(watch):
            try:
                with browser.client.open(path, method=method, data=sent) as answer:
                    text = answer.get_data().decode("utf-8", "replace")
                    where = answer.headers.get("Location", "")
                    shown = f"{where}\n{text}" if where else text
                    error = raised[0] if raised and answer.status_code >= 500 else None
                    kind, seen = answer.mimetype or "", tuple(watch.statements)
                    return Page(path, rule.endpoint, answer.status_code, shown, kind, error, seen)
            except BaseException as error:  # a view may also raise SystemExit
                return Page(path, rule.endpoint, 500, "", "", error)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All that can be read, as an administrator of the cabinet that has the plugin."""
        browser = self.encours.browser()
        found = (self.visit(browser, rule) for rule in self.rules if "GET" in (rule.methods or ()))
        return tuple(page for page in found if page is not None)

    def owns_view(self, endpoint: str) -> bool:
        """Whether a view is of the plugin's own code, not one that core made for it."""
        code = getattr(inspect.unwrap(self.encours.app.view_functions[endpoint]), "__code__", None)
        return code is not None and self.subject.owns(code.co_filename)

    def view_place(self, endpoint: str) -> str:
        """Where a view is written."""
        return self.subject.place_of(self.encours.app.view_functions[endpoint])


_SEARCH = Spec("guarded", "addressed", "one", object)


def texts(item: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a result, with the field that it stands in; a field that takes given words only holds a code."""
    if isinstance(item, str):
        yield path, item
    elif isinstance(item, type):
        yield from journeys.labels(item) if issubclass(item, Schema) else ()
    elif isinstance(item, Mapping):
        for key, value in item.items():
            yield from texts(value, f"{path}[{key}]" if path else str(key))
    elif isinstance(item, list | tuple):
        for value in item:
            yield from texts(value, path)
    elif is_dataclass(item) and not isinstance(item, type | Adviser):
        for name, _types, words in fields_of(type(item)):
            if words is None:
                yield from texts(getattr(item, name), f"{type(item).__name__}.{name}")


class _Raised(logging.Handler):
    """Errors that core turned into a page, and logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.errors.append(record.exc_info[1])


@contextmanager
def raising() -> Iterator[list[BaseException]]:
    """What is raised meanwhile and only logged."""
    handler, root = _Raised(), logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler.errors
    finally:
        root.removeHandler(handler)


@contextmanager
def laid(subject: Subject, encours: Installation) -> Iterator[Bench]:
    """A bench for a plugin that the installation has."""
    with FakePartner(ACTS) as partner:
        made = Bench(subject, encours, partner)
        made.prepare()
        yield made
