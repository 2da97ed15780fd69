"""What core itself keeps of a contact, table by table, for its right of access."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from core.accounts.lists import refs
from core.accounts.models import Movement
from core.accounts.models import Position
from core.contacts import channels
from core.contacts import custom_values
from core.contacts import history
from core.contacts import relations
from core.contacts.models import Contact
from core.contacts.services import get_contact
from core.db.session import TenantSession
from core.documents import categories
from core.documents import services as documents
from core.hooks.personal import PersonalData
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.messages.models import MessageRow
from core.signing.models import SignatureSigner
from core.signing.states import SIGNER_STATES
from core.signing.states import WAYS
from core.supports.models import Support
from core.transactions.models import Transaction
from core.web import formats

Row = tuple[str, ...]
_money = formats.money
_CONTRACT = "Exécution de la mission de conseil et obligations du conseiller."
_LAW = "Obligation légale de connaître le client et de conserver la preuve du conseil."
_ADDRESSES = {"address": "Adresse", "phone": "Téléphone", "email": "E-mail", "bank": "Compte bancaire"}


def of_contact(session: TenantSession, by: Adviser, contact_id: str) -> tuple[PersonalData, ...]:
    """Everything, in the order of a file. The caller has checked that `by` may see all of it."""
    held = refs(session, by, contact_id=contact_id, archived=True)
    made: tuple[tuple[str, str, str, tuple[str, ...], Iterator[Row]], ...] = (
        ("identity", "Identité et situation", _LAW, ("Donnée", "Valeur"), _identity(session, contact_id)),
        ("channels", "Coordonnées", _CONTRACT, ("Nature", "Usage", "Coordonnée", "Accord de prospection"),
         _channels(session, by, contact_id)),
        ("relations", "Relations", _CONTRACT, ("Lien", "Avec", "Depuis", "Jusqu'au"), _relations(session, by, contact_id)),
        ("accounts", "Comptes et contrats", _CONTRACT, ("Compte", "Numéro", "Compagnie", "Ouvert le", "Valeur", "Au"),
         _accounts(held)),
        ("positions", "Supports détenus", _CONTRACT, ("Compte", "Support", "Au", "Quantité", "Valeur"),
         _positions(session, held)),
        ("movements", "Mouvements", _CONTRACT, ("Date", "Compte", "Mouvement", "Montant"), _movements(session, held)),
        ("transactions", "Actes", _CONTRACT, ("Date", "Compte", "Acte", "Montant", "Statut"), _transactions(session, held)),
        ("documents", "Documents", _LAW, ("Document", "Catégorie", "Déposé le", "Empreinte SHA-256"),
         _documents(session, by, contact_id, held)),
        ("signatures", "Signatures", _LAW, ("Nom", "Manière", "État", "Date", "Adresse IP"), _signatures(session, contact_id)),
        ("messages", "Messages envoyés", _CONTRACT, ("Date", "Objet", "Adresse"), _messages(session, contact_id)),
        ("history", "Modifications du dossier", _LAW, ("Date", "Par", "Action", "Donnée", "Avant", "Après"),
         _history(session, by, contact_id)),
    )  # fmt: skip
    return tuple(PersonalData(key, title, why, heads, tuple(rows)) for key, title, why, heads, rows in made)


def _identity(session: TenantSession, contact_id: str) -> Iterator[Row]:
    row = session.scalars(select(Contact).where(Contact.id == contact_id)).one()
    for name, label in history.LABELS.items():
        value = getattr(row, name, None)
        if value not in (None, "", [], False) and not callable(value):
            yield label, history.said(name, value)
    for answer in custom_values.of_contact(session, contact_id, row.kind):
        if answer.value is not None:
            yield answer.field.label, answer.said


def _channels(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    for kind, some in channels.of_contact(session, by, contact_id).items():
        for one in some:
            said = ", ".join(history.said(name, value) for name, value in one.values.items() if value)
            agreed = f"Oui, le {formats.day(one.opt_in_on)}" if one.opt_in_on else "Oui" if one.opt_in else "Non"
            yield _ADDRESSES.get(kind, kind), one.usage_label, said, agreed if kind in ("phone", "email", "address") else ""


def _relations(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    number = 1
    while True:
        page = relations.of_contact(session, by, contact_id, number=number, size=200)
        for one in page.items:
            yield one.label, one.other.name, formats.day(one.since), formats.day(one.until)
        if number * 200 >= page.total:
            return
        number += 1


def _accounts(held: list[AccountRef]) -> Iterator[Row]:
    for one in held:
        yield one.title, one.number, one.company, formats.day(one.opened_on), _money(one.value), formats.day(one.value_on)


def _positions(session: TenantSession, held: list[AccountRef]) -> Iterator[Row]:
    def name(row: Position) -> str:
        support = session.get_one(Support, (session.require_cabinet(), row.support_id))
        return f"{support.label} {support.isin or ''}".strip()

    for one in held:
        wanted = select(Position).where(Position.account_id == one.id).order_by(Position.on.desc(), Position.id)
        for row in session.scalars(wanted):
            units = formats.number(row.quantity, 4) if row.quantity is not None else ""
            yield one.label, name(row), formats.day(row.on), units, _money(row.value)


def _movements(session: TenantSession, held: list[AccountRef]) -> Iterator[Row]:
    for one in held:
        for row in session.scalars(select(Movement).where(Movement.account_id == one.id).order_by(Movement.on, Movement.id)):
            yield formats.day(row.on), one.label, row.label, _money(row.amount)


def _transactions(session: TenantSession, held: list[AccountRef]) -> Iterator[Row]:
    for one in held:
        wanted = select(Transaction).where(Transaction.account_id == one.id).order_by(Transaction.created_at)
        for row in session.scalars(wanted):
            yield formats.moment(row.created_at), one.label, row.act_label, _money(row.amount), row.status_label or ""


def _documents(session: TenantSession, by: Adviser, contact_id: str, held: list[AccountRef]) -> Iterator[Row]:
    homes = [("contact", home.id) for home in get_contact(session, by, contact_id).households]
    owners = [("contact", contact_id), *homes, *(("account", one.id) for one in held)]
    for kind, ref in owners:
        for one in documents.of_owner(session, by, kind, ref):
            yield one.title, categories.path(one.category), formats.moment(one.created_at), one.sha256


def _signatures(session: TenantSession, contact_id: str) -> Iterator[Row]:
    for one in session.scalars(select(SignatureSigner).where(SignatureSigner.contact_id == contact_id)):
        yield one.name, WAYS[one.way], SIGNER_STATES[one.state], formats.moment(one.ended_at), one.address


def _messages(session: TenantSession, contact_id: str) -> Iterator[Row]:
    for one in session.scalars(select(MessageRow).where(MessageRow.contact_id == contact_id).order_by(MessageRow.id)):
        yield formats.moment(one.asked_at), one.subject, one.address


def _history(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[Row]:
    for one in history.of_contact(session, by, contact_id, most=2_000):
        for line in one.lines:
            yield formats.moment(one.at), one.who, one.action, line.label, line.before, line.after
        if not one.lines:
            yield formats.moment(one.at), one.who, one.action, "", "", ""

