"""The consolidated situation of somebody beside one indexed query of the same rows; its queries, for 1 account and 50 (PF-06)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy import select

from benchmarks import book
from benchmarks.measure import Row
from benchmarks.measure import ms
from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.api.types import Adviser
from core.cabinets import access_log
from core.cabinets import services as cabinets
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.session import TenantSession
from core.extensions import db
from core.supports import services as supports
from core.wealth.situation import situation

ACCOUNTS, LINES, OTHERS, TURNS = 50, 20, 5_000, 15
DAYS = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
#: Lines and values of each account's last day; CROSS JOIN keeps SQLite to the order in which its indexes serve best.
RAW = """
SELECT p.account_id, p."on", p.value, p.currency, s.id, s.label, s.type, s.sri, s.sfdr, s.asset_class, s.zone, v.value, v."on"
FROM account_role r
CROSS JOIN account a ON a.cabinet_id = r.cabinet_id AND a.id = r.account_id
CROSS JOIN valuation v ON v.cabinet_id = a.cabinet_id AND v.account_id = a.id AND v."on" =
  (SELECT max(w."on") FROM valuation w WHERE w.cabinet_id = a.cabinet_id AND w.account_id = a.id AND w."on" <= :on)
CROSS JOIN position p ON p.cabinet_id = a.cabinet_id AND p.account_id = a.id AND p."on" = v."on"
CROSS JOIN support s ON s.cabinet_id = p.cabinet_id AND s.id = p.support_id
WHERE r.cabinet_id = :cabinet AND r.contact_id = :contact
"""


def run() -> list[Row]:
    """The service, then its page, in process; both and the raw query in turn, by processor time."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, OTHERS)
        _others_hold(cabinet_id)
        with db.session(cabinet_id) as session:
            few, many = _holder(session, 1), _holder(session, ACCOUNTS)
            boss: Adviser = cabinets.principals(session, people)[people[0]]
        client = app.test_client()
        _sign_in(client)
        counted: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

        def asked(call: Callable[[], object]) -> int:
            counted.clear()
            call()
            return sum(line.lstrip().startswith("SELECT") for line in counted)

        with db.session(cabinet_id, write=False) as session:
            connection: Any = session.connection().connection.driver_connection

            def raw() -> list[Any]:
                told = {"cabinet": cabinet_id, "contact": many, "on": DAYS[-1].isoformat()}
                return connection.execute(RAW, told).fetchall()  # type: ignore[no-any-return]

            found, rows = situation(session, boss, many, DAYS[-1]), raw()
            assert len(found.lines) == len(rows) == ACCOUNTS * LINES
            assert found.total == sum(Decimal(row[2]).scaleb(-4) for row in rows)
            of_service = [asked(lambda who=who: situation(session, boss, who, DAYS[-1])) for who in (few, many)]
            path = "/p/portefeuille/contacts/{}/situation?au=30/09/2026"
            for who in (few, many):
                assert client.get(path.format(who)).status_code == 200  # a session's first page also writes that it was seen
            of_page = [asked(lambda who=who: client.get(path.format(who))) for who in (few, many)]
            turns = [
                (_cpu(raw), _cpu(lambda: situation(session, boss, many, DAYS[-1])), _cpu(lambda: client.get(path.format(many))))
                for _turn in range(TURNS)
            ]
        access_log.flush()  # what was read is noted while the database is there
    bare, service, page = (median(turn[place] for turn in turns) for place in range(3))
    size = f"{ACCOUNTS} accounts of {LINES} lines"
    return [
        Row(f"{size}: the situation against one query (CPU)", f"{service / bare:.1f} times ({ms(service)} and {ms(bare)})",
            "≤ 10 times", service <= 10 * bare),
        Row(f"{size}: its whole page, signed in", f"{page / bare:.1f} times ({ms(page)})", "told", True),
        Row(f"queries of the situation: {ACCOUNTS} accounts, and 1", f"{of_service[1]} and {of_service[0]}", "equal",
            of_service[0] == of_service[1]),
        Row(f"queries of its page: {ACCOUNTS} accounts, and 1", f"{of_page[1]} and {of_page[0]}", "equal",
            of_page[0] == of_page[1]),
    ]  # fmt: skip


def _holder(session: TenantSession, count: int) -> str:
    """Somebody with so many accounts, told on each day."""
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Durand{count}", first_names="Jeanne")
    contact: str = contacts.create(session, "cli", data)
    company = supports.company_for(session, "banc", name="Compagnie")
    lines = [
        NewPosition(supports.support_for(session, code=f"B{n}", label=f"Fonds {n}", type="OPCVM"), Decimal(1000 + n))
        for n in range(LINES)
    ]
    for number in range(count):
        made = NewAccount("ASSURANCE_VIE", f"BANC{count}-{number}", "Contrat", company, [Role(contact, "SOUSCRIPTEUR")])
        account = accounts.create(session, "cli", made)
        for day in DAYS:
            accounts.put_positions(session, "cli", account, day, lines, "banc")
    return contact


def _others_hold(cabinet_id: int) -> None:
    """Lines of everybody else's accounts: what a query must not walk through."""
    with db.session(cabinet_id) as session:
        held = [supports.support_for(session, code=f"A{n}", label=f"Autre {n}", type="OPCVM") for n in range(5)]
        ids = session.scalars(select(Account.id)).all()
        names = ("account_id", "support_id", "on", "pocket", "value", "currency")
        session.put(Position, names, ((key, one, DAYS[0], "", Decimal(100), "EUR") for key in ids for one in held))


def _sign_in(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]*)"', client.get("/connexion").get_data(as_text=True))
    assert token
    form = {"email": book.EMAIL, "password": book.PASSWORD, "csrf_token": token.group(1)}
    assert client.post("/connexion", data=form).status_code == 302


def _cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before
