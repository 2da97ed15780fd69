"""The hub: the only caller of plugins. Typed, isolated, ordered; it never raises for a plugin's fault.

`collect` asks all enabled plugins and flattens lists; `gather` keeps each plugin's whole result; `ask` addresses
one plugin and raises the error words; `notify` tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from typing import Concatenate
from typing import ParamSpec
from typing import TypeVar
from uuid import uuid4

from core.db import current
from core.db.session import Database
from core.hooks import gates
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.hooks.happenings import Event
from core.hooks.health import Health
from core.hooks.lanes import Busy
from core.hooks.lanes import Lane
from core.hooks.lanes import Late
from core.hooks.lanes import wait
from core.hooks.registry import Implementation
from core.hooks.registry import Registry
from core.hooks.results import Collected
from core.hooks.results import Contribution
from core.hooks.results import Failure
from core.hooks.results import WrongResult
from core.hooks.results import checked
from core.hooks.specs import Plugin
from core.hooks.specs import Spec
from core.hooks.specs import specs
from core.hooks.types import Context
from core.telemetry.scrub import without_secrets

P = ParamSpec("P")
T = TypeVar("T")
Prepare = Callable[[Context, Plugin], Context]

#: An inline call beyond this is an overrun (seconds).
OVERRUN = 0.25
#: A call in place cannot be cut: until an inline hook has been quick once, it is called in its lane, and given up here.
TRIAL = 1.0


class Hub:
    """One an application. `prepare` gives each plugin its own context (settings, partner's state)."""

    def __init__(self, db: Database, registry: Registry, health: Health, prepare: Prepare) -> None:
        self._db = db
        self.registry = registry
        self._health = health
        self._prepare = prepare
        self._lanes: dict[str, Lane] = {}
        self._specs = specs()
        self._quick: set[Any] = set()

    def collect(
        self, hook: Callable[Concatenate[Plugin, Context, P], Sequence[T]], ctx: Context,
        *args: P.args, **kwargs: P.kwargs,
    ) -> Collected[T]:  # fmt: skip
        """Ask every enabled plugin; one flat list, ordered by weight, the cabinet's order, name."""
        results, failures = self._all(hook.__name__, ctx, args, kwargs)
        items: list[tuple[tuple[int, int, str, int], Contribution[T]]] = []
        for rank, (plugin, result) in enumerate(results):
            for index, item in enumerate(result):
                weight = getattr(item, "weight", plugin.weight)
                items.append(((weight, rank, plugin.name, index), Contribution(plugin.name, plugin.title, item)))
        return Collected(tuple(item for _, item in sorted(items, key=lambda pair: pair[0])), tuple(failures))

    def gather(
        self, hook: Callable[Concatenate[Plugin, Context, P], T], ctx: Context, *args: P.args, **kwargs: P.kwargs
    ) -> Collected[T]:
        """Ask every enabled plugin; one whole result each (batch hooks)."""
        results, failures = self._all(hook.__name__, ctx, args, kwargs)
        return Collected(tuple(Contribution(p.name, p.title, result) for p, result in results), tuple(failures))

    def ask(
        self, plugin: str, hook: Callable[Concatenate[Plugin, Context, P], T], ctx: Context,
        *args: P.args, **kwargs: P.kwargs,
    ) -> T:  # fmt: skip
        """Address one plugin. Raises its `PluginError`; any other fault of it is `PartnerUnavailable`."""
        name = hook.__name__
        if (held := gates.shut(self.registry, plugin, ctx.enabled)) is not None:
            raise PartnerUnavailable(held.text)
        impl = self.registry.one(name, plugin)
        if impl is None:
            raise PartnerUnavailable("Ce lien partenaire n'est pas disponible pour votre cabinet.")
        outcome = self._one(self._specs[name], name, impl, ctx, args, kwargs)
        if not isinstance(outcome, Failure):
            return outcome  # type: ignore[no-any-return]
        if isinstance(outcome.error, PluginError):
            raise outcome.error
        if outcome.kind == "rubbish":
            raise ProtocolError(outcome.text) from outcome.error
        raise PartnerUnavailable(outcome.text) from outcome.error

    def call(
        self, plugin: str, name: str, function: Callable[Concatenate[Context, P], T], item: type[T], ctx: Context,
        *args: P.args, **kwargs: P.kwargs,
    ) -> T | Failure:  # fmt: skip
        """Run a callable that a plugin contributed (a provider's `search`) in its guarded lane; or say how it failed.

        `name` is what its failures are counted under, beside the hooks'.
        """
        if (held := gates.shut(self.registry, plugin, ctx.enabled)) is not None:
            return Failure(plugin, plugin, "paused", held.text, "")
        impl = Implementation(self.registry.plugins[plugin], function)
        spec = Spec("guarded", "addressed", "one", item)
        outcome: T | Failure = self._finish(spec, name, impl, ctx, self._start(spec, name, impl, ctx, args, kwargs))
        return outcome

    def notify(self, ctx: Context, event: Event) -> tuple[Failure, ...]:
        """Tell every enabled plugin; the failures come back, for the job to try again."""
        _, failures = self._all("on_event", ctx, (event,), {})
        return tuple(failures)

    def in_place(
        self, hook: Callable[Concatenate[Plugin, Context, P], T], ctx: Context, *args: P.args, **kwargs: P.kwargs
    ) -> Collected[T]:
        """`gather` in the caller's thread and session: for guards inside the launch's transaction."""
        results, failures = self._all(hook.__name__, ctx, args, kwargs, inline=True)
        return Collected(tuple(Contribution(p.name, p.title, result) for p, result in results), tuple(failures))

    def work(
        self, plugin: str, name: str, function: Callable[Concatenate[Context, P], None], ctx: Context,
        *args: P.args, **kwargs: P.kwargs,
    ) -> Failure | None:  # fmt: skip
        """Run a plugin's job in the caller's thread and transaction, without a limit of time; or say how it failed."""
        if (held := gates.shut(self.registry, plugin, ctx.enabled)) is not None:
            return Failure(plugin, plugin, "paused", held.text, "")
        impl = Implementation(self.registry.plugins[plugin], function)
        if f"{plugin}:{name}" in ctx.paused:
            return _paused(impl.plugin)
        begun = time.perf_counter()
        try:
            function(self._prepare(ctx, impl.plugin), *args, **kwargs)
        except BaseException as error:  # also SystemExit and its like: a plugin's, not ours
            return self._failure(name, impl.plugin, ctx, error)
        finally:
            self._health.took(ctx.cabinet_id, plugin, name, time.perf_counter() - begun)
        self._success(name, impl.plugin, ctx)
        return None

    def blame(self, plugin: str, hook: Callable[..., Any], ctx: Context, error: Exception) -> Failure:
        """Count against a plugin what only showed when its contribution was used (an address that leads nowhere)."""
        return self._failure(hook.__name__, self.registry.plugins[plugin], ctx, error)

    def close(self) -> None:
        """Write what is still to be written of the plugins' health."""
        self._health.drain()

    def _all(
        self, name: str, ctx: Context, args: Any, kwargs: Any, *, inline: bool = False
    ) -> tuple[list[tuple[Plugin, Any]], list[Failure]]:
        spec = self._specs[name]
        found = self.registry.ordered(name, ctx.enabled)
        if spec.lane == "inline" or inline:
            outcomes = [self._inline(spec, name, impl, ctx, args, kwargs) for impl in found]
        else:
            starts = [self._start(spec, name, impl, ctx, args, kwargs) for impl in found]
            outcomes = [self._finish(spec, name, impl, ctx, start) for impl, start in zip(found, starts, strict=True)]
        results, failures = [], []
        for impl, outcome in zip(found, outcomes, strict=True):
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                results.append((impl.plugin, outcome))
        return results, failures

    def _one(self, spec: Spec, name: str, impl: Implementation, ctx: Context, args: Any, kwargs: Any) -> Any:
        if spec.lane == "inline":
            return self._inline(spec, name, impl, ctx, args, kwargs)
        return self._finish(spec, name, impl, ctx, self._start(spec, name, impl, ctx, args, kwargs))

    def _inline(self, spec: Spec, name: str, impl: Implementation, ctx: Context, args: Any, kwargs: Any) -> Any:
        """In place; an inline hook is on trial in its lane until it was quick once, and again after an overrun."""
        if impl.function not in self._quick and spec.lane == "inline":
            return self._on_trial(spec, name, impl, ctx, args, kwargs)
        if ctx.paused and f"{impl.plugin.name}:{name}" in ctx.paused:
            return _paused(impl.plugin)
        begun = time.perf_counter()
        try:
            result = checked(spec, impl.function(self._prepare(ctx, impl.plugin), *args, **kwargs))
        except BaseException as error:  # also SystemExit and its like: a plugin's, not ours
            return self._failure(name, impl.plugin, ctx, error)
        if (took := time.perf_counter() - begun) > OVERRUN:
            self._quick.discard(impl.function)
            trace = uuid4().hex[:12]
            text = f"{took:.2f} s dans un hook sans attente"
            self._health.failed(ctx.cabinet_id, impl.plugin.name, name, kind="overrun", text=text, trace=trace)
        else:
            self._success(name, impl.plugin, ctx)
        return result

    def _on_trial(self, spec: Spec, name: str, impl: Implementation, ctx: Context, args: Any, kwargs: Any) -> Any:
        begun = time.perf_counter()
        outcome = self._finish(spec, name, impl, ctx, self._start(spec, name, impl, ctx, args, kwargs))
        if not isinstance(outcome, Failure) and time.perf_counter() - begun <= OVERRUN:
            self._quick.add(impl.function)
        return outcome

    def _start(self, spec: Spec, name: str, impl: Implementation, ctx: Context, args: Any, kwargs: Any) -> Any:
        """A future and its deadline, or the failure to start it."""
        plugin = impl.plugin
        if f"{plugin.name}:{name}" in ctx.paused:
            return _paused(plugin)
        deadline = time.monotonic() + (TRIAL if spec.lane == "inline" else spec.limit)
        if ctx.deadline is not None:
            deadline = min(deadline, ctx.deadline)
        try:
            own = replace(self._prepare(ctx, plugin), deadline=deadline)
        except BaseException as error:
            return self._failure(name, plugin, ctx, error)
        write = spec.kind == "notify"

        def call() -> Any:
            begun = time.perf_counter()
            try:
                with current.opened(self._db, ctx.cabinet_id, write=write):
                    result = impl.function(own, *args, **kwargs)
                    if write:
                        current.session().commit()
                    return result
            finally:
                if spec.lane == "guarded":
                    self._health.took(ctx.cabinet_id, plugin.name, name, time.perf_counter() - begun)

        lane = self._lanes.setdefault(plugin.name, Lane(plugin.name))
        try:
            return lane.submit(call), deadline
        except Busy as error:
            return self._failure(name, plugin, ctx, error)

    def _finish(self, spec: Spec, name: str, impl: Implementation, ctx: Context, start: Any) -> Any:
        if isinstance(start, Failure):
            return start
        try:
            result = checked(spec, wait(*start))
        except BaseException as error:  # also SystemExit and its like: a plugin's, not ours
            return self._failure(name, impl.plugin, ctx, error)
        self._success(name, impl.plugin, ctx)
        return result

    def _success(self, name: str, plugin: Plugin, ctx: Context) -> None:
        if ctx.failing and f"{plugin.name}:{name}" in ctx.failing:
            self._health.recovered(ctx.cabinet_id, plugin.name, name)

    def _failure(self, name: str, plugin: Plugin, ctx: Context, error: BaseException) -> Failure:
        trace = uuid4().hex[:12]
        if isinstance(error, PluginError):
            # Its words are for the person: they may hold what the partner said of a contract, but no secret of the cabinet's.
            error.text = without_secrets(error.text)
            ctx.logger.warning(
                "%s in %s: %s (trace %s)", plugin.name, name, type(error).__name__, trace,
                extra={"fields": {"plugin": plugin.name, "hook": name, "failure": trace}},
            )  # fmt: skip
            return Failure(plugin.name, plugin.title, "partner", error.text, trace, error)
        kind, text = _words(error)
        fields = {"plugin": plugin.name, "hook": name, "failure": trace, "kind": kind}
        ctx.logger.error("%s in %s (trace %s)", plugin.name, name, trace, exc_info=error, extra={"fields": fields})
        self._health.failed(ctx.cabinet_id, plugin.name, name, kind=kind, text=text, trace=trace)
        shown = f"Le module «{plugin.title}» est indisponible pour le moment (référence {trace})."
        return Failure(plugin.name, plugin.title, kind, shown, trace, error)


def _words(error: BaseException) -> tuple[str, str]:
    if isinstance(error, Late):
        return "late", "délai dépassé"
    if isinstance(error, Busy):
        return "busy", "tous ses appels sont déjà en cours"
    if isinstance(error, WrongResult):
        return "rubbish", str(error)
    return "crash", f"{type(error).__name__} : {error}"


def _paused(plugin: Plugin) -> Failure:
    text = f"Le module «{plugin.title}» est suspendu quelques minutes après plusieurs échecs."
    return Failure(plugin.name, plugin.title, "paused", text, "")
