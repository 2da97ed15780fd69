"""Commands: each says what it does; those that need no more are run; off, they refuse with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from click.testing import CliRunner

from core.db.errors import DomainError
from core.hooks import commands
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.state import changed
from core.testing.state import state
from core.testing.throwaway import Staff
from core.testing.watching import Refused
from core.testing.watching import Trial
from core.testing.watching import Watch
from core.testing.watching import tried

#: Seconds that a command may take over the kit's small book; and that it may sleep.
LIMIT, PATIENCE = 20.0, 2.0


def check(bench: Bench) -> Iterator[Finding]:
    """Each command of the plugin."""
    staff = {one.slug: one for one in (bench.encours.here, bench.encours.elsewhere)}
    group = commands.group(bench.encours.hub, bench.plugin, lambda slug: staff[slug].cabinet_id)
    elsewhere = bench.encours.elsewhere
    for one in bench.plugin.commands:
        name, place = str(one.name), bench.subject.place_of(one.callback) if one.callback else ""
        helped = _call(bench, group, bench.encours.here, name, "--help")
        if (said := _fault(bench, helped)) is not None:
            yield Finding("", f"la commande «{name} --help» échoue : {said[0]}", said[1] or place)
        elif not (one.help or "").strip():
            yield Finding("", f"la commande «{name}» ne dit pas ce qu'elle fait", place,
                          todo="Écrivez-le en français, en première ligne de sa docstring.")  # fmt: skip
        off = _call(bench, group, elsewhere, name, *_needed(one))
        if not isinstance(off.error, DomainError):
            yield Finding("", f"la commande «{name}» ne refuse pas un cabinet qui n'a pas activé le module", place)
        if _must(one):
            bench.untried.append(f"la commande «{name}» n'a pas été lancée : elle demande {', '.join(_must(one))}")
            continue
        others = state(elsewhere.cabinet_id)
        done = _call(bench, group, bench.encours.here, name)
        if done.late:
            yield Finding("", f"la commande «{name}» n'a pas fini en {LIMIT:g} s", place)
        elif (said := _fault(bench, done)) is not None:
            yield Finding("", f"la commande «{name}» échoue : {said[0]}", said[1] or place,
                          todo="Ce qui ne se peut pas lève DomainError (core.api.db), avec une phrase en français.")  # fmt: skip
        if tables := changed(others, state(elsewhere.cabinet_id)):
            yield Finding("", f"la commande «{name}» écrit chez un autre cabinet ({', '.join(tables)})", place,
                          todo="Écrivez par db.session() et ses modèles ; jamais de SQL sans le cabinet.")  # fmt: skip


def _call(bench: Bench, group: click.Group, staff: Staff, *words: str) -> Trial:
    """As `encours run NAME --cabinet C …` does; a question to whoever types it finds nobody."""

    def done() -> Any:
        found = CliRunner().invoke(group, ["--cabinet", staff.slug, *words], input="")
        if found.exception is not None and not (isinstance(found.exception, SystemExit) and not found.exit_code):
            raise found.exception
        return found.output

    return tried(done, limit=LIMIT, watch=Watch(patience=PATIENCE, network=bench.network, owns=bench.subject.owns))


def _fault(bench: Bench, done: Trial) -> tuple[str, str] | None:
    """What went wrong and where; None where nothing did, or it refused in words."""
    if done.error is None or isinstance(done.error, DomainError | click.ClickException):
        return None
    if isinstance(done.error, Refused):
        return f"elle attend plus de {PATIENCE:g} s ({done.error})", bench.subject.place_in(done.error.__traceback__)
    code = f" {done.error.code}" if isinstance(done.error, SystemExit) else f" : {done.error}"
    return f"{type(done.error).__name__}{code}", bench.subject.place_in(done.error.__traceback__)


def _must(one: click.Command) -> list[str]:
    """What it cannot do without, as its help names it."""
    return [param.human_readable_name for param in one.params if param.required]


def _needed(one: click.Command) -> list[str]:
    """Something for each of them: the gate is asked before."""
    return [word for param in one.params if param.required
            for word in ([param.opts[0], "1"] if isinstance(param, click.Option) else ["1"])]  # fmt: skip
