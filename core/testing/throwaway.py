"""A throwaway installation: its own folder and database, two cabinets, people who sign in, the book that a test asks for.

It takes this process's database, configuration and hub for as long as its block lasts: one at a time.
"""

from __future__ import annotations

import atexit
import base64
import re
import shutil
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import config as configuration
from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.app import create_app
from core.cabinets import services as cabinets
from core.config import Config
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import migrate
from core.db.clock import now
from core.db.session import Database
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import settings
from core.hooks import telling
from core.hooks.hub import Hub
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.links import account_links
from core.links import enrolments
from core.links import keys
from core.links import registration
from core.links.models import AccountLink
from core.links.models import Mandate
from core.supports import services as supports
from core.testing.partner import FakePartner

#: Of the people of a throwaway installation.
PASSWORD = "Essai-du-kit-2026!"  # noqa: S105 - nobody keeps anything there
_KEK = base64.urlsafe_b64encode(b"k" * 32).decode()
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Staff:
    """One cabinet and the ids of its people; each signs in as `<role>@<slug>.example`."""

    cabinet_id: int
    slug: str
    administrator: str
    adviser: str


class Browser:
    """Somebody signed in, as a browser would be: pages as text, forms with their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str) -> str:
        """A page's text. Raises AssertionError, with what the page says, where it is not there."""
        answer = self.client.get(path, follow_redirects=True)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, f"{path} : {answer.status_code}\n{text[:2000]}"
        return text

    def status(self, path: str, *, method: str = "GET") -> int:
        """What a page answers."""
        with self.client.open(path, method=method, data={"csrf_token": self.token()} if method == "POST" else None) as answer:
            return int(answer.status_code)

    def post(self, path: str, data: Mapping[str, Any]) -> str:
        """Send a form; the page that one then sees."""
        answer = self.client.post(path, data={**data, "csrf_token": self.token()}, follow_redirects=True)
        return answer.get_data(as_text=True)

    def token(self) -> str:
        """The session's CSRF token."""
        if not self._token:
            found = _TOKEN.search(self.client.get("/notifications").get_data(as_text=True))
            assert found, "the page of notifications has no form"
            self._token = found.group(1)
        return self._token


@dataclass
class Installation:
    """What a test holds. `here` is the cabinet that has the plugin on; `elsewhere` has not."""

    app: Flask
    folder: Path
    here: Staff
    elsewhere: Staff
    count: int = 0
    _browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def hub(self) -> Hub:
        """The application's hub."""
        found: Hub = self.app.extensions["encours_hub"]
        return found

    def enable(self, plugin: str, staff: Staff | None = None, *, on: bool = True) -> None:
        """Turn a plugin on, or off, for a cabinet. Raises `NotFound` for one that is not installed."""
        with db.session((staff or self.here).cabinet_id) as session:
            enabling.switch(session, self.hub.registry, plugin, on=on, actor="cli")
            account_links.recompute(session, self.hub.registry, enabling.enabled(session, self.hub.registry))

    def configure(self, plugin: str, values: Mapping[str, Any], staff: Staff | None = None) -> None:
        """Store settings. Raises marshmallow's `ValidationError`."""
        with db.session((staff or self.here).cabinet_id) as session:
            settings.save(session, self.hub.registry.plugins[plugin], values, actor="cli")

    def browser(self, staff: Staff | None = None, role: str = "administrateur") -> Browser:
        """Somebody of a cabinet, signed in: «administrateur» or «conseiller»."""
        email = f"{role}@{(staff or self.here).slug}.example"
        if email not in self._browsers:
            client = self.app.test_client()
            page = client.get("/connexion").get_data(as_text=True)
            found = _TOKEN.search(page)
            assert found, page[:500]
            said = {"email": email, "password": PASSWORD, "csrf_token": found.group(1)}
            answer = client.post("/connexion", data=said)
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self._browsers[email] = Browser(client)
        return self._browsers[email]

    def context(self, staff: Staff | None = None, role: str = "administrateur") -> Context:
        """The context of somebody's request, to call hooks with by `hub`."""
        who = staff or self.here
        with db.session(who.cabinet_id, write=False) as session:
            user = who.administrator if role == "administrateur" else who.adviser
            principal = cabinets.principals(session, [user])[user]
            return context.make(session, self.hub.registry, principal=principal, slug=who.slug)

    def contact(self, name: str = "Durand", staff: Staff | None = None) -> str:
        """A person in the book, followed by the adviser; the id."""
        who = staff or self.here
        with db.session(who.cabinet_id) as session:
            new = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Jeanne")
            made = contacts.create(session, "cli", new)
            contacts.follow(session, "cli", made, who.adviser)
            return made

    def account(
        self, number: str, *, company: str, product: str | None = None, holder: str | None = None, plugin: str | None = None,
        staff: Staff | None = None,
    ) -> AccountRef:  # fmt: skip
        """A life insurance contract at a company, by its code. `plugin`: the partner link that serves it, whatever its number."""
        who = staff or self.here
        owner = holder or self.contact("Martin", who)
        with db.session(who.cabinet_id) as session:
            company_id = supports.company_for(session, company, name=f"Compagnie {company}")
            product_id = supports.product_for(session, company_id, product, envelope="ASSURANCE_VIE") if product else None
            roles = [Role(owner, "SOUSCRIPTEUR")]
            new = NewAccount("ASSURANCE_VIE", number, product or "Contrat", company_id, roles, product_id=product_id)
            made = accounts.create(session, "cli", new)
            linked = session.scalar(select(AccountLink).where(AccountLink.account_id == made))
            if plugin is not None and linked is None:
                session.add(AccountLink(account_id=made, plugin=plugin, ref=number))
        with db.session(who.cabinet_id, write=False) as session:
            boss = cabinets.principals(session, [who.administrator])[who.administrator]
            return account_links.attach(session, [accounts.get_ref(session, boss, made)])[0]

    def register(self, plugin: str, partner: FakePartner, staff: Staff | None = None) -> None:
        """Register the partner with a cabinet, its plugin on: the mandate is still to be asked for."""
        who = staff or self.here
        self.enable(plugin, who)
        with db.session(who.cabinet_id) as session:
            registration.register(session, partner.sheet(plugin), broker_code="COURTIER-1")
        partner.platform_keys = lambda: _public_keys(who.cabinet_id)

    def join(self, plugin: str, partner: FakePartner, staff: Staff | None = None) -> None:
        """Register the partner with a cabinet: its plugin on, the mandate active for all acts, both people enrolled."""
        who = staff or self.here
        self.register(plugin, partner, who)
        with db.session(who.cabinet_id) as session:
            mandate = session.scalars(select(Mandate).where(Mandate.plugin == plugin)).one()
            scopes = [f"launch:{code}" for code in (*partner.acts, "consultation")]
            mandate.state = mandate.partner_state = "active"
            mandate.partner_seq, mandate.version, mandate.active_from = 2, 1, now() - timedelta(days=1)
            mandate.content = {"scopes": scopes, "broker_code": "COURTIER-1"}
            for user in (who.administrator, who.adviser):
                enrolments.set_state(session, plugin, user, state="enrolled", actor="cli")


