"""The four gates of a plugin, and what stands behind them that is no page: its jobs and its commands (PL-04, PL-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from core.api import jobs
from core.api.db import session as current_session
from core.cabinets import audit
from core.cabinets.models import AuditEntry
from core.cli import worker
from core.cli.run import run
from core.db import clock
from core.db.current import opened
from core.db.errors import DomainError
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import gates
from core.hooks import work
from core.hooks.errors import PartnerUnavailable
from core.hooks.hub import Hub
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.jobs.models import Job
from core.jobs.queue import Periodic
from core.jobs.queue import Retry
from tests.conftest import People
from tests.contract import bancal

DONE: list[tuple[str, Any]] = []


def note(ctx: Context, data: Mapping[str, Any]) -> None:
    """Leaves a line in the journal; falls where it is told to."""
    audit.record(current_session(), "cli", "plugin.settings", "plugin:essai", {"said": data.get("said")})
    DONE.append((ctx.plugin or "", data.get("said")))
    if data.get("fall"):
        raise ValueError("chute")


@click.command("dire")
@click.argument("mot")
@click.pass_obj
def say(ctx: Context, mot: str) -> None:
    """Dit un mot."""
    note(ctx, {"said": mot})
    click.echo(f"{ctx.cabinet_slug} : {mot}")
    if mot == "faux":
        raise DomainError("Ce mot est refusé.")


class Trial(Plugin):
    name, title = "essai", "Module d'essai"
    jobs = (jobs.Job("noter", note), jobs.Job("veiller", note, every=timedelta(hours=1)))
    commands = (say,)


class Other(Plugin):
    name, title = "autre", "Autre module"


@pytest.fixture
def trial(hub: Hub, people: People) -> Hub:
    DONE.clear()
    hub.registry.register("essai", Trial)
    switch(hub, people, on=True)
    return hub


def switch(hub: Hub, people: People, *, on: bool) -> None:
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=on, actor="cli")


def ask(hub: Hub, people: People, **data: Any) -> None:
    """What a plugin's page does: a job in the transaction of the request."""
    with opened(db, people.cabinet_id, write=True):
        ctx = context.prepare(context.make(current_session(), hub.registry), hub.registry.plugins["essai"])
        jobs.enqueue(ctx, "noter", data)
        current_session().commit()


def waiting() -> list[Job]:
    """Turns of the plugin that is tried; those that are bundled have their own."""
    with db.session(None, write=False) as session:
        return [job for job in session.scalars(select(Job).where(Job.kind == work.KIND)) if job.payload["plugin"] == "essai"]


def pull() -> None:
    """What waits is due now."""
    with db.session(None) as session:
        for job in session.scalars(select(Job)):
            job.run_at = clock.now()


def test_the_first_gate_that_is_shut_is_named(trial: Hub) -> None:
    """PL-04: installed, allowed, enabled, permitted, in this order; nobody's work needs no right."""
    registry = trial.registry
    person = Adviser("u", 1, "A", "a@b.fr", "CONSEILLER", frozenset({"a.view"}))
    registry.barred.add("interdit")

    def at(plugin: str, on: tuple[str, ...] = ("essai",), **by: Any) -> str | None:
        held = gates.shut(registry, plugin, on, **by)
        assert held is None or held.text.endswith(".")
        return held.gate if held else None

    assert at("absent", ("absent",)) == "installed"
    assert at("interdit", ("interdit",)) == "allowed"
    assert at("essai", ()) == "enabled"
    assert at("essai", by=person, permission="b.view") == "permitted"
    assert at("essai", by=replace(person, permissions=frozenset({"b.view"})), permission="b.view") is None
    assert at("essai", permission="b.view") is None
    registry.register("autre", Other)
    assert gates.passing(registry, ("essai", "absent", "autre", "interdit", "essai")) == ("essai", "autre")


def test_what_the_operator_does_not_allow_is_never_imported(tmp_path: Path) -> None:
    """Architecture §4: off the list, a plugin's code is not run at all, and the gate says whose word it is."""
    site = bancal.write(tmp_path / "site", plugin="exclu", broken="raise SystemExit('importé')")
    with bancal.installed(site, bancal.write(tmp_path / "other", plugin="permis")):
        registry = Registry()
        registry.discover(frozenset({"permis"}))
    assert set(registry.plugins) == {"permis"}
    assert registry.broken == []
    held = gates.shut(registry, "exclu", ("exclu",))
    assert held is not None
    assert held.gate == "allowed"


@pytest.mark.parametrize("ours", ["", "encours_double"])
def test_two_plugins_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: str) -> None:
    """Issue 4, bad input: one is taken, ours if it is one of them; the other is listed with both distributions' names."""
    monkeypatch.setattr("core.hooks.registry.OURS", ours)
    one, two = bancal.write(tmp_path / "one", plugin="double"), bancal.write(tmp_path / "two", plugin="double")
    meta = two / "autre_double-1.0.dist-info"
    (two / "encours_double-1.0.dist-info").rename(meta)
    (meta / "METADATA").write_text(bancal.METADATA.format(name="autre_double"), "utf-8")
    with bancal.installed(one, two):
        registry = Registry()
        registry.discover(frozenset({"double"}))
    assert set(registry.plugins) == {"double"}
    (told,) = registry.broken
    first, second = ("encours_double", "autre_double") if ours else ("autre_double", "encours_double")
    assert told.text.startswith(f"«{second}» porte le même nom que «{first}»")


