"""The demonstration's share: the portfolios of the clients that plugins/contacts imports, from their insurer's file (AC-02).

Two accounts with their positions, one by its value alone, one in error: its positions are not its value.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.api import demo
from core.api import formats
from core.api.db import today
from plugins.aggregation.pipeline import files

#: A bank's statement that waits: its account is attached to none of ours yet.
STATEMENT = "releve-compte-courant.ofx"
CABINET, WHO = "demo", "conseiller@demo.example"
FILE, SOURCE = "portefeuilles-kerouredan.csv", "Relevé Suravenir"
HEADS = (
    "N° de contrat;Compagnie;Enveloppe;Produit;Code dossier;Souscripteur;Souscrit le;Valorisation;Date de valorisation;"
    "Cumul des versements;ISIN;Libellé du support;Nb UC;VL;Montant"
)
LINES = """\
0033.771204.5;Suravenir;Assurance-vie;Patrimoine Vie Plus;KER-001;Le Goaziou;14/06/2004;148 250,40;{day};96 000,00;;{euro};;;112 250,40
0033.771204.5;Suravenir;;;;;;;;;FR0010315770;;128;281,25;36 000,00
0033.802117.3;Suravenir;Assurance-vie;Patrimoine Vie Plus;KER-002;Abgrall;02/03/2011;64 310,00;{day};52 000,00;;{euro};;;64 310,00
0034.100482.9;Suravenir;PER individuel;Patrimoine PER;KER-003;Abgrall;20/11/2020;18 940,75;{day};16 200,00;;;;;
0033.915530.1;Suravenir;Assurance-vie;Patrimoine Vie Plus;KER-004;Quéméneur;09/09/2019;31 500,00;{day};30 000,00;;{euro};;;30 500,00
"""  # noqa: E501 - lines of a file


def _statement() -> str:
    """OFX 1.0 of last month: three movements and the balance that they make."""
    last = today().replace(day=1) - timedelta(days=1)
    moved = (
        (2, "CREDIT", "3150.00", "M1", "VIR SALAIRE"), (5, "DEBIT", "-890.00", "M2", "PRLV LOYER"),
        (12, "DEBIT", "-400.00", "M3", "VIR EPARGNE PROGRAMMEE"),
    )  # fmt: skip
    lines = "".join(
        f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>{last.replace(day=day):%Y%m%d}<TRNAMT>{amount}<FITID>{key}<NAME>{name}</STMTTRN>\n"
        for day, kind, amount, key, name in moved
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        f"<DTSERVER>{last:%Y%m%d}120000<LANGUAGE>FRA<FI><ORG>Banque des Abers<FID>30099</FI></SONRS></SIGNONMSGSRSV1>\n"
        "<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>\n<STMTRS><CURDEF>EUR\n"
        "<BANKACCTFROM><BANKID>30099<BRANCHID>00012<ACCTID>00045127803<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>{last:%Y%m}01<DTEND>{last:%Y%m%d}\n{lines}</BANKTRANLIST>\n"
        f"<LEDGERBAL><BALAMT>4210.35<DTASOF>{last:%Y%m%d}</LEDGERBAL>\n</STMTRS></STMTTRNRS></BANKMSGSRSV1>\n</OFX>\n"
    )


class AggregationDemo:
    """What `encours demo` adds: an import that is done, with its report; a statement that waits for its account."""

    def prepare(self, folder: Path) -> None:
        """Import the file as it stood at the end of last month, once; the contacts are there already."""
        day = formats.day(today().replace(day=1) - timedelta(days=1))
        text = f"{HEADS}\n{LINES.format(day=day, euro='Suravenir Opportunités 2')}"
        demo.imported(CABINET, WHO, "accounts", FILE, text, source=SOURCE)
        with demo.acting(CABINET, WHO) as (session, by):
            row = files.receive(session, by, STATEMENT, _statement().encode("ascii"))
            if row.state in files.WORKING:
                ctx = demo.context_of(session, by)
                files.work(ctx, session, by, row, files.reading(ctx, row))

    def programs(self, folder: Path) -> list[demo.Program]:
        """None of its own."""
        return []

    def join(self, folder: Path) -> None:
        """Nobody to join."""

    def addresses(self) -> list[tuple[str, str]]:
        """None to print."""
        return []
