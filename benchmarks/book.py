"""Large cabinets from a seed, written as bulk rows: a service call for each of 100,000 contacts would take an hour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert

from core import config as configuration
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.app import create_app
from core.cabinets import services as cabinets
from core.config import Config
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db import migrate
from core.db.session import Database
from core.extensions import db
from core.hooks import enabling
from core.search.models import SearchVariant
from core.search.models import SearchWord
from core.search.words import correctable
from core.search.words import fold
from core.search.words import variants
from core.supports import services as supports

PASSWORD = "Banc-2026!"  # noqa: S105 - of a database that lives for a minute
EMAIL = "administrateur@banc.example"
BATCH = 5000
_LASTS = ("Martin", "Bernard", "Durand", "Le Goff", "Rivière", "Lefèvre", "Moreau", "Nguyen", "Garnier", "Benali", "Diop")
_FIRSTS = ("Jeanne", "Émile", "Hélène", "Paul", "Aminata", "Jérôme", "Sophie", "Karim", "Inès", "Alain", "Marie", "Thi Lan")
_TOWNS = ("Nantes", "Rezé", "Angers", "Vannes", "Pornic", "Quimper", "Rennes", None)
_ENDS = ("", "ot", "eau", "ard", "et", "in", "el", "er", "ec", "ou", "iaux", "ier")


@contextmanager
def application(folder: Path, url: str, owner_url: str | None = None) -> Iterator[Flask]:
    """The application over an empty, migrated database, without the statement checker, as in production."""
    config = Config(
        database_url=url, var_dir=str(folder), secret_key="b" * 40,
        kek="YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=", base_url="http://127.0.0.1:8000",
    )  # fmt: skip
    app = create_app(config)
    plugins = app.extensions["encours_hub"].registry.plugins
    folders = [(name, one.migrations) for name, one in plugins.items() if one.migrations]
    if owner_url is None:
        migrate.upgrade(db, folders)
    else:
        owner = Database()
        owner.open(owner_url, check=False)
        migrate.upgrade(owner, folders, app_role="encours_app")
        owner.close()
    try:
        yield app
    finally:
        app.extensions["encours_hub"].close()
        db.close()
        configuration.forget()


def cabinet(app: Flask, slug: str) -> tuple[int, list[str]]:
    """A cabinet with an administrator and three advisers: its id, theirs."""
    with db.session(None) as session:
        made = cabinets.add_cabinet(session, slug=slug, name=f"Cabinet {slug}", siren="732829320", orias="07000123")
        enabling.enable_defaults(session, app.extensions["encours_hub"].registry, actor="cli")
        people = [
            cabinets.add_user(
                session, email=f"{name}@{slug}.example", display_name=name.title(), role=role, password=PASSWORD
            ).id
            for name, role in (
                ("administrateur", "ADMINISTRATEUR"), ("marc", "CONSEILLER"), ("claire", "CONSEILLER"), ("zoé", "CONSEILLER")
            )
        ]
        return made.id, people


def names(count: int, rng: Random) -> Iterator[tuple[str, str]]:
    """Last and first names, some thousands of different ones, as a telephone book has them."""
    for _ in range(count):
        yield f"{rng.choice(_LASTS)}{rng.choice(_ENDS)}{rng.choice(_ENDS)}", rng.choice(_FIRSTS)


def contacts(cabinet_id: int, people: list[str], count: int, accounts_each: int = 3) -> None:
    """Contacts with an adviser each, and their accounts."""
    rng = Random(20261125)  # noqa: S311 - not for secrets
    with db.session(cabinet_id) as session:
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")

    def lines() -> Iterator[tuple[dict[str, Any], ...]]:
        for number, (last, first) in enumerate(names(count, rng)):
            key, name = f"c{number:025d}", f"{last} {first}"
            contact = {
                "id": key, "kind": "PERSONNE_PHYSIQUE", "stage": rng.choice(("CLIENT", "CLIENT", "PROSPECT")),
                "file_code": f"D-{number:06d}", "display_name": name, "sort_name": fold(name), "birth_name": last,
                "first_names": first, "city": rng.choice(_TOWNS), "phone": f"+336{number:08d}", "email": f"c{number}@exemple.fr",
            }  # fmt: skip
            yield "contact", contact
            yield "follow", {"id": f"f{number:025d}", "contact_id": key, "user_id": rng.choice(people[1:]), "role": "PRINCIPAL"}
            for place in range(accounts_each):
                account = f"a{place}{number:024d}"
                yield "account", {
                    "id": account, "envelope": "ASSURANCE_VIE", "number": account, "number_key": account, "title": "Himalia",
                    "company_id": company, "depositary_id": company, "value": Decimal(rng.randrange(100, 300000)),
                    "value_on": date(2026, 11, 20),
                }  # fmt: skip
                yield "role", {
                    "id": f"r{place}{number:024d}", "account_id": account, "contact_id": key, "role": "SOUSCRIPTEUR"
                }

    _load(cabinet_id, {"contact": Contact, "follow": ContactAdviser, "account": Account, "role": AccountRole}, lines())


def words(cabinet_id: int, count: int) -> None:
    """What the quick search looks in: the words of so many names."""
    rng = Random(7)  # noqa: S311 - not for secrets

    def lines() -> Iterator[tuple[Any, ...]]:
        known: set[str] = set()
        for number, (last, first) in enumerate(names(count, rng)):
            for word in {*fold(f"{last} {first}").split()}:
                yield "word", {"kind": "contact", "ref": f"c{number:025d}", "word": word}
                known.add(word)
        pairs = ((word, variant) for word in sorted(correctable(known)) for variant in sorted(variants(word)))
        for whole, variant in pairs:
            yield "variant", {"kind": "contact", "variant": variant, "word": whole}

    _load(cabinet_id, {"word": SearchWord, "variant": SearchVariant}, lines())


def _load(cabinet_id: int, tables: dict[str, Any], lines: Iterator[tuple[Any, ...]]) -> None:
    while some := list(islice(lines, BATCH)):
        with db.session(cabinet_id) as session:
            session.replan()
            connection = session.connection()
            for name, table in tables.items():  # in this order: what is pointed to comes first
                if rows := [{"cabinet_id": cabinet_id, **row} for kind, row in some if kind == name]:
                    connection.execute(insert(table.__table__), rows)