def test_a_job_waits_while_its_module_is_off(trial: Hub, people: People) -> None:
    """PL-04: off, a job is neither done nor given up, however long; on again, it is done, once."""
    ask(trial, people, said="un")
    switch(trial, people, on=False)
    for _ in range(3):
        worker.run_due()
        pull()
    assert DONE == []
    (job,) = waiting()
    assert (job.state, job.attempts, job.first_failed_at) == ("queued", 0, None)
    assert "n'est pas activé" in (job.last_error or "")
    switch(trial, people, on=True)
    pull()
    worker.run_due()
    assert DONE == [("essai", "un")]
    assert waiting() == []


def test_a_job_that_falls_leaves_nothing_and_comes_again(trial: Hub, people: People) -> None:
    """PL-05, PL-08: its transaction is taken back, the fault is the module's incident, the queue goes on."""
    ask(trial, people, said="deux", fall=True)
    worker.run_due()
    (job,) = waiting()
    assert job.attempts == 1
    assert job.first_failed_at is not None
    trial.close()
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(AuditEntry).where(AuditEntry.action == "plugin.settings")) is None
        ctx = context.make(session, trial.registry)
    assert "essai:job:noter" in ctx.failing


def test_a_repeated_job_ends_when_it_is_off_and_begins_again(trial: Hub, people: People) -> None:
    """PL-04: one turn waits for each cabinet that has it on, however often the clock looks; none where it is off."""
    every = Periodic("plugins.jobs", 60, work.begin)
    every.run(people.cabinet_id)
    every.run(people.cabinet_id)
    assert [job.payload["key"] for job in waiting()] == ["veiller"]
    pull()
    worker.run_due()
    assert DONE == [("essai", None)]
    (job,) = waiting()
    assert job.run_at > clock.now() + timedelta(minutes=55)
    switch(trial, people, on=False)
    pull()
    worker.run_due()
    every.run(people.cabinet_id)
    assert waiting() == []
    assert len(DONE) == 1


def test_a_job_that_is_not_declared_is_refused_at_once(trial: Hub, people: People) -> None:
    """PL-08: a wrong key is the author's mistake, told where it is made."""
    with opened(db, people.cabinet_id, write=False):
        ctx = context.prepare(context.make(current_session(), trial.registry), trial.registry.plugins["essai"])
        with pytest.raises(KeyError, match="rien"):
            jobs.enqueue(ctx, "rien")


def test_a_command_passes_the_gates(trial: Hub, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-04, PL-08: for the cabinet named, in one transaction, kept if it ends well; refused where the module is off."""
    monkeypatch.setattr("core.cli.run._hub", lambda _ctx: trial)

    def call(*words: str) -> Any:
        return CliRunner().invoke(run, words)

    assert "essai" in call("--help").output
    given = call("essai", "--cabinet", people.slug, "dire", "bonjour")
    assert (given.exit_code, given.output) == (0, f"{people.slug} : bonjour\n")
    assert isinstance(call("essai", "--cabinet", people.slug, "dire", "faux").exception, DomainError)
    with db.session(people.cabinet_id, write=False) as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "plugin.settings")).all()
    assert len(kept) == 1
    switch(trial, people, on=False)
    held = call("essai", "--cabinet", people.slug, "dire", "bonjour").exception
    assert isinstance(held, DomainError)
    assert "n'est pas activé" in held.text
    missing = call("absent", "--cabinet", people.slug, "dire", "bonjour").exception
    assert isinstance(missing, DomainError)
    assert "n'est pas installé" in missing.text


def test_a_job_that_asks_outside_holds_nothing_meanwhile(app: Flask, people: People, hub: Hub) -> None:
    """BL-14: somebody else of the cabinet writes while it asks; what it was told is there when it runs; a failure comes again."""
    told: list[Any] = []

    def ask(ctx: Context, data: Mapping[str, Any]) -> str:
        with db.session(people.cabinet_id) as other:
            audit.record(other, "cli", "plugin.settings", "plugin:essai", {"said": "pendant ce temps"})
        if not told:
            told.append("rien")
            raise PartnerUnavailable("Pas maintenant.", retry_after=7)
        return f"réponse à {data['said']}"

    class Asking(Plugin):
        """One job."""

        name, title = "demandeur", "Module demandeur"
        jobs = (jobs.Job("demander", lambda _ctx, data: told.append(data), fetch=ask),)

    hub.registry.register("demandeur", Asking)
    payload = {"plugin": "demandeur", "key": "demander", "data": {"said": "bonjour"}}
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "demandeur", on=True, actor="cli")
    with pytest.raises(Retry) as again:
        work.fetch(people.cabinet_id, payload)
    assert again.value.seconds == 7
    work.fetch(people.cabinet_id, payload)
    assert told == ["rien", {"said": "bonjour", "fetched": "réponse à bonjour"}]
