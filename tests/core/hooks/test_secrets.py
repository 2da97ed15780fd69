"""Secret settings: kept, used, never shown (PL-04, PL-08, PLP-111)."""

from __future__ import annotations

import io
import json
import logging
import pickle
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import config
from core.api import settings as api
from core.cabinets import vault
from core.cabinets.models import PluginHealth
from core.cabinets.models import PluginSettings
from core.db.model import Base
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import settings
from core.hooks.errors import AuthFailed
from core.hooks.errors import PartnerRefused
from core.hooks.hub import Hub
from core.hooks.secret import Secret
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import Context
from core.hooks.types import Probe
from core.hooks.types import SearchProvider
from core.telemetry import logs
from core.telemetry import scrub
from core.web import fields
from core.web.forms import Form
from tests import databases
from tests.conftest import People
from tests.core.admin.desk import Desk
from tests.core.admin.desk import beside
from tests.core.admin.desk import journal

CANARY = "canari-9f3b-cle-jamais-montree"
PAGE = "/modules/essai/reglages"
USED: list[str] = []


class Keys(Form):
    """A partner's address, and the key that opens it."""

    address = fields.line("Adresse", 60, empty="https://a.example")
    key = api.Secret("Clé d'accès", missing="Saisissez la clé que le partenaire vous a donnée.")
    backup = api.Secret("Clé de secours")


class Essai(Plugin):
    """Uses its key, and is careless with it when it fails."""

    name, title = "essai", "Module d'essai"
    settings_schema = Keys

    @hookimpl
    def test_connection(self, ctx: Context) -> Probe:
        USED.append(ctx.settings["key"].reveal())
        if ctx.settings["address"].endswith("/refus"):
            raise PartnerRefused(f"Le partenaire refuse la clé {USED[-1]}.")
        return Probe(True, f"Le partenaire répond ({ctx.settings['key']}).")

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        key = ctx.settings["key"].reveal()
        ctx.logger.warning("la clé %s est refusée", key)
        raise ValueError(f"refusé : {key}")


@pytest.fixture
def essai(hub: Hub, people: People) -> Iterator[Plugin]:
    USED.clear()
    scrub._secrets.clear()
    hub.registry.register("essai", Essai)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    yield hub.registry.plugins["essai"]
    scrub._secrets.clear()


def held(hub: Hub, people: People) -> dict[str, Any]:
    """What the plugin's hooks get."""
    with db.session(people.cabinet_id, write=False) as session:
        return dict(context.prepare(context.make(session, hub.registry), hub.registry.plugins["essai"]).settings)


def fill(desk: Desk, **values: str) -> TestResponse:
    """The settings' form, as a browser sends it; what is not named stays as it is shown."""
    shown = {"csrf_token": desk.token(), "address": "https://a.example", "key": "", "backup": ""}
    return desk.client.post(f"/administration{PAGE}", data={**shown, **values})


def everything() -> str:
    """All that the database holds, below all walls."""
    with databases.reading(str(db.engine.url)) as connection:
        return repr([tuple(row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))])


def test_kept_used_and_shown_nowhere(essai: Plugin, hub: Hub, people: People, administrator: FlaskClient) -> None:
    """PL-04: a planted secret is in no page, log, journal, row, incident or error, though the plugin is careless with it."""
    out = [io.StringIO(), io.StringIO()]
    handlers = [logs.install(choice, stream=stream) for choice, stream in zip(("json", "text"), out, strict=True)]
    root = logging.getLogger()
    root.addHandler(handlers[0])  # `install` keeps one: both forms are looked at
    desk = Desk(administrator)
    try:
        assert fill(desk, key=CANARY, backup="").status_code == 303
        answer = desk.client.post(
            "/administration/modules/essai/connexion", data={"csrf_token": desk.token()}, follow_redirects=True
        )
        pages = [answer.get_data(as_text=True)]
        assert fill(desk, address="https://a.example/refus").status_code == 303
        answer = desk.client.post(
            "/administration/modules/essai/connexion", data={"csrf_token": desk.token()}, follow_redirects=True
        )
        pages.append(answer.get_data(as_text=True))
        assert "Le partenaire refuse la clé" in pages[-1]
        pages += [
            administrator.get(path).get_data(as_text=True)
            for path in (
                "/administration/modules/essai", f"/administration{PAGE}", "/administration/journal", "/recherche?q=durand",
                "/administration/modules",
            )
        ]  # fmt: skip
        hub.close()
        pages.append(administrator.get("/administration/modules/essai").get_data(as_text=True))
        with db.session(people.cabinet_id, write=False) as session:
            entry = session.scalars(select(PluginHealth.last_text).where(PluginHealth.plugin == "essai")).one()
    finally:
        for handler in handlers:
            root.removeHandler(handler)
    assert USED == [CANARY, CANARY]
    assert "Secret(…)" in pages[0]
    assert "ValueError" in str(entry)
    assert "la clé" in out[0].getvalue()
    assert "Traceback" in out[1].getvalue()
    said = [*pages, out[0].getvalue(), out[1].getvalue(), str(entry), json.dumps(journal(people.cabinet_id)), everything()]
    assert [text[max(0, text.find(CANARY) - 60) :][:140] for text in said if CANARY in text] == []
    assert "Enregistrée le" in pages[3]
    assert "par Administrateur Demo" in pages[3]


