"""Two rich cabinets in one database: the demonstration, its partner joined, an act under way in the first."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any
from typing import ClassVar

from flask import Flask
from flask import Request
from flask.testing import FlaskClient
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import select
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Position
from core.auth import api_tokens
from core.auth.models import ApiToken
from core.auth.models import SessionRow
from core.cabinets import agencies
from core.cabinets import audit
from core.cabinets import brand
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import Agency
from core.cabinets.models import AuditEntry
from core.cabinets.models import Cabinet
from core.cabinets.models import Profile
from core.cabinets.models import User
from core.cabinets.permissions import PERMISSIONS
from core.contacts import numbers as client_numbers
from core.contacts import own_models
from core.contacts.choices import countries
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.contacts.models import ContactPhone
from core.contacts.relation_models import Relation
from core.db.clock import now
from core.db.clock import today
from core.db.model import INSTANCE_TABLES
from core.db.model import Base
from core.db.model import new_id
from core.documents import services as documents
from core.documents import uploads
from core.documents.models import Document
from core.documents.models import DocumentCategory
from core.documents.models import DocumentText
from core.documents.tabular import XLSX
from core.extensions import db
from core.hooks.types import Adviser
from core.imports import services as imports
from core.imports import targets
from core.imports.models import ImportRun
from core.jobs.models import Lease
from core.jobs.models import OutboxItem
from core.journeys.models import Journey
from core.links import launch
from core.links import tokens
from core.links.models import AccountLink
from core.links.models import Launch
from core.links.models import Mandate
from core.links.models import Registration
from core.links.models import SigningKey
from core.messages.models import MessageDocument
from core.messages.models import MessageRow
from core.shell import undo
from core.shell.list_models import ListPreference
from core.shell.list_models import SavedView
from core.shell.models import Notification
from core.shell.notifications import notify
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.supports import files as support_files
from core.supports import ranges
from core.supports.file_models import SupportFile
from core.supports.range_models import SupportRange
from core.transactions import services as transactions
from core.transactions.models import Transaction
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedPulled
from plugins.aggregation.pipeline.models import FeedSource
from plugins.aggregation.pipeline.models import FeedStep
from plugins.conformite import demo as conformite_demo
from plugins.conformite import profile_writes
from plugins.conformite.models import Profile as Investor
from plugins.conformite.papers.models import Paper
from plugins.conformite.papers.models import PaperTemplate
from plugins.conformite.projects import shapes as project_shapes
from plugins.conformite.projects import writing as project_writes
from plugins.conformite.projects.models import Project
from plugins.conformite.projects.models import TargetVersion
from plugins.conformite.vigilance import example as conformite_vigilance
from plugins.conformite.vigilance import lists as country_lists
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance import writes as vigilance_writes
from plugins.conformite.vigilance.models import Assessment as Watched
from plugins.conformite.vigilance.models import CountryImport
from plugins.conformite.vigilance.models import Operation as WatchedOperation
from plugins.ged.models import Duty
from plugins.ged.models import Reading
from plugins.outils.optimising import record
from plugins.outils.optimising import shapes as optimised
from plugins.outils.optimising.tables import OptimisationRow
from plugins.outils.portfolios import book as models
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios.run_tables import Proposal
from plugins.outils.portfolios.run_tables import ProposalRun
from plugins.outils.portfolios.tables import ModelFollower
from plugins.outils.portfolios.tables import ModelPortfolio
from plugins.patrimoine import asset_writes
from plugins.patrimoine import budget_writes
from plugins.patrimoine import debt_writes
from plugins.patrimoine import loan_writes
from plugins.patrimoine import pledges
from plugins.patrimoine.asset_models import Asset
from plugins.patrimoine.asset_models import AssetRent
from plugins.patrimoine.asset_models import AssetValue
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.budget_sums import Line
from plugins.patrimoine.debt_models import Debt
from plugins.patrimoine.loan_models import Loan
from plugins.patrimoine.loan_models import LoanEvent
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Terms
from plugins.patrimoine.pledge_models import Pledge
from plugins.portefeuille.plans.models import Plan
from plugins.portefeuille.statements.models import StatementBatch
from plugins.portefeuille.statements.models import StatementLine
from tests import databases

#: Characters of the shortest word that tells one cabinet from another.
SHORTEST = 7
#: Columns whose words are the product's own (codes, labels, names of firms), not a cabinet's data; and `variant`, `word`,
#: which hold pieces of words that other columns have whole.
OUR_WORDS = frozenset(
    {
        "act", "act_label", "action", "agent", "basis", "category", "choice", "color", "columns", "company", "company_name",
        "counsel",
        "country", "csp", "currency", "envelope", "filiation", "folded_company", "function", "opt_in_source",
        "prescriber_profession", "right", "knowledge", "horizon", "objective", "esg", "level", "computed", "goal", "allocation",
        "asset_class",
        "event", "field", "frequency", "id_kind", "isin", "kind", "label", "list_key", "management_mode", "matrimonial_regime",
        "media_type", "nature", "origin", "outcome", "owner_kind", "pacs_regime", "plugin", "protection", "quality", "relation",
        "role", "situation", "stage", "state", "status", "status_label",
        "period", "profile", "subject_kind", "target", "title", "topic", "usage", "variant", "what", "word", "work_status",
    }
)  # fmt: skip


class Asked(ImmutableMultiDict[str, Any]):
    """Parameters of a request that remember which names the views asked for."""

    names: ClassVar[set[str]] = set()

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)


class ListeningRequest(Request):
    """A request whose parameters are `Asked`."""

    parameter_storage_class = Asked

TYPED = "Frais du premier cabinet"


@dataclass(frozen=True)
class First:
    """What the second cabinet must never get of the first: names that URLs take, and every word of its rows."""

    cabinet_id: int
    slug: str
    account_id: str
    contact_id: str
    support_id: str
    channel_id: str
    relation_id: str
    transaction_id: str
    user_id: str
    document_id: str
    upload_id: str
    undo: str
    endpoint_id: str
    view_id: str
    agency_id: str
    profile_id: str
    profile: str
    entry_id: str
    token_id: str
    journey_id: str
    number_id: str
    category_id: str
    label_id: str
    field_id: str
    import_id: str
    feed_account_id: str
    feed_id: str
    merge_id: str
    sid_hash: str
    mandate: str
    launch_id: str
    notification_id: str
    loan_id: str
    event_id: str
    pledge_id: str
    line_id: str
    past_id: str
    assessment_id: str
    operation_id: str
    list_id: str
    project_id: str
    asset_id: str
    value_id: str
    rent_id: str
    debt_id: str
    batch_id: str
    typed_id: str
    signature_id: str
    plan_id: str
    file_id: str
    range_id: str
    model_id: str
    run_id: str
    proposal_id: str
    statement_id: str
    message_id: str
    optimisation_id: str
    form: str
    number: str
    words: frozenset[str]
    #: Thumbprints of its public keys, which anyone may read (PLP-016).
    keys: tuple[str, ...]

    def seen_in(self, text: str, *, sent: tuple[str, ...] = ()) -> list[str]:
        """The first cabinet's words in an answer; what the asker sent himself tells him nothing."""
        for mine in sorted(sent, key=len, reverse=True):
            text = text.replace(mine, " ")
        met = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}  # thousands of words: sifted by their ends
        return sorted(word for word in self.words if word[:SHORTEST] in met and word[-SHORTEST:] in met and word in text)[:10]


