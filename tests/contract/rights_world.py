"""Two small cabinets for the walls: each profile, and for each a client of his own, a colleague's, another agency's, another
cabinet's; with channels, account, transaction, launch, notification, document. Names carry the client's mark."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.auth.models import SessionRow
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.models import AuditEntry
from core.cabinets.models import User
from core.contacts import categories
from core.contacts import channels
from core.contacts import custom
from core.contacts import labels
from core.contacts import numbers as client_numbers
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import now
from core.db.clock import today
from core.db.model import new_id
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents.models import DocumentCategory
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import account_links
from core.links import tokens
from core.links.models import Launch
from core.shell.models import Notification
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.supports import services as supports
from core.transactions import services as transactions
from plugins.conformite import demo as conformite_demo
from plugins.conformite.models import Profile
from plugins.conformite.projects.models import Project
from plugins.conformite.vigilance import example as conformite_vigilance
from plugins.conformite.vigilance.models import Assessment
from plugins.conformite.vigilance.models import Operation
from plugins.ged.models import Duty
from plugins.patrimoine.asset_models import Asset
from plugins.patrimoine.asset_models import AssetOwner
from plugins.patrimoine.asset_models import AssetRent
from plugins.patrimoine.asset_models import AssetValue
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.debt_models import Debt
from plugins.patrimoine.debt_models import DebtOwner
from plugins.patrimoine.loan_models import Loan
from plugins.patrimoine.loan_models import LoanBorrower
from plugins.patrimoine.loan_models import LoanEvent
from plugins.patrimoine.pledge_models import Pledge
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import sign_in
from tests.contract.two_cabinets import type_an_act

#: Whose client → the mark in his name, his account's number.
CLIENTS = {"own": "Zébulon", "colleague": "Quisquater", "other": "Wintzenheim", "foreign": "Yquelon"}
NUMBERS = {"own": "HIM7000001", "colleague": "HIM7000002", "other": "HIM7000003", "foreign": "HIM7000004"}
#: Profiles that are tried: the built-in ones, and one that sees further than it changes.
#: The title of an account that may be put away and removed.
SPARE = "Titres à retirer"
PROFILES = ("ADMINISTRATEUR", "RESPONSABLE_AGENCE", "CONSEILLER", "ASSISTANT", "LECTEUR", "REGARD")
SEEN = ("contacts.view_agency", "accounts.view_agency", "transactions.view_agency", "documents.view_agency", "contacts.edit")


@dataclass
class Client:
    """One client's ids; what is of a profile is kept by profile."""

    contact: str
    account: str
    support: str
    transaction: str
    document: str
    number: str
    loan: str
    event: str
    pledge: str
    line: str
    #: asset_id, value_id, rent_id, debt_id, typed_id, past_id, assessment_id, operation_id, project_id.
    owned: dict[str, str] = field(default_factory=dict)
    channel: dict[str, str] = field(default_factory=dict)
    launch: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """The application and what the tests name."""

    app: Flask
    people: People
    strangers: People
    clients: dict[str, Client]
    users: dict[str, str]
    #: Of this cabinet, then of the other: an agency, a profile of its own, a line of the journal.
    organisation: tuple[tuple[str, str, str], tuple[str, str, str]]
    #: A field, a category, a label of each cabinet's.
    defined: tuple[tuple[str, str, str], tuple[str, str, str]]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, profile: str) -> FlaskClient:
        """Somebody of this profile, signed in."""
        if profile not in self.browsers:
            self.browsers[profile] = self.app.test_client()
            sign_in(self.browsers[profile], f"p-{profile.lower()}@demo.example")
        return self.browsers[profile]

    def new_agency(self) -> str:
        """An agency that may be removed."""
        with db.session(self.people.cabinet_id) as session:
            return agencies.add(session, "cli", f"Agence {new_id()}")

    def new_line(self, whose: str) -> str:
        """A line of this client's budget that may be removed: never the one that the other routes name."""
        client = self.clients[whose]
        with db.session((self.strangers if whose == "foreign" else self.people).cabinet_id) as session:
            spare = (BudgetLine.contact_id == client.contact) & (BudgetLine.id != client.line)
            line = session.scalars(select(BudgetLine).where(spare)).first()
            if line is None:
                line = _line(client.contact, whose)
                session.add(line)
                session.flush()
            return line.id

    def new_paper(self, whose: str) -> str:
        """A document of this client's that may be deleted: never the one that the other routes name."""
        client = self.clients[whose]
        with db.session((self.strangers if whose == "foreign" else self.people).cabinet_id) as session:
            found = documents.of_owner(session, "system", "contact", client.contact)
            if spare := next((one.id for one in found if one.filename == "piece.pdf" and one.id != client.document), None):
                return spare
            return documents.store(
                session, owner_kind="contact", owner_id=client.contact, category="Pièce", title=CLIENTS[whose],
                filename="piece.pdf", data=b"%PDF-1.7 spare", media_type="application/pdf", created_by=None,
            ).id  # fmt: skip

    def new_internal(self, whose: str) -> str:
        """A document of the cabinet's own that may be deleted."""
        with db.session((self.strangers if whose == "foreign" else self.people).cabinet_id) as session:
            return _internal(session)

    def new_shelved(self, whose: str) -> str:
        """A document of the support that this client holds, which may be deleted."""
        with db.session((self.strangers if whose == "foreign" else self.people).cabinet_id) as session:
            return _shelved(session, self.clients[whose].support)

    def new_account(self, whose: str) -> str:
        """An account of this client's that may be put away and removed: never the one that the other routes name."""
        client = self.clients[whose]
        with db.session((self.strangers if whose == "foreign" else self.people).cabinet_id) as session:
            own = select(AccountRole.account_id).where(AccountRole.contact_id == client.contact)
            there = select(Account.id).where(Account.id.in_(own), Account.title == SPARE, Account.archived_at.is_(None))
            if found := session.scalars(there).first():
                return found
            company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
            new = NewAccount("COMPTE_TITRES", new_id(), SPARE, company, [Role(client.contact, "TITULAIRE")])
            return accounts.create(session, "cli", new)

    def form(self, profile: str, whose: str, *, ours: bool = True) -> str:
        """The token of an act that was shown to this person on this client's account."""
        self.browser(profile)
        user = self.users[profile]
        with db.session(None, write=False) as session:
            sid = session.scalars(select(SessionRow.sid_hash).where(SessionRow.user_id == user)).first()
        return tokens.issue(
            user_id=user if ours else self.strangers.adviser, sid_hash=sid, account_id=self.clients[whose].account,
            plugin="nomineo", act="arbitrage", label="Arbitrage", nature="arbitrage", back="/",
        )  # fmt: skip


