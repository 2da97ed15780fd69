"""CPU of a statement as PDF/A-3 with its files, beside bare WeasyPrint on the same page (PF-02)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest import mock

from benchmarks import book
from benchmarks.measure import Row
from core import pdf
from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.api.types import Adviser
from core.cabinets import services as cabinets
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import current
from core.db.session import TenantSession
from core.extensions import db
from core.supports import services as supports
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import paper

LINES, TURNS = 20, 5
TYPES = ("OPCVM", "FONDS_EURO")
KEYS = ("donut", "evolution")
ON = date(2026, 6, 30)
BARE = "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())"


def run() -> list[Row]:
    """Ours from the figures on, charts and files included; theirs is the page that ours made, charts drawn, one process each."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        with db.session(cabinet_id) as session:
            contact = _portfolio(session)
        with db.session(cabinet_id) as session:
            who: Adviser = cabinets.principals(session, [people[0]])[people[0]]
            with current.bound(session):
                found = figures.statement(session, who, contact, figures.Wanted(ON, None))
                ready = paper.sheet_of(found)
        with mock.patch("core.api.pdf.archive", side_effect=pdf.archive) as seen:
            paper.drawn(ready)
            html = seen.call_args.args[0]
        drawings = re.findall(r"data:image/svg[^\"]+", html)
        pairs = []
        for _turn in range(TURNS):
            whole = _cpu(lambda: paper.drawn(ready))
            with mock.patch("plugins.portefeuille.statements.paper._images", return_value=dict(zip(KEYS, drawings, strict=True))):
                page = _cpu(lambda: paper.drawn(ready))
            pairs.append((page, whole, _cpu(lambda: _bare(html))))
    page, whole = (median(pair[place] / pair[2] for pair in pairs) for place in (0, 1))
    size = f"a statement of {LINES} lines"
    return [
        Row(f"{size}, its charts drawn: CPU against bare WeasyPrint", f"{page:.2f} times", "≤ 1.15 times", page <= 1.15),
        Row(f"{size}: the same, its two charts to draw", f"{whole:.2f} times", "told", True),
    ]


def _portfolio(session: TenantSession) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne")
    contact: str = contacts.create(session, "cli", data)
    company = supports.company_for(session, "banc", name="Compagnie")
    account = accounts.create(
        session, "cli", NewAccount("ASSURANCE_VIE", "BANC1", "Contrat", company, [Role(contact, "SOUSCRIPTEUR")])
    )
    lines = [
        NewPosition(supports.support_for(session, code=f"B{n}", label=f"Fonds {n}", type=TYPES[n % 2]), Decimal(1000 + n))
        for n in range(LINES)
    ]
    accounts.put_positions(session, "cli", account, date(2026, 1, 31), lines, "banc")
    accounts.put_positions(session, "cli", account, ON, lines, "banc")
    return contact


def _bare(html: str) -> None:
    subprocess.run([sys.executable, "-c", BARE], input=html.encode(), stdout=subprocess.DEVNULL, check=True)


def _cpu(call: Callable[[], object]) -> float:
    """Seconds of this process and of those that it started."""
    before = os.times()
    call()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])