def have_a_worker() -> None:
    """The installation is well: a worker showed itself."""
    with db.session(None) as session:
        session.add(Lease(name="worker", holder="essai", until=now() + timedelta(hours=1)))


def begin_an_act(slug: str, email: str) -> None:
    """In the first cabinet an act is under way: a launch and its transaction, as the launch service writes them."""
    cabinet_id, user = _person(slug, email)
    with db.session(cabinet_id) as session:
        account_id = session.scalars(select(AccountLink.account_id).order_by(AccountLink.account_id).limit(1)).one()
        mandate = session.scalars(select(Mandate.reference)).one()
        holder = holder_of(session, account_id)
        beside = session.scalars(select(Contact.id).where(Contact.id != holder).order_by(Contact.id).limit(1)).one()
        session.add(Relation(a_id=holder, b_id=beside, kind="APPORTEUR", note="Relation du premier cabinet"))
        made = transactions.create(
            session, account_id=account_id, plugin="nomineo", origin="PARTENAIRE", act="arbitrage", act_label="Arbitrage",
            initiated_by=user,
        )  # fmt: skip
        type_an_act(session, account_id, user, TYPED)
        session.add(
            Plan(
                account_id=account_id, act="versement_complementaire", frequency="MENSUEL", day=5, since=today(), note=TYPED,
                amount=Decimal(50), made_by=user, next_on=today(),
            )
        )  # fmt: skip
        session.add(
            Journey(
                form="saisie_du_premier_cabinet", name="jrn_du_premier_cabinet", plugin="nomineo", act="arbitrage",
                act_label="Arbitrage", nature="arbitrage", account_id=account_id, transaction_id=made.id, user_id=user,
                expires_at=now() + timedelta(hours=72),
            )
        )  # fmt: skip
        notify(session, [user], kind="info", key="essai:premier", title="Essai", text="Ceci n'est que du premier cabinet.")
        session.add(
            Launch(
                launch_id="lch_du_premier_cabinet", form="nonce_du_premier_cabinet", plugin="nomineo", mandate=mandate,
                account_id=account_id, transaction_id=made.id, user_id=user, sid_hash="0" * 64,
                handle="adv_du_premier_cabinet", act="arbitrage", claims={"back": f"/p/portefeuille/comptes/{account_id}"},
                expires_at=now() + launch.LIFETIME + timedelta(minutes=10),
            )
        )  # fmt: skip


