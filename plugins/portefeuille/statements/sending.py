"""Kept statements are sent to their clients, each once, by the messages of core; who is left out, and why (PF-03)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.api import Context
from core.api import contacts
from core.api import documents
from core.api import messages
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Adviser
from plugins.portefeuille.statements import batches
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements.batches import Batch
from plugins.portefeuille.statements.batches import Line
from plugins.portefeuille.statements.models import StatementLine

#: Signs of a subject, and of a text.
SUBJECT, TEXT = 150, 4000


class SendForm(Form):
    """What goes with the statements: the same words for all."""

    objet = fields.line(_l("Objet"), SUBJECT, missing=_l("Indiquez l'objet du message."), wide=True)
    texte = fields.line(
        _l("Message"), TEXT, lines=True, missing=_l("Écrivez le message qui accompagne le relevé."), wide=True, rows=12,
        help=_l("Sans montant ni numéro de compte\u202f: le relevé est en pièce jointe."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept statement that may be sent. `turn`: how often that was asked before, or a program's own key: one sending a turn."""

    contact_id: str
    name: str
    document_id: str
    turn: int | str = 0

    @property
    def draft(self) -> messages.Draft:
        """The message that is wanted."""
        return messages.Draft(f"releve:{self.document_id}:{self.turn}", self.contact_id, (self.document_id,))


@dataclass(frozen=True, slots=True)
class Told:
    """One who is written to, or not: `why` is then told. `label`, `address`: by which way."""

    name: str
    contact_id: str
    label: str = ""
    address: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sending would do now. `failures`: modules that could not be asked."""

    going: tuple[Told, ...]
    left: tuple[Told, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the sending of a batch stands. `able`: a module that is on sends. `ready`: never asked, or left out till now."""

    able: bool
    ready: int
    sent: int
    running: int
    failed: int
    left: int

    @property
    def begun(self) -> bool:
        """Whether a sending was asked for."""
        return bool(self.sent or self.running or self.failed or self.left)


def tally(ctx: Context, lines: Sequence[Line]) -> Tally:
    """Of all contacts of a batch, as `told` gives them."""
    sent = [one.sent for one in lines if one.sent is not None]
    return Tally(
        bool(messages.modules(ctx)), len(waiting(lines)), sum(one.state == "sent" for one in sent),
        sum(one.state == "waiting" for one in sent), sum(one.failed for one in sent),
        sum(one.missed for one in lines if one.sent is None),
    )  # fmt: skip


def usual(who: Adviser, cabinet: str, title: str) -> dict[str, str]:
    """The words that are proposed, signed by the person and the cabinet. `title`: the statement's, with its day."""
    said = title[:1].lower() + title[1:]
    text = _(
        "Madame, Monsieur,\n\nVous trouverez ci-joint votre %(statement)s.\n\n"
        "Je reste à votre disposition pour en parler.\n\nBien cordialement,\n\n%(name)s\n%(cabinet)s",
        statement=said, name=who.name, cabinet=cabinet,
    )  # fmt: skip
    return {"objet": _("Votre %(statement)s", statement=said)[:SUBJECT], "texte": text}


def worded(taken: Mapping[str, Any]) -> tuple[str, str]:
    """The words that a program gives. Raises `DomainError` where one is lacking."""
    for name, label in (("subject", _("Indiquez l'objet du message.")), ("text", _("Écrivez le message qui l'accompagne."))):
        if not (taken.get(name) or "").strip():
            raise DomainError(label, field=name)
    return taken["subject"].strip(), taken["text"].strip()


def waiting(lines: Sequence[Line]) -> list[Paper]:
    """Of a batch, the statements that were never asked to be sent."""
    never = (one for one in lines if one.name and one.sent is None)
    return [Paper(one.contact_id, one.name, one.document_id) for one in never if one.document_id]


def told(session: TenantSession, who: Adviser, batch_id: str) -> list[Line]:
    """The contacts of a batch, with what became of each one's message."""
    found = batches.lines(session, who, batch_id)
    sent = messages.of_documents(session, [one.document_id for one in found if one.document_id])
    return [replace(one, sent=next(iter(sent.get(one.document_id or "", ())), None)) for one in found]