def build(app: Flask) -> World:
    """Fill the application's empty database."""
    hub: Hub = app.extensions["encours_hub"]
    people, strangers = add_people(hub, "demo"), add_people(hub, "second")
    with db.session(people.cabinet_id) as session:
        profiles.define(session, "cli", code="REGARD", label="Regarde l'agence", rights=SEEN)
        users = {profile: _user(session, f"p-{profile}", profile) for profile in PROFILES}
        colleague, distant = _user(session, "collegue", "CONSEILLER"), _user(session, "lointain", "CONSEILLER")
        for name, members in (("Nantes", [*users.values(), colleague]), ("Lyon", [distant])):
            agencies.add(session, "cli", name)
            for member in members:
                agencies.join(session, "cli", name, member)
        clients = {
            "own": _client(session, hub, "own", list(users.values()), users),
            "colleague": _client(session, hub, "colleague", [colleague], users),
            "other": _client(session, hub, "other", [distant], users),
        }  # fmt: skip
    with db.session(strangers.cabinet_id) as session:
        clients["foreign"] = _client(session, hub, "foreign", [strangers.adviser], {})
    organisation = _organisation(people.cabinet_id, users["REGARD"]), _organisation(strangers.cabinet_id, strangers.other)
    defined = _defined(people.cabinet_id), _defined(strangers.cabinet_id)
    return World(app, people, strangers, clients, users, organisation, defined)


def _organisation(cabinet_id: int, user: str) -> tuple[str, str, str]:
    """An agency that nobody's sight hangs on, a profile that somebody has, a line of the journal."""
    with db.session(cabinet_id) as session:
        agency = agencies.add(session, "cli", "Agence vide")
        held = next((one for one in profiles.listed(session) if one.own), None)
        if held is None:
            held = profiles.add(session, "cli", label="Profil donné", rights=["contacts.view"])
            cabinets.set_profile(session, user, held.code, actor="cli")
        line = session.scalars(select(AuditEntry.id).order_by(AuditEntry.seq).limit(1)).one()
        return agency, held.id, line


def _defined(cabinet_id: int) -> tuple[str, str, str]:
    """What the cabinet defines for its contacts."""
    with db.session(cabinet_id) as session:
        field = custom.add(session, "cli", {"label": "Dernier bilan", "kind": "DATE"})
        category = categories.add(session, "cli", {"name": "Particuliers"})
        return field, category, labels.add(session, "cli", {"name": "À rappeler"})


def _user(session: TenantSession, name: str, profile: str) -> str:
    return cabinets.add_user(
        session, email=f"{name.lower()}@demo.example", display_name=name.title(), role=profile, password=PASSWORD
    ).id