def type_an_act(session: Any, account_id: str, user: str | None, label: str) -> str:
    """An act that is prepared, of a day to come: nothing executes it. Its id."""
    made = transactions.create(
        session, account_id=account_id, plugin=None, origin="SAISIE", act="frais", act_label=label, nature="other",
        initiated_by=user, amount=Decimal(10),
    )  # fmt: skip
    row = transactions.locked(session, made.id)
    said = {"on": "2199-01-01", "amount": "10.00", "legs": [], "note": label, "reason": ""}
    transactions.set_status(session, row, transactions.Change("initiated", "Préparée", "typed", now(), data=said))
    row.next_poll_at = None
    session.flush()
    return made.id


def have_an_organisation(slug: str, email: str) -> None:
    """In the first cabinet: an agency, a profile of its own, a line of the journal about a client, somebody signed in, a logo."""
    cabinet_id, user = _person(slug, email)
    with db.session(cabinet_id) as session:
        agencies.set_members(session, "cli", agencies.add(session, "cli", "Agence du premier cabinet"), [user])
        profiles.add(session, "cli", label="Profil du premier cabinet", rights=["contacts.view_all"])
        contact = session.scalars(select(Contact.id).order_by(Contact.id).limit(1)).one()
        session.add(
            ContactMerge(
                kept_id=contact, merged_id=new_id(), merged_name="Doublon du premier cabinet", file_code="D-99999",
                merged_by="cli",
                record={"fields": {}, "rows": {"moved": {}, "dropped": [], "changed": []}, "merged": {"file_code": "D-99999"}},
            )
        )  # fmt: skip
        said = {"before": {"city": "Ville du premier cabinet"}, "after": {"city": None}}
        audit.record(session, user, "contact.changed", f"contact:{contact}", said)
        session.add(
            SessionRow(
                sid_hash="f" * 63 + "1", user_id=user, cabinet_id=cabinet_id, amr=["pwd"], ip="198.51.100.7", auth_time=now(),
                expires_at=now() + timedelta(hours=3),
            )
        )  # fmt: skip
        who = services.principals(session, [user])[user]
        png = b"\x89PNG du premier cabinet"
        brand.keep_logo(session, user, "light", paper=png, screen=png, size=(200, 60))
        api_tokens.make(session, who, name="Jeton du premier cabinet", scopes=["contacts:read"], days=30)


def save_a_view(slug: str, email: str) -> None:
    """In the first cabinet somebody shares a view of the list of contacts, and opens it with that."""
    cabinet_id, user = _person(slug, email)
    with db.session(cabinet_id) as session:
        named = {"name": "Vue du premier cabinet", "query": "q=premier-cabinet"}
        view = SavedView(list_key="contacts", owner_id=user, shared=True, **named)
        session.add(view)
        session.flush()
        session.add(ListPreference(user_id=user, list_key="comptes.mouvements", columns="date", view_id=view.id))


