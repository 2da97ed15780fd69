"""Cabinets beside the demonstration's, on the same stage: an empty one, one of endless names and sums, one whose plugin fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core import config as configuration
from core.accounts import holdings
from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.app import create_app
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.contacts import channels
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.hooks.hub import Hub
from core.links import account_links
from core.shell import notifications
from core.supports import services as supports
from core.transactions import services as transactions
from tests.contract import bancal
from tests.stage import PASSWORD
from tests.stage import Stage

#: A hundred and twenty characters, and one word that no line can break.
LONG = "Marie-Antoinette Philippine Joséphine de La Rochefoucauld-Montmorency d'Aubeterre, veuve de Saint-Jean-Pied-de-Port"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HUGE = Decimal("1234567890.12")


@dataclass(frozen=True)
class Names:
    """How a cabinet's rows are called, and how many there are."""

    slug: str
    contact: str = "Martin"
    company: str = "Compagnie Exemple"
    title: str = "Contrat Exemple"
    support: str = "Fonds Exemple"
    sum: Decimal = Decimal("12500.50")
    rows: int = 3


LONG_NAMES = Names(
    "longs", LONG[:100], f"{LONG[:60]} {UNBROKEN[:40]}", f"{LONG} {UNBROKEN}"[:200], f"{UNBROKEN} {LONG}"[:180], HUGE, 60
)  # fmt: skip
FAILING = Names("panne")


def failing_plugin(folder: Path) -> Path:
    """«Bancal» installed in a folder: off where nobody turns it on; where it is on, every hook but its module crashes."""
    bancal.write(folder, company="exemple")
    source = folder / "encours_bancal" / "plugin.py"
    head = '"bancal", "Bancal", "1.0", 1'
    text = source.read_text("utf-8").replace(head, f"{head}\n    default_on = False")
    text = text.replace('if WILL["hook"] != hook:', 'if hook == "modules":').replace('fault = WILL["fault"]', 'fault = "crash"')
    source.write_text(text, "utf-8")
    return folder


def add(stage: Stage) -> None:
    """The three cabinets, with an administrator each (`administrateur@<slug>.example`)."""
    with _beside(stage) as hub:
        for names in (Names("vide", rows=0), LONG_NAMES, FAILING):
            with db.session(None) as session:
                cabinet = cabinets.add_cabinet(
                    session, slug=names.slug, name=f"Cabinet {names.contact}"[:120], siren="732829320", orias="07000123"
                )
                enabling.enable_defaults(session, hub.registry, actor="cli")
                who = cabinets.add_user(
                    session, email=f"administrateur@{names.slug}.example", display_name=f"Anne {names.contact}"[:100],
                    role="ADMINISTRATEUR", password=PASSWORD,
                ).id  # fmt: skip
            with db.session(cabinet.id) as session:
                if names is FAILING:
                    enabling.switch(session, hub.registry, "bancal", on=True, actor="cli")
                if names.rows:
                    _fill(session, names, who)
                    account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))


