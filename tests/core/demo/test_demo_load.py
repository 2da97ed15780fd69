"""The demonstration as a whole (interfaces.md, «Demo»): how much, always the same, never beside a real cabinet."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from core.accounts.envelopes import ENVELOPES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Movement
from core.accounts.models import Valuation
from core.cabinets import audit_proof
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import Enabling
from core.cabinets.models import User
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db.errors import Conflict
from core.db.session import Database
from core.demo import load
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.supports.models import CataloguePrice
from core.supports.models import CatalogueSupport
from core.supports.models import Company
from tests import databases

HASHED = (
    "contact", "household_member", "account", "account_role", "position", "movement", "valuation", "company",
    "product", "support", "catalogue_company", "catalogue_product", "catalogue_support", "catalogue_price",
)  # fmt: skip


def cabinet_id(db: Database, slug: str) -> int:
    with db.session(None, write=False) as session:
        return session.scalars(select(Cabinet.id).where(Cabinet.slug == slug)).one()


def fingerprint(db: Database) -> dict[str, str]:
    """A hash of every row of each table; people's keys are the product's own, hence told apart by e-mail."""
    found = {}
    with databases.below(str(db.engine.url)) as plain:
        queries = {name: f'SELECT * FROM "{name}" ORDER BY id' for name in HASHED}  # noqa: S608 - fixed names
        queries["contact_adviser"] = (
            "SELECT a.id, a.contact_id, a.role, u.email FROM contact_adviser a JOIN user_login u ON u.id = a.user_id "
            "ORDER BY a.id"
        )
        queries["transaction"] = (
            'SELECT t.id, t.account_id, t.reference, t.act, t.amount, t.created_at, u.email FROM "transaction" t '
            "LEFT JOIN user_login u ON u.id = t.initiated_by ORDER BY t.id"
        )
        for name, query in queries.items():
            rows = plain.execute(query).fetchall()
            found[name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


def test_counts(loaded: Database) -> None:
    """Demo: about 250 contacts, 700 accounts over ten companies and every envelope, five years of valuations."""
    with loaded.session(cabinet_id(loaded, "demo"), write=False) as session:
        count = lambda model: session.scalar(select(func.count()).select_from(model))  # noqa: E731
        assert count(Contact) == 254  # four of them typed twice on purpose
        assert count(Account) == 700
        assert count(Company) == 10
        assert set(session.scalars(select(Account.envelope).distinct())) == set(ENVELOPES)
        assert len(set(session.scalars(select(Account.company_id).distinct()))) == 10
        assert 20_000 < count(Valuation) < 40_000
        most = session.scalar(select(func.count()).select_from(Valuation).group_by(Valuation.account_id).order_by(
            func.count().desc()).limit(1))  # fmt: skip
        assert most in (60, 61)
        assert count(Movement) > 6_000
        roles = set(session.scalars(select(AccountRole.role).distinct()))
        assert roles >= {
            "SOUSCRIPTEUR", "ASSURE", "BENEFICIAIRE", "CO_TITULAIRE", "USUFRUITIER", "NU_PROPRIETAIRE",
            "CREANCIER_NANTI",
        }  # fmt: skip
        assert set(session.scalars(select(Account.freshness).distinct())) == {"A_JOUR", "ANCIEN", "EN_ERREUR", "JAMAIS"}
        assert {"PROSPECT", "CLIENT", "ANCIEN_CLIENT"} == set(session.scalars(select(Contact.stage).distinct()))
        codes = session.scalars(select(Contact.file_code)).all()
        assert sorted(codes) == [f"D-{number:05d}" for number in range(1, 255)]
    with loaded.session(None, write=False) as session:
        supports = session.scalar(select(func.count()).select_from(CatalogueSupport).where(CatalogueSupport.isin != ""))
        assert supports is not None
        assert supports >= 60
        per_support = session.scalars(select(func.count(CataloguePrice.id)).group_by(CataloguePrice.support_id)).all()
        assert max(per_support) >= 60
        assert min(per_support) >= 12


def test_two_loads_are_equal(loaded: Database, blank: Database) -> None:
    """Demo: made from a seed, the same every time."""
    load.load(blank)
    assert fingerprint(blank) == fingerprint(loaded)


def test_a_second_load_changes_nothing(loaded: Database) -> None:
    """Demo: the second start keeps the data."""
    before = fingerprint(loaded)
    load.load(loaded)
    assert fingerprint(loaded) == before


def test_refuses_a_real_cabinet(blank: Database) -> None:
    """Demo: it refuses to load into a database that holds a real cabinet, and leaves nothing behind."""
    with blank.session(None) as session:
        services.add_cabinet(session, slug="reel", name="Cabinet réel")
    with pytest.raises(Conflict, match="cabinet réel"):
        load.load(blank)
    with blank.session(None, write=False) as session:
        assert session.scalars(select(Cabinet.slug)).all() == ["reel"]
        assert session.scalar(select(func.count()).select_from(CatalogueSupport)) == 0


def test_refuses_a_catalogue_in_use(blank: Database) -> None:
    """Demo: a database whose catalogue is filled is not an empty one."""
    with blank.session(None) as session:
        session.add(CatalogueSupport(isin="FR0010135103", label="Carmignac Patrimoine", type="OPCVM"))
    with pytest.raises(Conflict, match="catalogue"):
        load.load(blank)


def test_a_failure_leaves_nothing(blank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Demo: all of it in one transaction: a load that breaks in the second cabinet leaves no first one."""

    def broken(*_: object) -> None:
        raise RuntimeError("coupure")

    monkeypatch.setattr(load.second, "made", broken)
    with pytest.raises(RuntimeError, match="coupure"):
        load.load(blank)
    with blank.session(None, write=False) as session:
        assert session.scalar(select(func.count()).select_from(Cabinet)) == 0


