"""The compliance pages over 5,000 clients: half have a profile, half a vigilance, two documents are asked for (CO-02, CO-05)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks import book
from benchmarks.contacts_list import signed_in
from benchmarks.measure import Row
from benchmarks.measure import median
from benchmarks.measure import ms
from core.contacts.models import Contact
from core.db.clock import today
from core.extensions import db
from core.hooks import settings as module_settings
from plugins.conformite.models import Profile
from plugins.conformite.vigilance import example
from plugins.conformite.vigilance.models import Assessment

#: Two contacts in three are clients: 7,500 make 5,000.
COUNT = 7_500
PAGES = {
    "by where they stand": "/p/conformite/", "a situation's list": "/p/conformite/?situation=EXPIRE",
    "the map of vigilances": "/p/conformite/vigilance",
}  # fmt: skip


def run() -> list[Row]:
    """On SQLite, in process."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, COUNT, accounts_each=1)
        _fill(app, cabinet_id)
        client = signed_in(app)
        took = {}
        for said, path in PAGES.items():
            assert client.get(path).status_code == 200
            took[said] = median(partial(client.get, path), times=9)
    return [Row(f"5,000 clients: {said}", ms(one), "≤ 300 ms", one <= 0.3) for said, one in took.items()]


def _fill(app: Flask, cabinet_id: int) -> None:
    """Profiles and vigilances of some, identities of most; the cabinet asks for two documents and for every vigilance."""
    rng, on = Random(7), today()  # noqa: S311 - not for secrets
    with db.session(cabinet_id) as session:
        plugin = app.extensions["encours_hub"].registry.plugins["conformite"]
        asked = {"paper_der": "AVERTIR", "paper_recueil": "AVERTIR", "unassessed": "A_COMPLETER"}
        module_settings.save(session, plugin, {**module_settings.typed(plugin, None), **asked}, actor="cli")
        for one in session.scalars(select(Contact)):
            if rng.random() < 0.8:
                one.birth_date, one.birth_city = on - timedelta(days=20_000), "Nantes"
                one.nationality, one.id_number = "FR", "12AB34567"
        session.flush()
        for key in session.scalars(select(Contact.id)).all():
            if rng.random() < 0.5:
                session.add(_profile(key, on - timedelta(days=rng.randrange(700))))
            if rng.random() < 0.5:
                session.add(_assessment(key, on - timedelta(days=rng.randrange(1_500))))


def _profile(contact_id: str, on: Any) -> Profile:
    return Profile(
        contact_id=contact_id, version="1", answers={}, computed=3, level=3, tolerance=3, loss=3, knowledge="INFORME",
        horizon="DE_5_A_8", objective="CROISSANCE", esg="NEUTRE", established_on=on, valid_until=on + timedelta(days=365),
        established_by="Banc",
    )  # fmt: skip


def _assessment(contact_id: str, on: Any) -> Assessment:
    return Assessment(
        contact_id=contact_id, version="1", facts=example.facts(), points=0, computed="STANDARD", level="STANDARD",
        assessed_on=on, assessed_by="Banc", author_id="0" * 26, review_on=on + timedelta(days=1_095),
    )  # fmt: skip