def have_a_loan(slug: str, email: str) -> None:
    """In the first cabinet the holder of the account under way owes a loan, which a pledge of that account secured."""
    cabinet_id, user = _person(slug, email)
    with db.session(cabinet_id) as session:
        marc = services.principals(session, [user])[user]
        account = session.scalars(select(Launch.account_id)).one()
        terms = Terms(
            "AMORTISSABLE", "Grange du premier cabinet", "Prêteur du premier cabinet", Decimal(100_000), Decimal("0.03"),
            "PRET-DU-PREMIER", months=240, first_due=today() - timedelta(days=400), remarks="Remarque du premier cabinet",
        )  # fmt: skip
        loan = loan_writes.create(session, marc, terms, [Borrower(holder_of(session, account), Decimal(1))])
        loan_writes.add_event(session, marc, loan, Happened("SOLDE", today(), amount=Decimal("91234.56")))
        opened = session.scalars(select(Account.opened_on).where(Account.id == account)).one() or today()
        pledge = pledges.add(session, marc, account, "Créancier du premier cabinet", opened, loan_id=loan)
        pledges.release(session, marc, pledge, today())
        own_and_owe(session, marc, holder_of(session, account))
        line = Line(holder_of(session, account), "SALAIRES", Decimal("7654.32"), label="Employeur du premier cabinet",
                    shared="Proche du premier cabinet", remarks="Budget du premier cabinet")  # fmt: skip
        budget_writes.create(session, marc, line)
        answered = conformite_demo.answers(conformite_demo.BALANCED, conformite_demo.SOME)
        reason = "Raison du premier cabinet, dite par le client"
        profile_writes.establish(
            session, marc, holder_of(session, account), answered, months=12, level=2, reason=reason
        )  # fmt: skip
        have_a_project(session, marc, holder_of(session, account), account)
        be_watchful(session, marc, holder_of(session, account), account)


def be_watchful(session: Any, by: Adviser, contact: str, account: str) -> None:
    """A list of countries, a client and an operation that wait for a second person, a note of suspicion."""
    boss = replace(by, permissions=by.permissions | {country_lists.MANAGE, suspicions.RIGHT})
    source = "Source de la liste du premier cabinet"
    country_lists.bring(session, boss, "UE", dated_on=today(), source=source, text="IR")
    told, reason = conformite_vigilance.answers(gel_source="Registre du premier cabinet"), "Vigilance du premier cabinet"
    months = dict.fromkeys(("SIMPLIFIEE", "STANDARD", "RENFORCEE"), 12)
    vigilance_writes.assess(session, by, contact, told, months=months, level="RENFORCEE", reason=reason)
    vigilance_writes.operate(
        session, by, contact, conformite_vigilance.operation_answers(), amount=Decimal("98765.43"), account_id=account,
        about="Opération du premier cabinet",
    )  # fmt: skip
    suspicions.write(session, boss, contact, "Soupçon du premier cabinet")


def have_a_project(session: Any, by: Adviser, contact: str, account: str) -> None:
    """A project of the contact's, of a support and on an account of his; allocations of the cabinet's own."""
    support = session.scalars(select(Position.support_id).where(Position.account_id == account)).first()
    terms = project_shapes.Terms(
        "Projet du premier cabinet", "INVESTISSEMENT", "CAPITAL", Decimal("98765.43"), "EPARGNE", today(),
        date(today().year + 9, 1, 1), Decimal("1234.56"), Decimal("78.90"), allocation="SUPPORTS", account_id=account,
        shares=(project_shapes.Share(Decimal(1), None, support),), origin_note="Origine dite au premier cabinet",
        provider="Compagnie du premier cabinet", remarks="Remarque sur le projet du premier cabinet",
    )  # fmt: skip
    project_writes.create(session, by, contact, terms)
    session.add(TargetVersion(
        number=1, levels={"1": {"FONDS_EURO": "1"}, **{str(level): {"ACTIONS": "1"} for level in range(2, 6)}},
        remarks="Allocations du premier cabinet", said_by="Auteur du premier cabinet",
    ))  # fmt: skip
    session.flush()