def _fill(session: TenantSession, names: Names, who: str) -> None:
    company = supports.company_for(session, "exemple", name=names.company)
    product = supports.product_for(session, company, names.title[:100], envelope="ASSURANCE_VIE")
    held = [
        supports.support_for(session, code=f"EX-{number}", label=f"{number} {names.support}"[:200], type="OPCVM")
        for number in range(max(2, names.rows // 5))
    ]  # fmt: skip
    person = NewContact(
        "PERSONNE_PHYSIQUE", "CLIENT", birth_name=names.contact, first_names=names.contact, profession=names.title[:120],
        employer=names.title, birth_city=names.contact, email=f"{'x' * 60}@{'y' * 50}.exemple.fr" if names.rows > 9 else None,
    )  # fmt: skip
    key = contacts.create(session, "cli", person, principal=who)
    for kind, values in (
        ("phone", {"usage": "MOBILE", "number": "+33612345678"}),
        ("email", {"usage": "PERSONNEL", "email": f"{'z' * 60}@exemple.fr"}),
        ("bank", {"usage": "COURANT", "iban": "FR7630006000011234567890189", "holder": names.title[:120]}),
        ("address", {"usage": "DOMICILE", "street": names.title, "city": names.contact, "country": "FR", "postal_code": "44000"}),
    ):  # fmt: skip
        channels.add(session, "cli", key, kind, {"is_primary": True, **values})
    contacts.create(session, "cli", NewContact("PERSONNE_MORALE", company_name=names.title, legal_form="SELARL"), principal=who)
    household = contacts.create(session, "cli", NewContact("FOYER", display_name=names.title), principal=who)
    contacts.join_household(session, "cli", household, key)
    _organise(session, names, who)
    on = today() - timedelta(days=1)
    for number in range(names.rows):
        account = accounts.create(
            session, "cli",
            NewAccount(
                "ASSURANCE_VIE", f"EX{number:030d}" if names.rows > 9 else f"EX{number:08d}", names.title, company,
                (Role(key, "SOUSCRIPTEUR"), Role(key, "BENEFICIAIRE", clause=names.title)), product_id=product,
                value=names.sum, value_on=on, data_as_of=on, net_payments=names.sum, opened_on=date(2015, 3, 2),
                freshness="A_JOUR",
            ),
        )  # fmt: skip
        if number == 0:
            _deepen(session, names, account, held, on, who)
        if names.rows > 9:
            other = NewContact("PERSONNE_PHYSIQUE", birth_name=f"{names.contact[:90]} {number}", first_names="Jean")
            contacts.create(session, "cli", other, principal=who)


def _organise(session: TenantSession, names: Names, who: str) -> None:
    """Its people, in an agency, with a profile of the cabinet's own."""
    made = profiles.add(session, "cli", label=names.contact[:60], rights=["contacts.view_all"])
    for number in range(names.rows):
        cabinets.add_user(
            session, email=f"personne{number}.{'x' * 50}@{names.slug}.example", display_name=f"{number} {names.contact}"[:120],
            role=made.code, password=None,
        )  # fmt: skip
    agency = agencies.add(session, "cli", names.title[:120])
    agencies.set_members(session, "cli", agency, [who, *(user.id for user in cabinets.users(session)[:20])])


def _deepen(session: TenantSession, names: Names, account: str, held: list[str], on: date, who: str) -> None:
    """One account with all that its pages show."""
    for back in range(1, 25):
        holdings.put_valuation(session, "cli", account, on - timedelta(days=30 * back), names.sum - back, "Relevé", names.sum)
    lines = [NewPosition(support, names.sum, cost=names.sum - 7) for support in held]
    holdings.put_positions(session, "cli", account, on, lines, "Relevé")
    for number in range(max(3, names.rows)):
        holdings.add_movement(
            session, "cli", account, on=on - timedelta(days=number), kind="VERSEMENT", label=names.title, amount=names.sum,
            source="Relevé", support_id=held[0],
        )  # fmt: skip
        transactions.create(
            session, account_id=account, plugin=None, origin="SAISIE", act="arbitrage", act_label=names.title[:100],
            initiated_by=who,
        )  # fmt: skip
        notifications.notify(session, [who], kind="essai", key=f"n{number}", title=names.title[:120], text=names.title, url="/")


@contextmanager
def _beside(stage: Stage) -> Iterator[Hub]:
    """The application over the stage's own data, in this process, while the block lasts; the stage goes on."""
    with bancal.installed(*map(Path, stage.env["PYTHONPATH"].split(os.pathsep))), pytest.MonkeyPatch.context() as patch:
        for name, value in stage.settings().items():
            patch.setenv(name, value)
        configuration.forget()
        hub: Hub = create_app(configuration.load()).extensions["encours_hub"]
        try:
            yield hub
        finally:
            hub.close()
            db.close()
            configuration.forget()
            telling.forget()