def single(session: TenantSession, who: Adviser, contact_id: str, document_id: str) -> tuple[Paper, Any]:
    """A kept statement of a contact, and its document. Raises `NotFound`, `Forbidden`."""
    contact = contacts.get_contact(session, who, contact_id)
    document = documents.get(session, who, document_id)
    if (document.owner_kind, document.owner_id, document.category) != ("contact", contact_id, keeping.CATEGORY):
        raise NotFound(_("Ce relevé n'existe pas, ou n'est pas dans ce dossier."))
    if not keeping.may_keep(session, who, contact_id):
        raise Forbidden(_("Votre profil ne permet pas d'envoyer les documents de ce dossier."))
    return Paper(contact_id, contact.name, document_id), document


def preview(session: TenantSession, ctx: Context, who: Adviser, papers: Sequence[Paper]) -> Preview:
    """Who would be written to and how, who not and why, by name."""
    ways, failures = messages.ways(session, ctx, who, [one.contact_id for one in papers])
    found = [_told(one, ways.get(one.contact_id)) for one in sorted(papers, key=lambda one: (one.name, one.contact_id))]
    return Preview(
        tuple(one for one in found if not one.why), tuple(one for one in found if one.why), tuple(one.text for one in failures)
    )


def _told(paper: Paper, way: messages.Way | None) -> Told:
    if way is None:
        return Told(paper.name, paper.contact_id, why=_("Ce contact n'est plus ouvert à votre profil."))
    label, address = (way.channel.label, way.channel.address) if way.channel else ("", "")
    return Told(paper.name, paper.contact_id, label, address, way.why)


def able(ctx: Context) -> None:
    """Raises `Conflict` while no module that is on sends messages."""
    if not messages.modules(ctx):
        raise Conflict(_(
            "Aucun module activé n'envoie de messages aux clients\u202f: un administrateur peut en activer un dans "
            "Administration > Modules et partenaires."
        ))  # fmt: skip


def send(
    session: TenantSession, ctx: Context, who: Adviser, papers: Sequence[Paper], subject: str, text: str, url: str, part: str = ""
) -> Mapping[str, str]:
    """Ask for these, in the caller's transaction; of each document that is left out, why. Raises `Conflict`."""
    able(ctx)
    left = messages.write(session, ctx, who, [one.draft for one in papers], subject, text, messages.Place(part, url))
    return {one.document_id: left[one.draft.key] for one in papers if one.draft.key in left}


def send_batch(
    session: TenantSession, ctx: Context, who: Adviser, batch: Batch, subject: str, text: str, url: str
) -> tuple[int, int]:
    """All statements of a batch that were never sent: how many are asked for, and how many left out, which is noted.

    Raises `Conflict` while the batch is being made, or where nothing sends.
    """
    if not batch.ended:
        raise Conflict(_("Les relevés de ce lot sont encore en préparation\u202f: attendez qu'ils soient tous faits."))
    papers = waiting(told(session, who, batch.id))
    left = send(session, ctx, who, papers, subject, text, url, batches.part(batch.id))
    asked = {one.document_id for one in papers}
    wanted = select(StatementLine).where(StatementLine.batch_id == batch.id)
    for line in session.scalars(wanted):
        if line.document_id in asked:
            line.unsent = left.get(line.document_id, "")[:300]
    session.flush()
    return len(papers) - len(left), len(left)


def again(session: TenantSession, ctx: Context, who: Adviser, lines: Sequence[Line], message_id: str = "") -> int:
    """Have what failed tried again, or one message of it; how many are. Raises `Conflict`."""
    able(ctx)
    failed = [one.sent.id for one in lines if one.name and one.sent is not None and one.sent.failed]
    return sum(messages.retry(session, who, one) for one in failed if message_id in ("", one))


def again_one(session: TenantSession, ctx: Context, who: Adviser, document_id: str) -> bool:
    """Have the last message that took this statement tried again; False where it did not fail. Raises `NotFound`, `Conflict`."""
    able(ctx)
    sent = messages.of_documents(session, [document_id]).get(document_id, ())
    if not sent:
        raise NotFound(_("Ce relevé n'a pas été envoyé."))
    return messages.retry(session, who, sent[0].id)