def have_statements(slug: str, email: str) -> None:
    """In the first cabinet its administrator asked for statements of several contacts, one of which is made."""
    cabinet_id, user = _person(slug, email)
    with db.session(cabinet_id) as session:
        contact = holder_of(session, session.scalars(select(Launch.account_id)).one())
        made = documents.store(
            session, owner_kind="contact", owner_id=contact, category="Relevé", title="Relevé du premier cabinet",
            filename="releve-du-premier-cabinet.pdf", data=b"%PDF-1.4 releve du premier cabinet", media_type="application/pdf",
            created_by=user,
        )  # fmt: skip
        note = documents.store(
            session, owner_kind="cabinet", owner_id=str(cabinet_id), category="NOTE", title="Note du premier cabinet",
            filename="note-du-premier-cabinet.pdf", data=b"%PDF-1.4 note du premier cabinet", media_type="application/pdf",
            created_by=user, note="Remarque interne du premier cabinet", tags=",premier-cabinet,",
        )  # fmt: skip
        account = session.scalars(select(Launch.account_id)).one()
        label = "Classement du premier cabinet"
        session.add(DocumentCategory(parent="DIVERS", label=label, folded=label.lower()))
        held = session.scalars(select(Position.support_id).where(Position.account_id == account))
        documents.store(
            session, owner_kind="support", owner_id=held.first() or "", category="DIC", title="DIC du premier cabinet",
            filename="dic-du-premier-cabinet.pdf", data=b"%PDF-1.4 dic du premier cabinet", media_type="application/pdf",
            created_by=user,
        )  # fmt: skip
        session.add_all((Duty(document_id=note.id, asked_by=user), Reading(document_id=note.id, user_id=user)))
        session.add(DocumentText(document_id=note.id, state="read", pages=1, text="Consigne du premier cabinet"))
        session.add(Paper(
            contact_id=contact, document_id=made.id, kind="DER", template="C1", made_on=today(),
            made_by="Auteur du premier cabinet", texts={"objectifs": "Objectif du premier cabinet"}, facts_sha256=made.sha256,
        ))  # fmt: skip
        session.add(PaperTemplate(
            kind="DER", number=1, title="Titre du premier cabinet", text="Modèle du premier cabinet {client_nom}",
            why="Motif du premier cabinet", made_by="Auteur du premier cabinet",
        ))  # fmt: skip
        batch = StatementBatch(user_id=user, on=today(), since=None, parts={"shown": []}, format="pdf")
        session.add(batch)
        session.flush()
        session.add(StatementLine(batch_id=batch.id, contact_id=contact, state="done", document_id=made.id))
        sent = MessageRow(
            key=f"releve:{made.id}:0", contact_id=contact, plugin="coursier", channel="email", label="E-mail", asked_by=user,
            address="client@premier-cabinet.example", subject="Objet du premier cabinet", text="Texte du premier cabinet",
            state="failed", why="Refus chez le premier cabinet",
        )  # fmt: skip
        asked = SignatureRequest(
            document_id=made.id, sha256=made.sha256, title="Signature du premier cabinet", asked_by=user,
            expires_on=today() + timedelta(days=9), message="Mot du premier cabinet",
        )  # fmt: skip
        session.add_all((sent, asked))
        session.flush()
        session.add(SignatureSigner(
            request_id=asked.id, rank=1, contact_id=contact, name="Signataire du premier cabinet", way="PLACE",
        ))  # fmt: skip
        session.add_all((
            MessageDocument(message_id=sent.id, document_id=made.id),
            OutboxItem(id=sent.id, kind="message.send", subject=f"message:{sent.id}", payload={}, state="refused"),
        ))  # fmt: skip


def internal_of(ours: First) -> str:
    """The first cabinet's own document."""
    with db.session(ours.cabinet_id, write=False) as session:
        return session.scalars(select(Document.id).where(Document.owner_kind == "cabinet")).one()


def shelved_of(ours: First) -> str:
    """The first cabinet's document of a support."""
    with db.session(ours.cabinet_id, write=False) as session:
        return session.scalars(select(Document.id).where(Document.owner_kind == "support")).one()


def filing_of(ours: First) -> str:
    """The first cabinet's own category of documents."""
    with db.session(ours.cabinet_id, write=False) as session:
        return session.scalars(select(DocumentCategory.id)).one()


def own_and_owe(session: Any, by: Adviser, contact: str) -> None:
    """A let house with a value, that somebody owns alone, and a debt."""
    facts = Facts("LOCATIF_NU", "Immeuble du premier cabinet", "1 rue du Premier Cabinet", remarks="Bien du premier cabinet")
    owner = Owner(contact)
    first = Valuation(today(), Decimal("187654.32"))
    asset = asset_writes.create(session, by, facts, [owner], first=first)
    asset_writes.add_rent(session, by, asset, Rent(Decimal("543.21"), today(), tenant="Locataire du premier cabinet"))
    terms = DebtTerms("DETTE_FISCALE", "Impôt du premier cabinet", "Trésor du premier cabinet", Decimal("4321.09"), today())
    debt_writes.create(session, by, terms, [owner])


def _loan_of(session: Any) -> tuple[str, ...]:
    models = (
        Loan, LoanEvent, Pledge, BudgetLine, Investor, Watched, WatchedOperation, CountryImport, Project, Asset, AssetValue,
        AssetRent, Debt, StatementBatch,
    )  # fmt: skip
    return tuple(session.scalars(select(one.id)).one() for one in models)