def test_the_form_keeps_replaces_and_erases(essai: Plugin, hub: Hub, people: People, administrator: FlaskClient) -> None:
    """PL-04: mandatory once, then an empty field keeps it; «Effacer» destroys it; the journal says which, never what."""
    desk = Desk(administrator)
    refused = fill(desk, address="https://b.example", backup="deuxieme")
    assert refused.status_code == 422
    assert beside(refused, "key") == "Saisissez la clé que le partenaire vous a donnée."
    assert "Saisissez-la de nouveau" in refused.get_data(as_text=True)
    assert "https://b.example" in refused.get_data(as_text=True)
    assert "deuxieme" not in refused.get_data(as_text=True)
    assert fill(desk, key=CANARY).status_code == 303
    assert fill(desk, address="https://c.example").status_code == 303
    now = held(hub, people)
    assert (now["address"], now["key"].reveal(), now["backup"]) == ("https://c.example", CANARY, None)
    assert fill(desk, key="autre-cle").status_code == 303
    assert held(hub, people)["key"].reveal() == "autre-cle"
    assert desk.press(PAGE, acte="effacer", reglage="key").status_code == 303
    assert "key" not in held(hub, people)  # mandatory and not there: the plugin does without it, as before it was ever set
    assert "n'était pas enregistré" in desk.client.post(
        f"/administration{PAGE}", data={"csrf_token": desk.token(), "acte": "effacer", "reglage": "key"}, follow_redirects=True
    ).get_data(as_text=True).replace("&#39;", "'")
    assert desk.press(PAGE, acte="effacer", reglage="address").status_code == 303  # no secret: nothing to erase
    assert desk.press(PAGE, acte="effacer", reglage="absent").status_code == 422
    about = [(action, said) for action, subject, said in journal(people.cabinet_id) if subject == "plugin:essai"]
    kept = [said for action, said in about if action == "plugin.secret_kept"]
    assert kept == [{"setting": "key"}, {"setting": "key"}]
    assert ("plugin.secret_erased", {"setting": "key"}) in about
    with db.session(people.cabinet_id, write=False) as session:
        row = session.execute(select(PluginSettings.values, PluginSettings.secrets)).one()
    assert (row.values, row.secrets) == ({"address": "https://a.example"}, {})


@pytest.mark.parametrize(
    ("typed", "said"), [(" x", "blanc"), ("x\n", "blanc"), ("a\x00b", "invisible"), ("k" * 4001, "4 000 caractères")]
)
def test_what_was_copied_badly_is_told(essai: Plugin, administrator: FlaskClient, typed: str, said: str) -> None:
    """PL-04: a blank around, an invisible sign, too long: said beside the field, and not shown back."""
    answer = fill(Desk(administrator), key=typed)
    assert answer.status_code == 422
    assert said in beside(answer, "key").replace("\u202f", " ")
    assert typed.strip() not in answer.get_data(as_text=True) or len(typed.strip()) == 1


def test_the_installation_s_own(essai: Plugin, hub: Hub, people: People, administrator: FlaskClient, monkeypatch: Any) -> None:
    """PL-04: a key of encours.toml holds where the cabinet has none, is not shown, nor written by the configuration's repr."""
    monkeypatch.setitem(config.current().plugins, "essai", {"key": CANARY})
    assert held(hub, people)["key"].reveal() == CANARY
    page = Desk(administrator).text(PAGE)
    assert "Réglage de l'installation : enregistrée, jamais affichée" in page.replace("\u202f", " ")
    assert CANARY not in page
    assert "Clé d'accès (obligatoire)" not in page
    assert "Reprendre ceux de l'installation" not in page
    assert fill(Desk(administrator), address="https://d.example").status_code == 303  # mandatory, and there already
    assert (held(hub, people)["key"].reveal(), held(hub, people)["address"]) == (CANARY, "https://d.example")
    assert CANARY not in repr(config.current())
    assert config.current().kek not in repr(config.current())
    assert fill(Desk(administrator), key="la-notre").status_code == 303
    assert held(hub, people)["key"].reveal() == "la-notre"


def test_a_vault_that_cannot_be_opened(essai: Plugin, hub: Hub, people: People, caplog: pytest.LogCaptureFixture) -> None:
    """PLP-111: the plugin says it in words for the person and is not blamed; the log tells the operator which key."""
    with db.session(people.cabinet_id) as session:
        settings.save(session, essai, {"key": CANARY}, actor="cli")
    found = held(hub, people)["key"]
    vault.configure("b" * 43 + "=")
    with pytest.raises(AuthFailed, match="ne peut pas être lue"):
        found.reveal()
    assert any("ENCOURS_KEK" in record.getMessage() for record in caplog.records)


def test_other_cabinets_and_plugins_have_none(essai: Plugin, hub: Hub, people: People, strangers: People) -> None:
    """PL-04: a secret is one cabinet's, one plugin's."""
    with db.session(people.cabinet_id) as session:
        settings.save(session, essai, {"key": CANARY}, actor="cli")
        assert vault.unseal(session, "plugin:essai", "key") == CANARY.encode()
        assert vault.unseal(session, "plugin:nomineo", "key") is None
    with db.session(strangers.cabinet_id, write=False) as session:
        assert vault.unseal(session, "plugin:essai", "key") is None
        assert "key" not in settings.read(session, essai).values


def test_the_wrapper_tells_nothing() -> None:
    """PL-04: whatever writes an object writes «Secret(…)»; it is not pickled, nor read before it is revealed."""
    one, asked = Secret(CANARY), list[int]()
    assert {repr(one), str(one), f"{one}", "%s" % one, "{}".format(one)} == {"Secret(…)"}  # noqa: UP031, UP032 - each way
    with pytest.raises(TypeError):
        pickle.dumps(one)
    with pytest.raises(TypeError):
        asdict(Context(1, "a", None, (), settings={"key": one}))
    late = Secret(lambda: asked.append(1) or CANARY)  # type: ignore[func-returns-value]
    assert repr(late) == "Secret(…)"
    assert not asked
    assert late.reveal() == CANARY
    with pytest.raises(TypeError):
        json.dumps({"key": one})
