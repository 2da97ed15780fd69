"""The flat list of 50 accounts with icons: the queries it costs, and its time (BL-06)."""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.measure import Row
from benchmarks.measure import demonstration
from benchmarks.measure import median
from benchmarks.measure import ms
from core.cli.demo import PASSWORD
from core.extensions import db

LIST = "/p/portefeuille/comptes"


def run() -> list[Row]:
    """In process, over the demonstration's book."""
    with TemporaryDirectory() as folder, demonstration(Path(folder), 8000, prepare=True) as app:
        client = app.test_client()
        _sign_in(client)
        counted: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

        def queries(path: str) -> tuple[int, int]:
            counted.clear()
            text = client.get(path).get_data(as_text=True)
            return sum(line.startswith("SELECT") for line in counted), text.count("<e-partner-menu")

        queries(LIST)  # the first page of a session also writes that it was seen
        few, few_icons = queries(f"{LIST}?q=HIM0012345")
        many, many_icons = queries(f"{LIST}?q=HIM01")
        assert few_icons == 1
        assert many_icons > 10
        whole = median(lambda: client.get(LIST).get_data(), times=15)
        begun = time.process_time()
        for _ in range(10):
            client.get(LIST)
        cpu = (time.process_time() - begun) / 10
    return [
        Row(f"queries: {many_icons} accounts with an icon, and 1", f"{many} and {few}", "equal", many == few),
        Row("page of accounts, in process", f"{ms(whole)} ({ms(cpu)} CPU)", "≤ 150 ms", whole <= 0.15),
    ]


def _sign_in(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]*)"', client.get("/connexion").get_data(as_text=True))
    assert token
    form = {"email": "conseiller@demo.example", "password": PASSWORD, "csrf_token": token.group(1)}
    assert client.post("/connexion", data=form).status_code == 302