def have_things_pending(slug: str, email: str) -> tuple[str, str]:
    """In the first cabinet a file waits for its form, a change may be taken back, somebody has a photo: the id, the token."""
    cabinet_id, user = _person(slug, email)
    marc = Adviser(user, cabinet_id, "Marc Diallo", email, "CONSEILLER", PERMISSIONS["CONSEILLER"])
    with db.session(cabinet_id) as session:
        rule = uploads.rule("shell.essai")
        services.set_photo(session, user, b"\xff\xd8\xff du premier cabinet")
        waits = uploads.keep(session, marc, rule, "avis-du-premier-cabinet.pdf", b"%PDF-1.4 du premier cabinet")
        sheet = imports.opened("import-du-premier-cabinet.csv", "Nom;Prénom\nPremier-Cabinet;Zénobie\n".encode())
        imports.receive(session, marc, targets.find("contacts", ["contacts"], marc), sheet)
        _have_a_feed(session, user)
        seen = support_files.Seen("FR0000120271", "Fonds du premier cabinet", 2, {})
        told = support_files.Read("emt-du-premier-cabinet.csv", "0" * 64, 10, "EMT PREMIER", (seen,), ())
        support_files.receive(session, marc, told)
        ranges.save(session, marc, ranges.Terms("Gamme du premier cabinet"), None)
        have_a_model(session, marc)
        token = undo.offer(session, marc, "shell.notifications_read", "user:essai", {"at": now().isoformat()})
        return waits.id, token


def have_a_model(session: Any, by: Adviser) -> None:
    """The account of the act under way follows a model portfolio, and an arbitrage of it is proposed."""
    account = session.scalars(select(Launch.account_id)).one()
    support = session.scalars(select(Position.support_id).where(Position.account_id == account)).first()
    lines = (shapes.Target(support, Decimal(1), Decimal("0.05")),)
    terms = shapes.Terms("Modèle du premier cabinet", "EQUILIBRE", "Remarque sur le modèle du premier cabinet", lines)
    model = models.save(session, by, terms)
    run = ProposalRun(said_by="Demandeur du premier cabinet", minimum=Decimal(0))
    session.add_all((ModelFollower(account_id=account, model_id=model), run))
    session.flush()
    version = models.get(session, model).version.id
    order = {"side": "out", "support": support, "label": "Support", "amount": "1.00"}
    made = {"orders": [order], "kept": []}
    session.add(Proposal(run_id=run.id, account_id=account, version_id=version, state="todo", made=made))
    session.add(_optimised(version, support))
    session.flush()


def _optimised(version: str, support: str) -> OptimisationRow:
    """An optimisation of that model, done: of one support, as nobody could ask it."""
    line = optimised.Named(support, "Support optimisé du premier cabinet", "FR0010135103", Decimal(0), Decimal(1), Decimal(1))
    wish = optimised.Wish((optimised.Line(support, Decimal(0), Decimal(1)),), 3, "VARIANCE")
    days = tuple(date(2026, month, 28) for month in (1, 2, 3))
    series = optimised.Series("mensuels", 12, days, ((Decimal(100), Decimal(101), Decimal(102)),), ("Source du premier cabinet",))
    spot = optimised.Spot((Decimal(1),), Decimal("0.03"), Decimal("0.05"))
    track = optimised.Figures(Decimal("0.02"), Decimal("0.05"), Decimal(0))
    trial = optimised.Trial(days[1], why="Rien à éprouver chez le premier cabinet")
    made = record.made(optimised.Result((spot,), spot, track, spot, track, trial))
    return OptimisationRow(
        version_id=version, state="done", made=made, said_by="Optimiseur du premier cabinet",
        asked=record.asked(wish, [line], [], Decimal(1), series),
    )  # fmt: skip


def _have_a_feed(session: Any, user: str) -> None:
    """A file of a feed came, and names an account that nobody attached."""
    file = FeedFile(sha256="e" * 64, name="flux-du-premier-cabinet.ofx", size=1, user_id=user, state="LU")
    holders = [["Zénobie du premier cabinet", "", ""]]
    seen = FeedAccount(origin="banque", key="1", number="FLUX-DU-PREMIER-CABINET", holders=holders)
    asked = FeedSource(plugin="nomineo", state="ECHEC", trouble="Panne chez le premier cabinet.")
    taken = FeedPulled(host="sftp.exemple.fr:22", name="pris-au-premier-cabinet.ofx", size=1, changed=1, sha256="")
    session.add_all((file, seen, asked, taken))
    session.flush()
    session.add(FeedStep(file_id=file.id, feed_account_id=seen.id, rank=0))
    session.flush()