def _client(session: TenantSession, hub: Hub, whose: str, followers: list[str], users: dict[str, str]) -> Client:
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=CLIENTS[whose], first_names="Jeanne", city="Nantes")
    contact = contacts.create(session, "cli", data)
    for place, follower in enumerate(followers):
        contacts.follow(session, "cli", contact, follower, "SECONDAIRE" if place else "PRINCIPAL")
    enabling.switch(session, hub.registry, "nomineo", on=True, actor="cli")
    company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
    product = supports.product_for(session, company, "Himalia", envelope="ASSURANCE_VIE")
    new = NewAccount(
        "ASSURANCE_VIE", NUMBERS[whose], "Himalia", company, [Role(contact, "SOUSCRIPTEUR")], product_id=product
    )
    account = accounts.create(session, "cli", new)
    support = supports.support_for(session, isin="FR0010315770", label="Fonds des tests", type="OPCVM")
    line = NewPosition(support_id=support, value=_money(1000), quantity=None, price=None)
    accounts.put_positions(session, "cli", account, today(), [line], "essai")
    account_links.recompute(session, hub.registry, enabling.enabled(session, hub.registry))
    made = transactions.create(
        session, account_id=account, plugin="nomineo", origin="PARTENAIRE", act="arbitrage", act_label="Arbitrage"
    )
    document = documents.store(
        session, owner_kind="contact", owner_id=contact, category="Pièce", title=CLIENTS[whose], filename="piece.pdf",
        data=b"%PDF-1.7 " + whose.encode(), media_type="application/pdf", created_by=None,
    )  # fmt: skip
    number_id = client_numbers.add(session, "cli", contact, {"company": "Generali Patrimoine", "number": NUMBERS[whose]})
    client = Client(contact, account, support, made.id, document.id, number_id, *_loan(session, contact, account, CLIENTS[whose]))
    client.owned = _owned(session, contact, CLIENTS[whose]) | {"paper_id": document.id, "internal_id": _internal(session)}
    category = DocumentCategory(parent="DIVERS", label=CLIENTS[whose], folded=CLIENTS[whose].lower())
    session.add(category)
    session.flush()
    client.owned["own_category_id"] = category.id
    client.owned["shelved_id"] = _shelved(session, support)
    client.owned["signature_id"] = _signature(session, contact, CLIENTS[whose])
    client.owned["typed_id"] = type_an_act(session, account, next(iter(users.values()), None), CLIENTS[whose])
    for profile, user in users.items():
        number = {"number": f"06124408{len(client.channel):02d}", "usage": "MOBILE"}
        client.channel[profile] = channels.add(session, "cli", contact, "phone", number)
        client.launch[profile] = launch = f"lch_{whose}_{profile}"
        session.add(
            Launch(
                launch_id=launch, form=f"f{launch}", plugin="nomineo", mandate="m", account_id=account,
                transaction_id=made.id, user_id=user, sid_hash="0" * 64, handle="h", act="arbitrage", claims={"back": "/"},
                expires_at=now() + timedelta(minutes=2),
            )
        )  # fmt: skip
        # written as it was told when he still followed the client
        session.add(
            Notification(
                user_id=user, kind="success", key=f"k{whose}", title=f"Arbitrage {CLIENTS[whose]}", text="…",
                subject_kind="transaction", subject_id=made.id,
            )
        )  # fmt: skip
    session.flush()
    return client


def _shelved(session: TenantSession, support: str) -> str:
    """A document of a support, which whoever sees supports reads."""
    return documents.store(
        session, owner_kind="support", owner_id=support, category="DIC", title="DIC", filename="dic.pdf",
        data=b"%PDF-1.7 dic", media_type="application/pdf", created_by=None,
    ).id  # fmt: skip


def _internal(session: TenantSession) -> str:
    """A document of the cabinet's own, whose reading is to be confirmed."""
    row = documents.store(
        session, owner_kind="cabinet", owner_id=str(session.require_cabinet()), category="NOTE", title="Note",
        filename="note.pdf", data=b"%PDF-1.7 note", media_type="application/pdf", created_by=None,
    )  # fmt: skip
    session.add(Duty(document_id=row.id, asked_by="cli"))
    session.flush()
    return row.id