def test_people_sign_in(loaded: Database) -> None:
    """Demo: the published accounts and password; roles as published; the journal's chain holds."""
    with loaded.session(None) as session:
        for email, role in (
            ("conseiller@demo.example", "CONSEILLER"), ("assistant@demo.example", "ASSISTANT"),
            ("administrateur@demo.example", "ADMINISTRATEUR"), ("conseiller2@demo.example", "CONSEILLER"),
            ("administrateur@second.example", "ADMINISTRATEUR"),
        ):  # fmt: skip
            user = services.authenticate(session, email, "Demo-2026!")
            assert user is not None, email
            assert user.role == role
    for slug in ("demo", "second"):
        with loaded.session(cabinet_id(loaded, slug), write=False) as session:
            found = audit_proof.verify(session)
            assert found.fault is None
            assert found.entries >= 3


def test_followers(loaded: Database) -> None:
    """Demo: Marc Diallo is the principal of about 60 %, Julie Perrin of about 35 %; Anne Keller follows nobody."""
    with loaded.session(None, write=False) as session:
        users = {user.display_name: user.id for user in session.scalars(select(User))}
    with loaded.session(cabinet_id(loaded, "demo"), write=False) as session:
        rows = session.execute(select(ContactAdviser.user_id, ContactAdviser.role, func.count()).group_by(
            ContactAdviser.user_id, ContactAdviser.role)).all()  # fmt: skip
        counts = {(user_id, role): number for user_id, role, number in rows}
    assert 140 <= counts[users["Marc Diallo"], "PRINCIPAL"] <= 185
    assert 65 <= counts[users["Julie Perrin"], "PRINCIPAL"] <= 110
    assert counts[users["Julie Perrin"], "SECONDAIRE"] >= 1
    assert counts[users["Sophie Renard"], "ASSISTANT"] > 125
    assert not [key for key in counts if key[0] == users["Anne Keller"]]


def test_second_cabinet_is_its_own(loaded: Database) -> None:
    """Demo: the second cabinet's family names are nowhere in the first, so that a leak shows in a search."""
    names = ("Quillévéré", "Tchang-Morel", "Zwingelstein", "Ouvrard-Lys", "Yvetot-Kaelin", "Xantrailles")
    with loaded.session(cabinet_id(loaded, "second"), write=False) as session:
        theirs = session.scalars(select(Contact.display_name)).all()
        assert len(theirs) == 12
        assert session.scalar(select(func.count()).select_from(Account)) == 30
        assert all(any(name in one for name in names) for one in theirs)
        assert all(any(name in one for one in theirs) for name in names)
    with loaded.session(cabinet_id(loaded, "demo"), write=False) as session:
        ours = session.scalars(select(Contact.display_name)).all()
        assert not [one for one in ours if any(name in one for name in names)]


class Opened(Plugin):
    name, title, default_on = "ouvert", "Ouvert", True


def test_default_plugins(blank: Database) -> None:
    """Demo: with a registry, both cabinets start with the plugins that are on by default."""
    registry = Registry()
    registry.register("ouvert", Opened)
    assert not registry.broken
    load.load(blank, registry)
    for slug in ("demo", "second"):
        with blank.session(cabinet_id(blank, slug), write=False) as session:
            assert session.scalars(select(Enabling.plugin).where(Enabling.enabled)).all() == ["ouvert"]


def test_foreign_keys_hold(loaded: Database) -> None:
    """Demo: no row points to nowhere."""
    with loaded.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
