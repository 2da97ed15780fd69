"""The demonstration's documents, of two clients: identities, a RIB, a proof of address out of date, a report, a clause."""

from __future__ import annotations

import zlib
from datetime import date
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from core.api import Context
from core.api import book
from core.api import demo
from core.api import documents
from core.api import files
from core.api.db import session
from core.api.db import today
from plugins.ged import internal

CABINET, PLUGIN = "demo", "ged"
PDF = "application/pdf"
#: Name of the client → its documents: title, category, until when, tags, lines of the page.
FILES: dict[str, tuple[tuple[str, str, date | None, str, tuple[str, ...]], ...]] = {
    "Durand Jeanne": (
        ("Carte nationale d'identité", "CNI", date(2031, 4, 17), "", (
            "CARTE NATIONALE D'IDENTITÉ", "Nom : DURAND    Prénom : Jeanne", "Valable jusqu'au 17/04/2031",
        )),
        ("Relevé d'identité bancaire", "RIB", None, "", (
            "RELEVÉ D'IDENTITÉ BANCAIRE", "Titulaire : Mme Jeanne DURAND", "Compte courant, agence de démonstration",
        )),
        ("Facture d'électricité", "DOMICILE", date(2026, 6, 30), "à renouveler", (
            "FACTURE D'ÉLECTRICITÉ", "Justificatif de domicile de moins de trois mois", "Mme Jeanne DURAND",
        )),
        ("Clause bénéficiaire", "CLAUSE", None, "succession, assurance-vie", (
            "CLAUSE BÉNÉFICIAIRE DÉMEMBRÉE", "Bénéficiaires en usufruit : le conjoint survivant,",
            "en nue-propriété : les enfants nés ou à naître, vivants ou représentés.",
        )),
    ),
    "Lefevre Paul": (
        ("Passeport", "PASSEPORT", date(2025, 11, 3), "", ("PASSEPORT", "LEFEVRE Paul", "Date d'expiration : 03/11/2025")),
        ("Compte rendu d'entretien", "COMPTE_RENDU", None, "retraite", (
            "COMPTE RENDU D'ENTRETIEN", "Projets : rachats partiels programmés, donations aux petits-enfants,",
            "arbitrages vers des unités de compte moins risquées.",
        )),
    ),
}  # fmt: skip
#: A fund and a company that everybody's accounts have, and what is filed of them: kind, title, category, until when → lines.
FUND, COMPANY = "FR0010135103", "generali-patrimoine"
SHELVED: dict[tuple[str, str, str, date | None], tuple[str, ...]] = {
    ("support", "Document d'informations clés", "DIC", date(2027, 2, 15)): (
        "DOCUMENT D'INFORMATIONS CLÉS", "Objectif : gestion diversifiée, durée de placement recommandée de trois ans.",
        "Indicateur de risque et scénarios de performance : exemplaire de démonstration.",
    ),
    ("support", "Compte rendu de gestion, octobre 2026", "REPORTING", None): (
        "COMPTE RENDU DE GESTION", "Allocation, principaux contributeurs, mouvements du mois.",
    ),
    ("company", "Convention de distribution", "CONVENTION", None): (
        "CONVENTION DE DISTRIBUTION", "Rémunération, devoir de conseil, réclamations : exemplaire de démonstration.",
    ),
}  # fmt: skip


class GedDemo:
    """What `encours demo` adds: documents made here, without a network."""

    def prepare(self, folder: Path) -> None:
        """File those that are not there yet: the same bytes are not kept twice."""
        with demo.working(CABINET, PLUGIN) as ctx:
            for name, papers in FILES.items():
                _file(ctx, name, papers)
            _internal(ctx)
            _shelved(ctx)
            _category(ctx)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None of its own."""
        return []

    def join(self, folder: Path) -> None:
        """Nobody to join."""

    def addresses(self) -> list[tuple[str, str]]:
        """None to print."""
        return []


def _file(ctx: Context, name: str, papers: tuple[tuple[str, str, date | None, str, tuple[str, ...]], ...]) -> None:
    contact_id = session().scalar(select(book.Contact.id).where(book.Contact.display_name == name))
    if contact_id is None or ctx.principal is None:
        return
    known = {one.title for one in documents.of_owner(session(), ctx.principal, "contact", contact_id)}
    for title, category, until, tags, lines in papers:
        if title not in known:
            sent = files.Sent(f"{documents.clean_name(title)}.pdf", PDF, page(lines))
            facts = documents.filing.Facts(title, category, until, tags)
            documents.filing.add(session(), ctx.principal, ("contact", contact_id), facts, [sent])


def _category(ctx: Context) -> None:
    """What this cabinet calls what it files, under the house's."""
    if ctx.principal is not None and not documents.own_categories.listed(session()):
        documents.own_categories.add(session(), ctx.principal, "CORRESPONDANCE", "Lettre circulaire")
        documents.own_categories.add(session(), ctx.principal, "CORRESPONDANCE", "Vœux et invitations")


def _shelved(ctx: Context) -> None:
    """What a manager publishes of a fund, and what binds the cabinet to a company."""
    if ctx.principal is None:
        return
    wanted = {
        "support": select(book.Support.id).where(book.Support.isin == FUND),
        "company": select(book.Company.id).where(book.Company.code == COMPANY),
    }  # fmt: skip
    for (kind, title, category, until), lines in SHELVED.items():
        ref = session().scalar(wanted[kind])
        if ref and title not in {one.title for one in documents.of_owner(session(), ctx.principal, kind, ref)}:
            sent = files.Sent(f"{documents.clean_name(title)}.pdf", PDF, page(lines))
            documents.filing.add(session(), ctx.principal, (kind, ref), documents.filing.Facts(title, category, until), [sent])


def _internal(ctx: Context) -> None:
    """A procedure that everybody has to read."""
    if ctx.principal is None or documents.of_owner(session(), ctx.principal, internal.KIND, str(ctx.principal.cabinet_id)):
        return
    lines = ("PROCÉDURE LCB-FT", "Toute entrée en relation demande une pièce d'identité en cours de validité.")
    facts = documents.filing.Facts("Procédure LCB-FT", "PROCEDURE", note="À relire chaque année.")
    due_on = today() + timedelta(days=30)
    internal.add(session(), ctx.principal, facts, files.Sent("procedure-lcb-ft.pdf", PDF, page(lines)), asked=True, due_on=due_on)


def page(lines: tuple[str, ...]) -> bytes:
    """A PDF of one page with these lines (ISO 32000-1: one font of the fourteen, WinAnsi): no program is needed to make it."""
    shown = "".join(f"({_escaped(line)}) Tj 0 -22 Td " for line in lines)
    drawn = zlib.compress(f"BT /F1 13 Tf 60 760 Td {shown}ET".encode("cp1252"))
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )  # fmt: skip
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table + end)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
