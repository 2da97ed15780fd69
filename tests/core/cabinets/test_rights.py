"""Who reaches what: scopes, agencies, profiles (issue 3, the walls; domain.md §3.6, line 17)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import rights
from core.cabinets import services as cabinets
from core.cabinets.models import AuditEntry
from core.cabinets.permissions import LABELS
from core.cabinets.permissions import NEEDS
from core.cabinets.permissions import ROLES
from core.cabinets.permissions import of_role
from core.cabinets.permissions import with_needs
from core.cabinets.rights import Scope
from core.cli import cli
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import services as documents
from core.extensions import db
from core.hooks.types import Adviser
from core.queries import contacts as requests
from core.queries.pages import Asked
from core.supports import services as supports
from core.transactions import services as transactions
from tests.conftest import People
from tests.conftest import person

ROOT = Path(__file__).parent.parent.parent.parent


@dataclass(frozen=True)
class Clients:
    """A client of each person, with an account, a transaction, a document."""

    people: People
    contact: dict[str, str]
    account: dict[str, str]
    transaction: dict[str, str]
    document: dict[str, str]

    def seen(self, session: TenantSession, adviser: Adviser) -> dict[str, str]:
        """Whose clients this person reaches, in each kind of list."""
        return {
            "contacts": _who(self.contact, {one.id for one in requests.page(session, adviser, Asked()).items}),
            "accounts": _who(self.account, {one.id for one in accounts.refs(session, adviser)}),
            "search": _who(self.account, {one.id for one in accounts.found(session, adviser, "himalia", limit=9)[0]}),
            "transactions": _who(self.transaction, {
                key for key in self.transaction.values() if _reached(transactions.get, session, adviser, key)
            }),
            "documents": _who(self.document, {
                key for key in self.document.values() if _reached(documents.get, session, adviser, key)
            }),
        }  # fmt: skip


def _who(known: dict[str, str], found: set[str]) -> str:
    return "".join(name for name, key in known.items() if key in found)


def _reached(get: object, session: TenantSession, adviser: Adviser, key: str) -> bool:
    try:
        get(session, adviser, key)  # type: ignore[operator]
    except NotFound:
        return False
    return True


@pytest.fixture
def clients(people: People) -> Clients:
    """A: the adviser's client; B: his agency's; C: another agency's."""
    kept: dict[str, dict[str, str]] = {kind: {} for kind in ("contact", "account", "transaction", "document")}
    with db.session(people.cabinet_id) as session:
        third = cabinets.add_user(
            session, email="lyon@demo.example", display_name="Lyon", role="CONSEILLER", password="Demo-2026!"
        ).id
        agencies.add(session, "cli", "Nantes")
        agencies.add(session, "cli", "Lyon")
        for name, who in (("Nantes", people.adviser), ("Nantes", people.other), ("Lyon", third)):
            agencies.join(session, "cli", name, who)
        company = supports.company_for(session, "generali-patrimoine", name="Generali")
        for name, follower in (("A", people.adviser), ("B", people.other), ("C", third)):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Durand{name}", first_names="Jeanne")
            kept["contact"][name] = contact = contacts.create(session, "cli", data)
            contacts.follow(session, "cli", contact, follower)
            new = NewAccount("ASSURANCE_VIE", f"HIM000{name}", "Himalia", company, [Role(contact, "SOUSCRIPTEUR")])
            kept["account"][name] = account = accounts.create(session, "cli", new)
            kept["transaction"][name] = transactions.create(
                session, account_id=account, plugin=None, origin="SAISIE", act="arbitrage", act_label="Arbitrage"
            ).id
            owner = ("contact", contact) if name != "B" else ("account", account)
            kept["document"][name] = documents.store(
                session, owner_kind=owner[0], owner_id=owner[1], category="Pièce", title="Pièce", filename="p.pdf",
                data=b"%PDF-1.7 " + name.encode(), media_type="application/pdf", created_by=None,
            ).id  # fmt: skip
    return Clients(people, **kept)


def as_(session: TenantSession, clients: Clients, profile: str) -> Adviser:
    """The adviser under another profile."""
    cabinets.set_profile(session, clients.people.adviser, profile, actor="cli")
    return person(session, clients.people.adviser)


@pytest.mark.parametrize(
    ("profile", "reached"),
    [("CONSEILLER", "A"), ("ASSISTANT", "A"), ("RESPONSABLE_AGENCE", "AB"), ("LECTEUR", "ABC"), ("ADMINISTRATEUR", "ABC")],
)
def test_each_profile_reaches_its_scope(clients: Clients, profile: str, reached: str) -> None:
    """Own, agency, cabinet: the same for contacts, accounts, search, transactions, documents."""
    with db.session(clients.people.cabinet_id) as session:
        seen = clients.seen(session, as_(session, clients, profile))
        assert seen == dict.fromkeys(seen, reached)