def _loan(session: TenantSession, contact: str, account: str, name: str) -> tuple[str, str, str, str]:
    """A loan with an event, a pledge that was released (nothing stands in the way of acts), and a line of a budget."""
    loan = Loan(kind="AMORTISSABLE", purpose=name, lender=name, principal=_money(1000), annual_rate=_money(0), months=60,
                first_due=today())  # fmt: skip
    session.add(loan)
    session.flush()
    event = LoanEvent(loan_id=loan.id, kind="SOLDE", on=today(), amount=_money(900))
    pledge = Pledge(account_id=account, loan_id=loan.id, creditor=name, pledged_on=today(), released_on=today())
    line = _line(contact, name)
    session.add_all([LoanBorrower(loan_id=loan.id, contact_id=contact, share=_money(1)), event, pledge, line])
    session.flush()
    return loan.id, event.id, pledge.id, line.id


def _line(contact: str, name: str) -> BudgetLine:
    return BudgetLine(contact_id=contact, kind="SALAIRES", label=name, amount=_money(1000), period="MENSUEL")


def _signature(session: TenantSession, contact: str, mark: str) -> str:
    """A document of the client's that he is asked to sign on the cabinet's screen; the request's id."""
    kept = documents.store(
        session, owner_kind="contact", owner_id=contact, category="Lettre", title=f"Lettre {mark}", filename="lettre.pdf",
        data=b"%PDF-1.7 lettre " + mark.encode(), media_type="application/pdf", created_by=None,
    )  # fmt: skip
    user = session.scalars(select(User.id).where(User.cabinet_id == session.require_cabinet()).order_by(User.id)).first()
    row = SignatureRequest(
        id=new_id(), document_id=kept.id, sha256=kept.sha256, title=kept.title, asked_by=user,
        expires_on=today() + timedelta(days=9),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(SignatureSigner(request_id=row.id, rank=1, contact_id=contact, name=mark, way="PLACE"))
    session.flush()
    return row.id


def _owned(session: TenantSession, contact: str, name: str) -> dict[str, str]:
    """A let house with a value, and a debt."""
    asset = Asset(kind="LOCATIF_NU", label=name)
    debt = Debt(kind="DETTE_FISCALE", label=name, creditor=name, amount=_money(100), amount_on=today())
    session.add_all([asset, debt])
    session.flush()
    value = AssetValue(asset_id=asset.id, on=today(), value=_money(90000), basis="ESTIMATION")
    rent = AssetRent(asset_id=asset.id, monthly=_money(500), since=today())
    whole = AssetOwner(asset_id=asset.id, contact_id=contact, right="PLEINE_PROPRIETE", share=_money(1))
    session.add_all([value, rent, whole, DebtOwner(debt_id=debt.id, contact_id=contact, share=_money(1))])
    session.flush()
    profile = _profile(contact)
    project = Project(
        contact_id=contact, kind="INVESTISSEMENT", title=name, goal="CAPITAL", amount=_money(1000), origin="EPARGNE",
        starts_on=today(), ends_on=today() + timedelta(3000), initial=_money(100), monthly=_money(10), entry_cost=_money(0),
        yearly_cost=_money(0), allocation="PROFIL",
    )  # fmt: skip
    session.add_all([profile, project])
    session.flush()
    assessment, operation = _vigilance(contact)
    session.add_all([assessment, operation])
    session.flush()
    return {
        "asset_id": asset.id, "value_id": value.id, "rent_id": rent.id, "debt_id": debt.id, "past_id": profile.id,
        "assessment_id": assessment.id, "operation_id": operation.id, "project_id": project.id,
    }  # fmt: skip


def _vigilance(contact: str) -> tuple[Assessment, Operation]:
    """A client and an operation that were assessed today, and wait for nobody."""
    facts = {
        "subject": "client", "company": False, "answers": conformite_vigilance.answers(), "file": {}, "places": {},
        "unknown": [], "envelopes": [], "lists": {}, "figures": {},
    }  # fmt: skip
    judged = {
        "contact_id": contact, "version": "1", "points": 0, "computed": "STANDARD", "level": "STANDARD", "assessed_on": today(),
        "assessed_by": "Essai", "author_id": "0" * 26,
    }  # fmt: skip
    of_operation = {**facts, "subject": "operation", "answers": conformite_vigilance.operation_answers()}
    return (
        Assessment(**judged, facts=facts, review_on=today() + timedelta(365)),
        Operation(**judged, facts=of_operation, amount=_money(1000)),
    )


def _profile(contact: str) -> Profile:
    """An investor's profile of today."""
    answered = conformite_demo.answers(conformite_demo.BALANCED, conformite_demo.SOME)
    return Profile(
        contact_id=contact, version="1", answers=answered, computed=3, level=3, tolerance=3, loss=3, knowledge="INFORME",
        horizon="PLUS_8", objective="CROISSANCE", esg="EXPRIMEES", established_on=today(), valid_until=today() + timedelta(365),
        established_by="Essai",
    )  # fmt: skip


def _money(value: int) -> Any:
    from decimal import Decimal

    return Decimal(value)
