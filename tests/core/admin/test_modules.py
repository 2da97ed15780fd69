"""«Modules et partenaires»: what is there, on and off, pauses, settings (PL-04, PL-05, US-02)."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.admin.words import BRINGS
from core.cabinets.models import AuditEntry
from core.cabinets.models import PluginHealth
from core.cabinets.models import PluginTiming
from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.hooks import enabling
from core.hooks import quality
from core.hooks.hub import Hub
from core.hooks.registry import Broken
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.specs import specs
from core.hooks.timings import step_of
from core.hooks.types import Context
from core.hooks.types import Module
from core.web import fields
from core.web.forms import Form
from tests.conftest import People

LIST = "/administration/modules"


class Reglages(Form):
    """What the trial plugin lets a cabinet decide."""

    about = "Ce que ce module demande."
    days = fields.whole("Jours", 1, 30, wrong="Entre {min} et {max}.", invalid="Saisissez un nombre.", empty=7)


class Essai(Plugin):
    """A third party's module."""

    name, title, version = "essai", "Module d'essai", "2.1"
    settings_schema = Reglages
    sends = ("Nom de la ville",)

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        return [Module("essai", "Essai", "shell.home")]


@pytest.fixture
def essai(hub: Hub, people: People) -> Hub:
    hub.registry.register("essai", Essai)
    hub.registry.broken.append(Broken("casse", "module introuvable : casse"))
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    return hub


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.unescape(answer.get_data(as_text=True))


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]*)"', text(client, LIST))
    assert found
    return found[1]


def press(client: FlaskClient, path: str, **values: str) -> str:
    """Send a button of the list; the page that follows."""
    answer = client.post(f"{LIST}/{path}", data={"csrf_token": token(client), **values}, follow_redirects=True)
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def test_every_hook_has_a_word() -> None:
    """US-02: the list says what each module brings, whatever hook it implements."""
    assert set(BRINGS) == set(specs())


def test_the_list_says_what_is_there(essai: Hub, administrator: FlaskClient) -> None:
    """US-02, PL-03: modules and partners, broken ones too, with what each brings, whose it is; tabs and words narrow it."""
    page = text(administrator, LIST)
    for part in ("Module d'essai", "Éditeur tiers · version 2.1", "Module de la barre", "module introuvable : casse", "En panne"):
        assert part in page, part
    page = text(administrator, f"{LIST}?sorte=a-traiter")
    assert "casse" in page
    assert "Module d'essai" not in page
    assert "Module d'essai" in text(administrator, f"{LIST}?q=ESSAI")
    assert "Aucun module ne correspond" in text(administrator, f"{LIST}?q=zzz")
    assert "Nom de la ville" in text(administrator, f"{LIST}/essai")
    assert "module introuvable : casse" in text(administrator, f"{LIST}/casse")
    text(administrator, f"{LIST}/absent", 404)


def test_only_who_may_sees_it(essai: Hub, adviser: FlaskClient, administrator: FlaskClient) -> None:
    """US-02: an adviser has no entry in the menu, and no page."""
    assert 'href="/administration"' in text(administrator, "/mon-compte")
    assert 'href="/administration"' not in text(adviser, "/mon-compte")
    for path in ("/administration", LIST, f"{LIST}/essai", f"{LIST}/essai/reglages"):
        text(adviser, path, 403)
    assert administrator.get("/administration").headers["Location"] == "/administration/cabinet"


def test_on_and_off_and_back(essai: Hub, people: People, administrator: FlaskClient, adviser: FlaskClient) -> None:
    """PL-04: effective at the next request of everybody, written in the journal, taken back by the toast."""
    assert ">Essai<" in text(adviser, "/mon-compte")
    page = press(administrator, "essai/etat", actif="0")
    assert "« Module d'essai » est désactivé. Ses données sont conservées." in page
    assert ">Essai<" not in text(adviser, "/mon-compte")
    undo = re.search(r'name="undo" value="([^"]*)"', page)
    assert undo
    sent = {"csrf_token": token(administrator), "undo": undo[1], "next": LIST}
    assert "de nouveau activé" in administrator.post("/annuler", data=sent, follow_redirects=True).get_data(as_text=True)
    assert ">Essai<" in text(adviser, "/mon-compte")
    assert "« Module d'essai » est activé" in press(administrator, "essai/etat", actif="1")  # a second time: nothing is offered
    assert "Dites s'il faut activer ou désactiver" in press(administrator, "essai/etat", actif="peut-être")
    with db.session(people.cabinet_id, write=False) as session:
        about = select(AuditEntry.action).where(AuditEntry.subject == "plugin:essai").order_by(AuditEntry.seq)
        assert list(session.scalars(about)) == ["plugin.enabled", "plugin.disabled", "plugin.enabled", "undo.done"]


