"""Jobs: done twice is as good as done once, in one cabinet only; off, they wait."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from core.db import current
from core.extensions import db
from core.hooks import context
from core.hooks import work
from core.hooks.errors import PluginError
from core.hooks.job import Job
from core.hooks.types import Context
from core.jobs import queue
from core.testing import values
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.state import changed
from core.testing.state import state
from core.testing.throwaway import Staff
from core.testing.watching import Refused
from core.testing.watching import Trial
from core.testing.watching import Watch
from core.testing.watching import told
from core.testing.watching import tried

#: Seconds that a job may take over the kit's small book; and that it may sleep.
LIMIT, PATIENCE = 20.0, 2.0


def check(bench: Bench) -> Iterator[Finding]:
    """Each job, with its example, as the worker does it."""
    here, elsewhere = bench.encours.here, bench.encours.elsewhere
    for job in bench.plugin.jobs:
        if job.example is None and job.every is None:
            bench.untried.append(f"le travail «{job.key}» n'a pas été essayé : il ne dit pas avec quoi (Job(…, example={{…}}))")
            continue
        place, data = bench.subject.place_of(job.run), values.filled(dict(job.example or {}), bench.known_ids())
        others = state(elsewhere.cabinet_id)
        if job.fetch is not None and "fetched" not in data:
            asked = _fetch(bench, job, data, here)
            if isinstance(asked.error, PluginError):  # the kit has no partner to be asked
                why = f"n'a été essayé que jusqu'à sa demande au dehors : {asked.error.text}"
                bench.untried.append(f"le travail «{job.key}» {why}")
                yield from _off(bench, job, data, place)
                continue
            if (finding := _fallen(bench, job, asked)) is not None:
                yield finding
                continue
            data = {**data, "fetched": asked.result}
        first = _run(bench, job, data, here)
        if (finding := _fallen(bench, job, first)) is not None:
            yield finding
            continue
        once = state(here.cabinet_id)
        second = _run(bench, job, data, here)
        if (finding := _fallen(bench, job, second, " la seconde fois")) is not None:
            yield finding
        elif tables := changed(once, state(here.cabinet_id)):
            yield Finding("", f"le travail «{job.key}» fait deux fois laisse autre chose que fait une fois : {', '.join(tables)}",
                          place, why="La file promet au moins une fois : après une panne, le même travail revient.",
                          todo="Regardez d'abord si c'est déjà fait (une clé, une date, un état).")  # fmt: skip
        if tables := changed(others, state(elsewhere.cabinet_id)):
            yield Finding("", f"le travail «{job.key}» écrit chez un autre cabinet ({', '.join(tables)})", place,
                          todo="Écrivez par db.session() et ses modèles ; jamais de SQL sans le cabinet.")  # fmt: skip
        yield from _off(bench, job, data, place)


def _run(bench: Bench, job: Job, data: Mapping[str, Any], staff: Staff) -> Trial:
    """Once, in a transaction of its own that is committed where it ends well."""
    own = _own(bench, staff)

    def done() -> None:
        job.run(own, data)
        current.session().commit()

    return tried(done, limit=LIMIT, cabinet_id=staff.cabinet_id, write=True, watch=_watch(bench))


def _fetch(bench: Bench, job: Job, data: Mapping[str, Any], staff: Staff) -> Trial:
    """What it asks outside first, with a session that only reads."""
    assert job.fetch is not None, "asked for those that have one"
    return tried(job.fetch, _own(bench, staff), data, limit=LIMIT, cabinet_id=staff.cabinet_id, watch=_watch(bench))


def _own(bench: Bench, staff: Staff) -> Context:
    with db.session(staff.cabinet_id, write=False) as session:
        return context.prepare(context.make(session, bench.encours.hub.registry, slug=staff.slug), bench.plugin)


def _watch(bench: Bench) -> Watch:
    return Watch(patience=PATIENCE, network=bench.network, owns=bench.subject.owns)


def _fallen(bench: Bench, job: Job, done: Trial, when: str = "") -> Finding | None:
    place = bench.subject.place_of(job.run)
    if done.late:
        return Finding("", f"le travail «{job.key}» n'a pas fini en {LIMIT:g} s{when}", place)
    if done.error is None:
        return None
    where = bench.subject.place_in(done.error.__traceback__) or place
    if isinstance(done.error, Refused):
        return Finding("", f"le travail «{job.key}» attend plus de {PATIENCE:g} s ({done.error})", where,
                       todo="Remettez-le en file pour plus tard (at=…) au lieu d'attendre.")  # fmt: skip
    return Finding("", f"le travail «{job.key}» échoue{when} : {told(done.error)}", where,
                   why="Il reviendrait trois jours de suite, puis serait perdu.",
                   todo="Corrigez-le, ou dites par example avec quoi il est mis en file.")  # fmt: skip


def _off(bench: Bench, job: Job, data: Mapping[str, Any], place: str) -> Iterator[Finding]:
    """For a cabinet that has the module off: it waits."""
    elsewhere = bench.encours.elsewhere.cabinet_id
    before = state(elsewhere)
    try:
        with db.session(elsewhere) as session:
            work.carry(session, {"plugin": bench.subject.name, "key": job.key, "data": dict(data)})
    except queue.Wait:
        pass
    else:
        yield Finding("", f"le travail «{job.key}» n'attend pas qu'un cabinet l'active", place)
    if changed(before, state(elsewhere)):
        yield Finding("", f"le travail «{job.key}» travaille pour un cabinet qui ne l'a pas activé", place)
