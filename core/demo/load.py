"""Loads the demonstration: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from sqlalchemy import select

from core.accounts.reindex import reindex
from core.cabinets import audit
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.db.clock import today
from core.db.errors import Conflict
from core.db.session import Database
from core.db.session import TenantSession
from core.demo import accounts
from core.demo import catalogue
from core.demo import companies
from core.demo import contracts
from core.demo import second
from core.demo.cabinet import Kit
from core.demo.cabinet import Writer
from core.demo.cabinet import insert_all
from core.demo.directory import Directory
from core.demo.holders import Holders
from core.demo.people import People
from core.demo.seed import SEED
from core.demo.seed import Ids
from core.hooks import enabling
from core.hooks.registry import Registry
from core.supports import models as support_models
from core.wealth import totals

#: The demonstration's published password (interfaces.md, «Demo»).
PASSWORD = "Demo-2026!"  # noqa: S105 - published on purpose, in a database that holds no real cabinet
SLUG = "demo"

#: Who signs in: the name that contacts know them by → e-mail, name, role.
PEOPLE: dict[str, tuple[str, str, str]] = {
    "marc": ("conseiller@demo.example", "Marc Diallo", "CONSEILLER"),
    "julie": ("conseiller2@demo.example", "Julie Perrin", "CONSEILLER"),
    "sophie": ("assistant@demo.example", "Sophie Renard", "ASSISTANT"),
    "anne": ("administrateur@demo.example", "Anne Keller", "ADMINISTRATEUR"),
}
OTHERS: dict[str, tuple[str, str, str]] = {
    second.ADVISER: ("administrateur@second.example", "Paul Martin", "ADMINISTRATEUR"),
}


def load(db: Database, registry: Registry | None = None) -> None:
    """Load the demonstration; nothing where it is already there.

    With a `registry`, each cabinet starts with the plugins that are on by default. Raises `Conflict` where the
    database holds a real cabinet.
    """
    with db.session(None) as session:
        if not _wanted(session):
            return
        kit = _kit(session)
        _first(session, kit, registry)
        _second(session, kit, registry)


def _wanted(session: TenantSession) -> bool:
    """Whether there is something to load. Raises `Conflict` for a database in use."""
    slugs = {cabinet.slug: cabinet.demo for cabinet in session.scalars(select(Cabinet))}
    if real := sorted(slug for slug, demo in slugs.items() if not demo):
        raise Conflict(
            f"Cette base contient déjà un cabinet réel («{real[0]}»)\u202f: les données de démonstration, dont le mot de "
            "passe est public, n'y sont pas chargées. Indiquez une base vide dans ENCOURS_DATABASE_URL."
        )
    if SLUG in slugs:
        return False
    if session.scalar(select(support_models.CatalogueSupport.id).limit(1)) is not None:
        raise Conflict(
            "Le catalogue des supports de cette base est déjà rempli\u202f: les données de démonstration demandent une "
            "base vide. Indiquez-en une dans ENCOURS_DATABASE_URL."
        )
    return True


def _kit(session: TenantSession) -> Kit:
    """Draw and write the catalogue, which both cabinets share."""
    rng, ids, day = Random(SEED), Ids(), today()  # noqa: S311 - drawn to be the same every time, not to be secret
    yesterday = day - timedelta(days=1)
    keys = {code: ids.next() for code in companies.COMPANIES}
    products, supports = companies.products(ids), catalogue.supports(ids)
    prices = catalogue.prices(supports, catalogue.listed(yesterday))
    insert_all(
        session, support_models.CatalogueCompany,
        [{"id": keys[code], "code": code, "name": name} for code, name in companies.COMPANIES.items()],
    )  # fmt: skip
    insert_all(
        session, support_models.CatalogueProduct,
        [
            {
                "id": one.catalogue_id, "company_code": one.company, "name": one.name, "range_name": one.range_name,
                "envelope": one.envelope,
            }
            for one in products
        ],
    )  # fmt: skip
    insert_all(session, support_models.CatalogueSupport, catalogue.support_rows(supports))
    insert_all(session, support_models.CataloguePrice, catalogue.price_rows(ids, supports, prices))
    return Kit(rng, ids, day, keys, products, supports, prices)


def _first(session: TenantSession, kit: Kit, registry: Registry | None) -> None:
    services.add_cabinet(
        session, slug=SLUG, name="Cabinet Démo", siren="812345676", orias="17002041",
        address="12 quai de la Fosse, 44000 Nantes", demo=True,
    )  # fmt: skip
    users = _people(session, PEOPLE, registry)
    given = contracts.contracts()
    people = People(kit.rng, kit.ids, kit.today, given)
    maker = accounts.Maker(kit.rng, kit.ids, kit.today)
    made = accounts.accounts(maker, Holders(kit.rng, people, kit.today), given, kit.products)
    Writer(session, kit).write(people, made, users, users["marc"])
    _journal(session, people, made)


def _second(session: TenantSession, kit: Kit, registry: Registry | None) -> None:
    services.add_cabinet(
        session, slug="second", name="Second Cabinet", siren="523456788", orias="19005307",
        address="3 place de la Bourse, 33000 Bordeaux", demo=True,
    )  # fmt: skip
    users = _people(session, OTHERS, registry)
    people, made = second.made(kit.rng, kit.ids, kit.today, kit.products)
    Writer(session, kit).write(people, made, users, users[second.ADVISER])
    _journal(session, people, made)


def _people(session: TenantSession, people: Mapping[str, tuple[str, str, str]], registry: Registry | None) -> dict[str, str]:
    """Those who sign in, and their ids by the name that contacts know them by."""
    if registry is not None:
        enabling.enable_defaults(session, registry, actor="cli")
    return {
        key: services.add_user(session, email=email, display_name=name, role=role, password=PASSWORD).id
        for key, (email, name, role) in people.items()
    }


def _journal(session: TenantSession, people: Directory, made: list[accounts.Account]) -> None:
    """The words of the search, and one line in the cabinet's journal for all that was loaded at once."""
    reindex(session)
    totals.rebuild(session)
    counts = {"contacts": len(people.contacts), "accounts": len(made)}
    audit.record(session, "cli", "demo.loaded", f"cabinet:{session.require_cabinet()}", counts)