def test_a_paused_module_is_tried_again(essai: Hub, people: People, administrator: FlaskClient) -> None:
    """PL-05: a pause shows with its cause and reference; «Réessayer maintenant» ends it, once."""
    with db.session(people.cabinet_id) as session:
        session.add(PluginHealth(
            plugin="essai", hook="modules", failures=5, consecutive=4, overruns=0, paused_until=now() + timedelta(minutes=4),
            last_at=now(), last_kind="crash", last_text="KeyError : 'ville'", last_trace="ab12cd34",
        ))  # fmt: skip
    page = text(administrator, LIST)
    for part in ("Module d'essai est en pause", "KeyError : 'ville'", "ab12cd34", "Réessayer maintenant", "En pause"):
        assert part in page, part
    assert "reprend" in press(administrator, "essai/reprendre")
    assert "n'était plus en pause" in press(administrator, "essai/reprendre")
    page = text(administrator, f"{LIST}/essai")
    assert "est en pause" not in page
    assert "ab12cd34" in page
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalars(select(PluginHealth.paused_until)).one() is None
        assert "plugin.resumed" in set(session.scalars(select(AuditEntry.action)))


def test_how_long_its_calls_take(essai: Hub, people: People, administrator: FlaskClient) -> None:
    """PL-05, US-02: the median in the list, each contribution's figures on its page; a module of four seconds is «lent»."""
    assert "en médiane" not in text(administrator, LIST)
    with db.session(people.cabinet_id) as session:
        session.add(PluginTiming(plugin="essai", hook="account_actions", on=today(), steps={str(step_of(0.34)): 40}))
    assert "en médiane depuis hier" in text(administrator, LIST)
    page = text(administrator, f"{LIST}/essai")
    for part in ("Durée des appels", "Menu des actes", "370\u202fms", "95 % en moins de"):
        assert part in page, part
    with db.session(people.cabinet_id) as session:
        session.add(PluginTiming(plugin="essai", hook="transaction_types", on=today(), steps={str(step_of(4.1)): 60}))
    assert "Lent" in text(administrator, LIST)


def test_the_settings_are_the_schemas(essai: Hub, administrator: FlaskClient) -> None:
    """PL-04, PL-08: a form from the module's own schema: defaults, faults beside the field, kept."""
    path = f"{LIST}/essai/reglages"
    page = text(administrator, path)
    assert "Ce que ce module demande." in page
    assert 'value="7"' in page
    sent = {"csrf_token": token(administrator), "days": "31"}
    answer = administrator.post(path, data=sent)
    assert answer.status_code == 422
    assert 'href="#f-days"' in answer.get_data(as_text=True)
    assert "Entre 1 et 30." in answer.get_data(as_text=True)
    assert administrator.post(path, data={**sent, "days": "9"}).status_code == 303
    assert 'value="9"' in text(administrator, path)
    assert "Reprendre ceux de l'installation" in text(administrator, path)
    assert administrator.post(path, data={"csrf_token": token(administrator), "acte": "oublier"}).status_code == 303
    page = text(administrator, path)
    assert 'value="7"' in page
    assert "Reprendre ceux de l'installation" not in page
    for module in ("outils", "absent", "casse"):
        text(administrator, f"{LIST}/{module}/reglages", 404)


def test_a_module_s_page_says_what_was_found_of_it(
    essai: Hub, administrator: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PL-07: the level that its package tells, what the next one lacks, who keeps it; whether it is of this version."""
    page = text(administrator, f"{LIST}/outils")
    assert "Argent" in page
    assert "un relevé des données de clients qu'il garde" in page
    assert "Maintenu par" in page
    assert "son éditeur n'a pas publié de résultat" in text(administrator, f"{LIST}/essai")
    (tmp_path / "module.py").write_text("", "utf-8")
    monkeypatch.setitem(sys.modules, "essai_ailleurs", SimpleNamespace(__file__=str(tmp_path / "module.py")))  # type: ignore[misc]
    monkeypatch.setattr(Essai, "__module__", "essai_ailleurs")
    said = {"version": "2.0", "api": "1.0", "level": "bronze", "lacks": ["un <b>journal</b>"]}
    (tmp_path / "quality.json").write_text(json.dumps(said), "utf-8")
    (tmp_path / "quality.toml").write_text("[identity]\nmaintainer = 'Maison & fils'\n", "utf-8")
    page = administrator.get(f"{LIST}/essai").get_data(as_text=True)
    assert "résultat de la version 2.0, à refaire pour celle-ci" in page
    assert "un &lt;b&gt;journal&lt;/b&gt;" in page
    assert "Maison &amp; fils" in page


@pytest.mark.parametrize("kept", ["", "{", "[1]", '{"level": "platine", "lacks": 3}', '{"level": ["or"]}'])
def test_a_quality_that_cannot_be_read_is_none(tmp_path: Path, kept: str) -> None:
    """Bad input: whatever a package holds there, the page shows."""
    (tmp_path / "quality.json").write_text(kept, "utf-8")
    (tmp_path / "quality.toml").write_text("identity = 3" if kept == "{" else "= rien", "utf-8")
    found = quality._read(tmp_path, "essai", "1")
    assert (found.level, found.lacks, found.maintainer) == (None, (), "")