def _public_keys(cabinet_id: int) -> dict[str, Any]:
    with db.session(cabinet_id, write=False) as session:
        return keys.jwks(session)


@contextmanager
def installation(*plugins: str) -> Iterator[Installation]:
    """A new one, gone at the end of the block. The plugins named are on in its first cabinet (`here`).

    Raises `NotFound` for a plugin that is not installed, or does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="encours-essai-"))
    try:
        config = _config(folder)
        shutil.copyfile(migrated(), folder / "encours.sqlite")
        app = create_app(config)
        try:
            found: Hub = app.extensions["encours_hub"]
            migrate.upgrade(db, [(name, one.migrations) for name, one in found.registry.plugins.items() if one.migrations])
            found.registry.tables.forget()
            made = Installation(app, folder, staff("ici", "Cabinet d'ici"), staff("ailleurs", "Cabinet d'ailleurs"))
            for name in plugins:
                made.enable(name)
            yield made
        finally:
            app.extensions["encours_hub"].close()
            db.close()
            configuration.forget()
            telling.forget()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _config(folder: Path) -> Config:
    return Config(
        database_url=f"sqlite:///{folder / 'encours.sqlite'}", var_dir=str(folder), secret_key="s" * 40, kek=_KEK,
        testing=True, plp_allow_loopback=True, base_url="http://127.0.0.1:8000",
    )  # fmt: skip


@cache
def migrated() -> Path:
    """A file with core's tables and no row, made once a process."""
    return _model("head")


@cache
def yesterday() -> Path:
    """The same before core's newest migration."""
    return _model("-1")


def _model(revision: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="encours-modele-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Database()
    made.open(f"sqlite:///{folder / 'modele.sqlite'}", check=False)
    migrate.upgrade(made, core=revision)
    made.close()
    return folder / "modele.sqlite"


def staff(slug: str, name: str) -> Staff:
    """A cabinet and its two people, in the database at hand."""
    with db.session(None) as session:
        cabinet = cabinets.add_cabinet(session, slug=slug, name=name, siren="732829320", orias="07000123")
        people = {
            role: cabinets.add_user(
                session, email=f"{role}@{slug}.example", display_name=f"{role.title()} {slug.title()}", role=role.upper(),
                password=PASSWORD,
            ).id
            for role in ("administrateur", "conseiller")
        }  # fmt: skip
        return Staff(cabinet.id, slug, people["administrateur"], people["conseiller"])