def first(slug: str, email: str) -> First:
    """The first cabinet's ids and words."""
    cabinet_id, user = _person(slug, email)
    upload_id, token = have_things_pending(slug, email)
    with db.session(cabinet_id) as session:
        holder = holder_of(session, session.scalars(select(Launch.account_id)).one())
        known = {"company": "Compagnie du premier cabinet", "number": "PREMIER-1"}
        number_id = client_numbers.add(session, "cli", holder, known)
    with db.session(cabinet_id, write=False) as session:
        row = session.scalars(select(Launch)).one()
        account = session.get_one(Account, (cabinet_id, row.account_id))
        contact = holder_of(session, account.id)
        support = session.scalars(select(Position.support_id).where(Position.account_id == account.id)).first()
        channel = session.scalars(select(ContactPhone.id).where(ContactPhone.contact_id == contact)).one()
        tie = session.scalars(select(Relation.id).where(Relation.note == "Relation du premier cabinet")).one()
        document = session.scalars(select(Document.id).where(Document.owner_kind == "mandate")).first()
        registration = session.scalars(select(Registration)).one()
        form = tokens.issue(
            user_id=user, sid_hash="0" * 64, account_id=account.id, plugin="nomineo", act="arbitrage", label="Arbitrage",
            nature="arbitrage", back=f"/p/portefeuille/comptes/{account.id}",
        )  # fmt: skip
        view = session.scalars(select(SavedView.id)).one()
        agency = session.scalars(select(Agency.id)).one()
        profile = session.scalars(select(Profile)).one()
        entry = session.scalars(select(AuditEntry.id).where(AuditEntry.action == "contact.changed")).one()
        token_id = session.scalars(select(ApiToken.id).where(ApiToken.user_id == user)).one()
        journey = session.scalars(select(Journey.id)).one()
        category, label, field = (
            session.scalars(select(model.id).order_by(model.id)).first() or ""
            for model in (own_models.ContactCategory, own_models.ContactLabel, own_models.CustomField)
        )
        import_id = session.scalars(select(ImportRun.id)).one()
        step = session.scalars(select(FeedStep)).one()
        merge = session.scalars(select(ContactMerge.id)).one()
        typed = session.scalars(select(Transaction.id).where(Transaction.act_label == TYPED)).one()
        sid = session.scalars(select(SessionRow.sid_hash).where(SessionRow.user_id == user)).one()
        kids = tuple(session.scalars(select(SigningKey.kid)))
        notification = session.scalars(select(Notification.id)).first()
        assert document
        assert notification
        assert support
        assert row.transaction_id
        return First(
            cabinet_id, slug, account.id, contact, support, channel, tie, row.transaction_id, user, document, upload_id, token,
            registration.endpoint_id, view, agency, profile.id, profile.code, entry, token_id,
            journey, number_id, category, label, field, import_id, step.feed_account_id, step.file_id, merge, sid,
            row.mandate, row.launch_id,
            notification, *_loan_of(session), typed, session.scalars(select(SignatureRequest.id)).one(),
            session.scalars(select(Plan.id)).one(),
            session.scalars(select(SupportFile.id)).one(), session.scalars(select(SupportRange.id)).one(),
            session.scalars(select(ModelPortfolio.id).where(ModelPortfolio.name == "Modèle du premier cabinet")).one(),
            session.scalars(select(ProposalRun.id)).one(), session.scalars(select(Proposal.id)).one(),
            session.scalars(select(MessageDocument.document_id)).one(), session.scalars(select(MessageRow.id)).one(),
            session.scalars(select(OptimisationRow.id)).one(),
            form, account.number, words_of(cabinet_id), kids,
        )  # fmt: skip


def holder_of(session: Any, account_id: str) -> str:
    """A holder of the account."""
    held = select(AccountRole.contact_id).where(AccountRole.account_id == account_id, AccountRole.role.in_(HOLDING_ROLES))
    found: str = session.scalars(held.order_by(AccountRole.id)).first()
    return found