def test_who_leaves_an_agency_loses_its_clients_at_once(clients: Clients) -> None:
    """And who is of no agency sees what he follows himself; a contact goes by any of its followers."""
    people = clients.people
    with db.session(people.cabinet_id) as session:
        boss = as_(session, clients, "RESPONSABLE_AGENCE")
        contacts.follow(session, "cli", clients.contact["C"], people.other, "SECONDAIRE")
        assert clients.seen(session, boss)["contacts"] == "ABC"
        agencies.leave(session, "cli", "Nantes", people.adviser)
        assert clients.seen(session, boss) == dict.fromkeys(clients.seen(session, boss), "A")
        agencies.join(session, "cli", "Lyon", people.adviser)
        assert clients.seen(session, boss)["contacts"] == "AC"


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"contacts.view_all"}, dict.fromkeys(("contacts", "accounts", "search", "transactions", "documents"), "")),
        ({"contacts.view", "contacts.view_all"}, {"contacts": "ABC", "accounts": ""}),
        ({"contacts.view", "contacts.view_all", "accounts.view"}, {"contacts": "ABC", "accounts": "A", "search": "A"}),
        ({"contacts.view", "accounts.view", "accounts.view_all"}, {"contacts": "A", "accounts": "A", "transactions": ""}),
        ({"contacts.view", "contacts.view_all", "documents.view", "documents.view_all"}, {"accounts": "", "documents": "AC"}),
        ({"partners.manage", "administration"}, {"contacts": "", "documents": ""}),
    ],
)  # fmt: skip
def test_a_right_reaches_no_further_than_those_it_needs(clients: Clients, given: set[str], seen: dict[str, str]) -> None:
    """One sees the accounts of no more clients than one sees; a wide right alone opens nothing."""
    with db.session(clients.people.cabinet_id) as session:
        known = person(session, clients.people.adviser)
        found = clients.seen(session, Adviser(known.user_id, known.cabinet_id, "", "", "X", frozenset(given)))
        assert {name: found[name] for name in seen} == seen


def test_looking_is_not_changing(clients: Clients) -> None:
    """Seen by the agency, changed by whoever follows: 403 and nothing written, not 404; what is not seen stays unknown."""
    people, own = clients.people, ("contacts.view_agency", "accounts.view_agency", "contacts.edit", "accounts.edit")
    with db.session(people.cabinet_id) as session:
        profiles.define(session, "cli", code="REGARD", label="Regarde l'agence", rights=own)
        by = as_(session, clients, "REGARD")
        contacts.update(session, by, clients.contact["A"], {"city": "Nantes"})
        accounts.update(session, by, clients.account["A"], {"title": "Himalia 2"})
        before = session.scalars(select(AuditEntry.seq)).all()
        for act in (
            lambda: contacts.update(session, by, clients.contact["B"], {"city": "Nantes"}),
            lambda: contacts.channels.add(session, by, clients.contact["B"], "phone", {"number": "0612440819"}),
            lambda: contacts.follow(session, by, clients.contact["B"], people.adviser),
            lambda: accounts.update(session, by, clients.account["B"], {"title": "X"}),
        ):
            with pytest.raises(Forbidden):
                act()
        for act in (
            lambda: contacts.update(session, by, clients.contact["C"], {"city": "Nantes"}),
            lambda: contacts.follow(session, by, clients.contact["C"], people.adviser),
            lambda: accounts.update(session, by, clients.account["C"], {"title": "X"}),
        ):
            with pytest.raises(NotFound):
                act()
        assert session.scalars(select(AuditEntry.seq)).all() == before
        assert [contacts.editable(session, by, clients.contact[name]) for name in "AB"] == [True, False]


def test_an_unknown_kind_is_nobody_s(clients: Clients) -> None:
    """What no module registered is not shown, to the administrator neither."""
    with db.session(clients.people.cabinet_id) as session:
        boss = person(session, clients.people.administrator)
        assert rights.sees(session, boss, "contact", clients.contact["C"])
        assert not rights.sees(session, boss, "inconnu", clients.contact["C"])


# --- profiles ---------------------------------------------------------------------------------------------------------


def test_a_cabinet_s_own_profile(people: People) -> None:
    """Named rights, made whole, effective at once, audited; the built-in ones do not change."""
    with db.session(people.cabinet_id) as session:
        made = profiles.define(session, "cli", code="CONTROLE", label=" Contrôle  interne ", rights=["documents.view_all"])
        assert (made.label, made.rights) == (
            "Contrôle interne", {"documents.view", "documents.view_all", "contacts.view", "contacts.view_all"},
        )  # fmt: skip
        cabinets.set_profile(session, people.other, "CONTROLE", actor="cli")
        assert rights.scope(person(session, people.other), "documents.view") is Scope.CABINET
        profiles.define(session, "cli", code="CONTROLE", label="Contrôle", rights=["contacts.view"])
        assert rights.scope(person(session, people.other), "documents.view") is None
        for wrong in ({"code": "CONSEILLER"}, {"code": "x"}, {"label": " "}, {"rights": ["tout"]}):
            with pytest.raises(DomainError):
                profiles.define(session, "cli", **{"code": "AUTRE", "label": "Autre", "rights": [], **wrong})  # type: ignore[arg-type]
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "profile:CONTROLE")).all() == [
            "profile.defined", "profile.defined",
        ]  # fmt: skip


