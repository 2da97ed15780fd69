"""`encours plugin list`, `why`, `trace`: where each plugin stands, who was left out and why, what a call costs (NX-08, PL-07)."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.models import Account
from core.cabinets.models import Cabinet
from core.cabinets.models import PluginHealth
from core.cabinets.models import PluginTiming
from core.cli import hook_scene
from core.cli import plugin_list
from core.cli import plugin_why
from core.cli.plugin import plugin_group
from core.db.clock import now
from core.extensions import db
from core.hooks import enabling
from core.hooks.registry import Broken
from core.links.models import AccountLink
from tests.contract.conftest import House

pytestmark = pytest.mark.xdist_group("walls")
Ask = Callable[..., Any]


@pytest.fixture
def ask(house: House, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`encours plugin …` on the house; its JSON, or its text where `plain`."""
    for module in (hook_scene, plugin_list):
        monkeypatch.setattr(module, "create_app", lambda: house.app)

    def run(*words: str, plain: bool = False) -> Any:
        done = CliRunner().invoke(plugin_group, [*words, *([] if plain else ["--json"])], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output if plain else json.loads(done.output)

    return run


@contextmanager
def behaving(house: House, hook: str, fault: str) -> Iterator[None]:
    """The third party's plugin misbehaves in one hook."""
    house.bancal.WILL.update(hook=hook, fault=fault)
    try:
        yield
    finally:
        house.bancal.WILL.update(hook="", fault="")


def by_name(words: list[dict[str, Any]]) -> dict[str, tuple[str, str, list[str]]]:
    return {one["plugin"]: (one["state"], one["gate"], one["keys"]) for one in words}


def linked_to(house: House, plugin: str) -> str:
    with db.session(house.first.cabinet_id, write=False) as session:
        found = select(Account.number).join(AccountLink, AccountLink.account_id == Account.id).where(AccountLink.plugin == plugin)
        return session.scalars(found.order_by(Account.id)).first() or ""


def test_why_names_contributors_and_the_gate_of_those_left_out(house: House, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """NX-08: keys of who contributed; off, barred by the operator, broken, without that hook."""
    monkeypatch.setattr(house.hub.registry, "barred", {"interdit"})
    monkeypatch.setattr(house.hub.registry, "broken", [Broken("casse", "ValueError à l'import")])
    first, second = (by_name(ask("why", "modules", "--cabinet", slug)) for slug in ("demo", "second"))
    assert first["bancal"] == ("contribue", "", ["bancal"])
    assert first["contacts"] == ("contribue", "", ["contacts"])
    assert first["nomineo"] == ("sans objet", "", [])
    assert second["bancal"] == ("écarté", "enabled", [])
    assert (first["interdit"], first["casse"]) == (("écarté", "allowed", []), ("écarté", "installed", []))
    text = ask("why", "modules", "--cabinet", "second", plain=True)
    assert "bancal           écarté      Le module «Bancal» n'est pas activé" in text
    assert "en panne : ValueError à l'import" in text


def test_why_says_which_right_is_lacking(house: House, ask: Ask) -> None:
    """NX-08: a key that the person may not have is named with its right."""
    scene = hook_scene.laid("quick_actions", "demo", "conseiller@demo.example", None)
    assert scene.ctx.principal is not None
    fewer = replace(scene.ctx.principal, permissions=scene.ctx.principal.permissions - {"contacts.edit"})
    found = [one for one in plugin_why.words(replace(scene, ctx=replace(scene.ctx, principal=fewer))) if one.plugin == "contacts"]
    assert [(one.state, one.gate, one.keys) for one in found] == [
        ("contribue", "", ("find", "locate")), ("écarté", "permitted", ("new",)),
    ]  # fmt: skip
    assert "contacts.edit" in found[1].text


def test_why_tells_a_pause_a_failure_and_an_empty_answer(house: House, ask: Ask) -> None:
    """NX-08: paused until when; failing how; answering nothing. Looking is counted against nobody."""
    counts = select(func.count()).select_from(PluginHealth), select(func.count()).select_from(PluginTiming)

    def counted() -> list[Any]:
        with db.session(house.first.cabinet_id, write=False) as session:
            return [session.scalar(one) for one in counts]

    before = counted()
    with behaving(house, "modules", "crash"):
        assert by_name(ask("why", "modules", "--cabinet", "demo"))["bancal"][0] == "en échec"
        assert "indisponible" in ask("why", "modules", "--cabinet", "demo", plain=True)
    house.hub.close()
    assert counted() == before
    guards = ask("why", "transaction_guards", "--cabinet", "demo", "--account", linked_to(house, "nomineo"))
    assert by_name(guards)["bancal"][0] == "rien"
    with db.session(house.first.cabinet_id) as session:
        counted_before = delete(PluginHealth).where(PluginHealth.plugin == "bancal", PluginHealth.hook == "modules")
        session.execute(counted_before)  # by another test of the same house
        paused = PluginHealth(plugin="bancal", hook="modules", failures=5, consecutive=4, overruns=0)
        paused.paused_until = now() + timedelta(minutes=5)
        session.add(paused)
    try:
        assert by_name(ask("why", "modules", "--cabinet", "demo"))["bancal"][:2] == ("écarté", "paused")
    finally:
        with db.session(house.first.cabinet_id) as session:
            session.execute(delete(PluginHealth).where(PluginHealth.id == paused.id))


def test_why_tells_whose_account_it_is(house: House, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """NX-08: the partner link that serves the account answers; another that claims it too, or does not, is told so."""
    number = linked_to(house, "nomineo")
    words = {one["plugin"]: one for one in ask("why", "account_badges", "--cabinet", "demo", "--account", number)}
    assert words["nomineo"]["state"] == "contribue"
    assert words["bancal"]["gate"] == "claimed"
    assert "n'est pas des siens" in words["bancal"]["text"]
    kind = type(house.hub.registry.plugins["bancal"])
    monkeypatch.setattr(kind, "partner", replace(kind.partner, companies=("generali-patrimoine",)))  # type: ignore[type-var]
    words = {one["plugin"]: one for one in ask("why", "account_badges", "--cabinet", "demo", "--account", number)}
    assert "un autre lien réclame ce compte : nomineo" in words["bancal"]["text"]
    own = by_name(ask("why", "account_actions", "--cabinet", "demo", "--account", linked_to(house, "bancal")))
    assert own["bancal"] == ("contribue", "", ["acte_bancal"])
    assert own["nomineo"][1] == "claimed"


def test_what_cannot_be_asked_is_said_in_words(house: House, ask: Ask) -> None:
    """Bad input: an unknown hook, cabinet, person, account; an account that is missing; a hook that acts."""
    wrong = {
        ("why", "nulle_part", "--cabinet", "demo"): "Il n'y a pas de hook",
        ("why", "modules", "--cabinet", "absent"): "absent",
        ("why", "modules", "--cabinet", "demo", "--user", "administrateur@second.example"): "n'est pas du cabinet",
        ("why", "account_badges", "--cabinet", "demo", "--account", "RIEN"): "Aucun compte ne porte le numéro",
        ("trace", "account_actions", "--cabinet", "demo"): "--account",
        ("trace", "on_event", "--cabinet", "demo"): "on_event agit",
    }
    for words, said in wrong.items():
        done = CliRunner().invoke(plugin_group, words)
        assert done.exit_code != 0, words
        assert said in f"{done.output}{done.exception}", words


def test_trace_shows_each_call_and_what_it_cost(house: House, ask: Ask) -> None:
    """PL-07: lane, time, queries, result or failure, module by module."""
    lines = {one["plugin"]: one for one in ask("trace", "modules", "--cabinet", "demo")}
    assert (lines["contacts"]["lane"], lines["contacts"]["queries"], lines["contacts"]["failed"]) == ("en place", 0, False)
    assert lines["contacts"]["result"] == "1 : contacts"
    with behaving(house, "modules", "type"):
        text = ask("trace", "modules", "--cabinet", "demo", plain=True)
    assert "✗ une liste de Module était attendue, int reçu" in text
    guarded = {one["plugin"]: one for one in ask("trace", "activation_steps", "--cabinet", "demo")}["nomineo"]
    assert guarded["lane"] == "gardé"
    assert guarded["queries"] > 0
    assert guarded["result"].startswith("5 : generer")


def test_list_shows_the_state_at_the_gates_and_the_quality(house: House, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-07: version, interface range, level; on, off, barred, broken with its reason."""
    monkeypatch.setattr(house.hub.registry, "barred", {"interdit"})
    monkeypatch.setattr(house.hub.registry, "broken", [Broken("casse", "deux modules de ce nom")])
    with db.session(None, write=False) as session:
        second = session.scalars(select(Cabinet.id).where(Cabinet.slug == "second")).one()
    with db.session(second) as session:  # another test may have turned it off there
        enabling.switch(session, house.hub.registry, "nomineo", on=True, actor="cli")
    rows = {one["name"]: one for one in ask("list", "--cabinet", "second")}
    assert {name: one["state"] for name, one in rows.items()} == {
        "aggregation": "activé", "bancal": "non activé", "casse": "en panne", "conformite": "activé", "contacts": "activé",
        "fiscalite": "activé", "ged": "activé", "interdit": "non autorisé", "nomineo": "activé", "outils": "activé",
        "patrimoine": "activé",
        "portefeuille": "activé",
    }  # fmt: skip
    assert (rows["contacts"]["quality"], rows["bancal"]["quality"], rows["bancal"]["api"]) == ("argent", "—", ">=1.0,<2")
    assert rows["casse"]["reason"] == "deux modules de ce nom"
    assert {one["state"] for one in ask("list")} == {"installé", "non autorisé", "en panne"}
