"""The list of contacts, 50 of 100,000, against a bare Core page of the same rows; its deepest page against its first (CT-01)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import text

from benchmarks import book
from benchmarks.measure import Row
from benchmarks.measure import interleaved
from benchmarks.measure import median
from benchmarks.measure import ms
from core.extensions import db
from tests.postgres.cluster import OWNER
from tests.postgres.cluster import Cluster

COUNT, DEEP, PAIRS = 100_000, 1_800, 15
LIST = "/p/contacts/"
_PAGE = """<!doctype html><html lang="fr"><head><title>Contacts</title></head><body><h1>Contacts {{ total }}</h1><table>
<tr><th>Nom</th><th>Ville</th><th>Type</th><th>Code</th><th>Téléphone</th><th>E-mail</th><th>Encours</th><th>Suivi par</th></tr>
{% for r in rows %}<tr><td><a href="/p/contacts/{{ r.id }}">{{ r.display_name }}</a></td><td>{{ r.city or '' }}</td>
<td>{{ r.stage }}</td><td>{{ r.file_code }}</td><td>{{ r.phone }}</td><td>{{ r.email }}</td><td>{{ worth.get(r.id) }}</td>
<td>{{ who.get(r.id) }}</td></tr>{% endfor %}
</table></body></html>"""


def run() -> list[Row]:
    """On SQLite, then on PostgreSQL behind its row-level security, where it is installed."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        rows = _measured(app, "SQLite", f"sqlite:///{folder}/banc.sqlite")
    with suppress(AssertionError), TemporaryDirectory() as folder:
        cluster = Cluster().start()
        try:
            name = cluster.create()
            url, bare = cluster.url(name), cluster.url(name, OWNER)
            with book.application(Path(folder), url, bare) as app:
                rows += _measured(app, "PostgreSQL", f"postgresql+psycopg://encours@/{name}?host={cluster.folder}")
        finally:
            cluster.stop()
    return rows


def _measured(app: Flask, where: str, bare_url: str) -> list[Row]:
    cabinet_id, people = book.cabinet(app, "banc")
    book.contacts(cabinet_id, people, COUNT)
    with create_engine(bare_url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE")  # as autovacuum does by night
    bare = _bare(bare_url, cabinet_id)
    client = signed_in(app)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: counted.append(seen[2]))

    def queries(path: str) -> int:
        counted.clear()
        assert client.get(path).status_code == 200
        return sum(line.startswith("SELECT") for line in counted)

    queries(LIST)
    first, deep, long = queries(LIST), queries(f"{LIST}?page={DEEP}"), queries(f"{LIST}?taille=200")
    _same(client, bare)
    ours, theirs = interleaved(lambda: client.get(LIST).get_data(), lambda: bare(1), pairs=PAIRS)
    shallow, far = interleaved(
        lambda: client.get(LIST).get_data(), lambda: client.get(f"{LIST}?page={DEEP}").get_data(), pairs=PAIRS
    )
    middle = median(lambda: client.get(f"{LIST}?page=1000").get_data(), times=7)
    asked = {
        "sorted by town": "tri=ville", "by what is held": "tri=encours&sens=desc", "by kind": "tri=nature",
        "by stage": "tri=type", "a name": "q=durand", "a stage": "type=CLIENT", "a kind": "nature=PERSONNE_MORALE",
        "held, at least": "encours=100000", "with the archives": "archives=avec",
    }  # fmt: skip
    took = {said: median(lambda query=query: client.get(f"{LIST}?{query}").get_data(), times=5) for said, query in asked.items()}
    share, depth = theirs / ours, far / shallow
    against = f"{where}: 50 of {COUNT:,}, requests/s against bare Core"
    return [
        Row(f"{where}: queries of page 1, page {DEEP:,}, 200 lines", f"{first}, {deep}, {long}", "equal", first == deep == long),
        Row(against, f"{share:.2f} ({ms(ours)} and {ms(theirs)})", "≥ 0.5", share >= 0.5),
        Row(f"{where}: page {DEEP:,} against page 1", f"{depth:.2f} ({ms(far)} and {ms(shallow)})", "≤ 1.5", depth <= 1.5),
        Row(f"{where}: page 1,000, the farthest from both ends", f"{middle / shallow:.2f} ({ms(middle)})", "told", True),
        *(Row(f"{where}: {said}", ms(one), "≤ 100 ms", one <= 0.1) for said, one in took.items()),
    ]  # fmt: skip


def _bare(url: str, cabinet_id: int) -> Callable[[int], str]:
    """The cheapest page of the same rows: Flask, Core, one template; no sign-in, no walls."""
    app, engine = Flask("banc"), create_engine(url)
    app.jinja_env.autoescape = True
    shown = app.jinja_env.from_string(_PAGE)
    count = text("SELECT count(*) FROM contact WHERE cabinet_id = :c")
    page = text(
        "SELECT id, display_name, city, stage, file_code, phone, email FROM contact WHERE cabinet_id = :c "
        "ORDER BY sort_name, id LIMIT 50 OFFSET :o"
    )
    names = (
        "SELECT a.contact_id, u.display_name FROM contact_adviser a JOIN user_login u ON u.id = a.user_id "
        "WHERE a.cabinet_id = :c"
    )
    held = (
        "SELECT r.contact_id, sum(a.value) FROM account_role r JOIN account a "
        "ON a.cabinet_id = r.cabinet_id AND a.id = r.account_id "
        "WHERE r.cabinet_id = :c AND r.contact_id IN ({}) GROUP BY r.contact_id"
    )

    @app.get("/<int:number>")
    def index(number: int) -> str:
        with engine.connect() as connection:
            total = connection.execute(count, {"c": cabinet_id}).scalar()
            rows = connection.execute(page, {"c": cabinet_id, "o": (number - 1) * 50}).all()
            marks = {f"i{at}": row.id for at, row in enumerate(rows)}
            within = ", ".join(f":{mark}" for mark in marks)
            who: Any = connection.execute(text(f"{names} AND a.contact_id IN ({within})"), {"c": cabinet_id, **marks}).all()
            worth: Any = connection.execute(text(held.format(within)), {"c": cabinet_id, **marks}).all()
        return shown.render(total=total, rows=rows, who=dict(map(tuple, who)), worth=dict(map(tuple, worth)))

    client = app.test_client()
    return lambda number: client.get(f"/{number}").get_data(as_text=True)


def _same(client: FlaskClient, bare: Callable[[int], str]) -> None:
    """Both show the same contacts, on the first page and on the deepest."""
    for number in (1, DEEP):
        theirs = re.findall(r'href="/p/contacts/(c\d{25})"', bare(number))
        ours = re.findall(r'<tr id="c-(c\d{25})"', client.get(f"{LIST}?page={number}").get_data(as_text=True))
        assert len(ours) == 50
        assert ours == theirs


def signed_in(app: Flask) -> FlaskClient:
    """The administrator of the cabinet, signed in."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]*)"', client.get("/connexion").get_data(as_text=True))
    assert token
    form = {"email": book.EMAIL, "password": book.PASSWORD, "csrf_token": token.group(1)}
    assert client.post("/connexion", data=form).status_code == 302
    return client