def test_another_cabinet_has_neither_the_profile_nor_the_agency(people: People, strangers: People) -> None:
    """A profile's code means nothing elsewhere: no rights at all."""
    with db.session(people.cabinet_id) as session:
        profiles.define(session, "cli", code="TOUT", label="Tout", rights=list(LABELS))
        agencies.add(session, "cli", "Nantes")
    with db.session(strangers.cabinet_id) as session:
        assert profiles.rights_of(session, "TOUT") == frozenset()
        with pytest.raises(DomainError):
            cabinets.set_profile(session, strangers.other, "TOUT", actor="cli")
        with pytest.raises(NotFound):
            agencies.join(session, "cli", "Nantes", strangers.other)
        assert agencies.listed(session) == []
        agencies.add(session, "cli", "Nantes")
        with pytest.raises(NotFound):
            agencies.join(session, "cli", "Nantes", people.other)


@pytest.mark.parametrize("code", list(ROLES))
def test_built_in_profiles_are_whole(code: str) -> None:
    """Each right stands with those it needs, as wide; none is unknown."""
    assert with_needs(of_role(code)) == of_role(code) <= set(LABELS)
    assert set(NEEDS) <= set(LABELS)


def test_the_last_administrator_stays(people: People) -> None:
    """Neither another profile nor deactivated, by whatever profile somebody runs the cabinet."""
    with db.session(people.cabinet_id) as session:
        for act in (
            lambda: cabinets.set_profile(session, people.administrator, "CONSEILLER", actor="cli"),
            lambda: cabinets.set_active(session, people.administrator, active=False, actor="cli"),
        ):
            with pytest.raises(Conflict, match="dernier administrateur"):
                act()
        profiles.define(session, "cli", code="GERANT", label="Gérant", rights=["administration"])
        cabinets.set_profile(session, people.other, "GERANT", actor="cli")
        assert cabinets.set_active(session, people.administrator, active=False, actor="cli")
        with pytest.raises(Conflict):
            cabinets.set_profile(session, people.other, "CONSEILLER", actor="cli")
        assert cabinets.administrators(session) == [people.other]


def test_rights_are_judged_in_one_place() -> None:
    """No other module reads how wide a right is, nor who follows whom to judge it: those ask `core.cabinets.rights`."""
    wide = re.compile(r"(?:view|edit|initiate)_(?:all|agency)\b|\bNEEDS\b|\bSCOPED\b")
    allowed = {"core/cabinets/permissions.py", "core/cabinets/rights.py"}
    found = {
        str(path.relative_to(ROOT))
        for folder in ("core", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if wide.search(path.read_text("utf-8"))
    }
    assert found == allowed


# --- commands ---------------------------------------------------------------------------------------------------------


def test_the_commands_set_all_of_it(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the administration's screens: agencies, profiles, people; each change audited, each refusal one line."""
    for module in ("core.cli.accounts", "core.cli.rights"):
        monkeypatch.setattr(f"{module}.create_app", lambda: None)

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, words)
        if isinstance(done.exception, DomainError):
            return str(done.exception)
        assert done.exit_code == 0, done.output
        return done.output

    who = "conseiller@demo.example"
    assert "créée" in run("agency", "add", "Nantes", "--cabinet", "demo")
    assert "déjà" in run("agency", "add", "Nantes", "--cabinet", "demo")
    assert "Nantes" in run("agency", "join", who, "--agency", "Nantes")
    assert "Nantes : Conseiller Demo" in run("agency", "list", "--cabinet", "demo")
    assert "profil RESPONSABLE_AGENCE" in run("user", "set-profile", who, "--profile", "RESPONSABLE_AGENCE")
    listed = run("user", "list", "--cabinet", "demo")
    assert f"{who}  Conseiller Demo  Responsable d'agence  Nantes" in listed
    assert "plus de l'agence" in run("agency", "leave", who, "--agency", "Nantes")
    assert "Profil inconnu" in run("user", "set-profile", who, "--profile", "ROI")
    assert "2 droits" in run("profile", "set", "VUE", "--cabinet", "demo", "--label", "Vue", "--right", "contacts.view_all")
    assert "Vue (propre au cabinet)" in run("profile", "list", "--cabinet", "demo", "--rights")
    assert "dernier administrateur" in run("user", "deactivate", "administrateur@demo.example")
    assert "ne peut plus" in run("user", "deactivate", who)
    assert "(désactivé)" in run("user", "list", "--cabinet", "demo")
    assert "de nouveau" in run("user", "activate", who)
    with db.session(people.cabinet_id, write=False) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert actions >= {
        "agency.added", "agency.joined", "agency.left", "profile.defined", "user.profile", "user.activated", "user.deactivated",
    }  # fmt: skip