def words_of(cabinet_id: int) -> frozenset[str]:
    """Every text of the cabinet's rows that no other cabinet and no catalogue has: ids, names, numbers, addresses."""
    mine: set[str] = set()
    others: set[str] = set()
    with databases.reading(str(db.engine.url)) as connection:
        for table in Base.metadata.sorted_tables:
            texts = [column for column in table.columns if isinstance(column.type, String) and column.name not in OUR_WORDS]
            if not texts:
                continue
            own = table.name not in INSTANCE_TABLES
            owner = table.c.cabinet_id if own else None
            for row in connection.execute(_all(table, owner, *texts)):
                target = mine if owner is not None and row[0] == cabinet_id else others
                target.update(str(value) for value in row[1:] if value)
    for cabinet, user in _instance_words():
        (mine if cabinet == cabinet_id else others).update(user)
    named = " ".join(countries().values())  # «Saint-Christophe-et-Niévès» is in every list of countries
    words = frozenset(word for word in mine - others if len(word) >= SHORTEST and word not in named)
    assert len(words) > 20, "nothing would be looked for"
    return words


def _all(table: Table, owner: Any, *texts: Any) -> Any:
    if owner is None:
        return select(table.c[texts[0].name].label("nobody"), *texts)
    return select(owner, *texts)


def _instance_words() -> list[tuple[int | None, set[str]]]:
    with db.session(None, write=False) as session:
        people = [(row.cabinet_id, {row.id, row.email, row.display_name}) for row in session.scalars(select(User))]
        sessions = [(row.cabinet_id, {row.sid_hash}) for row in session.scalars(select(SessionRow))]
        cabinets = [
            (row.id, {row.name, row.siren or "", row.orias or "", row.address or ""})
            for row in session.scalars(select(Cabinet))
        ]
        return [*people, *sessions, *cabinets]


def _person(slug: str, email: str) -> tuple[int, str]:
    with db.session(None, write=False) as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        return user.cabinet_id, user.id


def digest(cabinet_id: int) -> str:
    """A hash of all that the database holds of a cabinet, but for what reading writes (sessions, health)."""
    hashed = hashlib.sha256()
    rows = 0
    with databases.reading(str(db.engine.url)) as connection:
        for table in Base.metadata.sorted_tables:
            # an inline hook that overruns on a busy machine is counted while a page is read
            if table.name in INSTANCE_TABLES or table.name in ("plugin_health", "plugin_timing"):
                continue
            found = connection.execute(select(table).where(table.c.cabinet_id == cabinet_id).order_by(*table.primary_key))
            for row in found:
                rows += 1
                hashed.update(repr((table.name, tuple(row))).encode())
    assert rows > 20, "a digest of nothing is always equal"
    return hashed.hexdigest()


def text_of(answer: TestResponse) -> str:
    """What an answer says: its head and its body; a PDF's own text, a workbook's. The answer is closed."""
    with closing(answer):
        return _text_of(answer)


def _text_of(answer: TestResponse) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    if answer.mimetype == "text/event-stream":
        parts = iter(answer.response)
        return head + "".join(part.decode() if isinstance(part, bytes) else part for part in (next(parts), next(parts)))
    if answer.mimetype == XLSX and answer.data[:2] == b"PK":
        from io import BytesIO
        from zipfile import ZipFile

        with ZipFile(BytesIO(answer.data)) as box:
            return "\n".join([head, *(box.read(name).decode() for name in box.namelist() if name.endswith(".xml"))])
    if answer.mimetype == "application/pdf":
        from io import BytesIO

        from pypdf import PdfReader
        from pypdf.errors import PdfReadError

        try:
            reader = PdfReader(BytesIO(answer.data))
        except PdfReadError:  # a test's own few bytes
            return head + answer.data.decode("latin-1")
        fields = " ".join(str(field.get("/V", "")) for field in (reader.get_fields() or {}).values())
        return head + " ".join(page.extract_text() for page in reader.pages) + fields
    if answer.mimetype == "image/png":
        return head + answer.data.decode("latin-1")
    body = answer.get_data(as_text=True)
    if answer.mimetype == "text/plain" and "# TYPE " in body:  # metrics: a figure may look like a contract's number
        body = re.sub(r" [\d.e+-]+$", "", body, flags=re.M)
    return head + body


def token_of(client: FlaskClient) -> str:
    """A CSRF token of the client's session."""
    page = client.get("/notifications").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


def listen(app: Flask) -> None:
    """Have the application's requests remember the names that views ask for."""
    Asked.names.clear()
    app.request_class = ListeningRequest
