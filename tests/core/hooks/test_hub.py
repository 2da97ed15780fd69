"""The hub: typed, ordered, isolated (PL-02, PL-05)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

import pytest

from core.cabinets.models import PluginHealth
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Badge
from core.hooks.types import Context
from core.hooks.types import Guard
from core.hooks.types import Module


def account() -> AccountRef:
    return AccountRef(
        "a1", 1, "HIM1", "Himalia", "ASSURANCE_VIE", "Assurance-vie", "OUVERT", "Generali", "generali", "Himalia",
        "EUR", None, None,
    )  # fmt: skip


class Good(Plugin):
    name, title, weight = "good", "Bon", 50

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        return [Module("second", "Second", "x", weight=20), Module("first", "Premier", "x", weight=10)]

    @hookimpl
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        return {item.id: Badge("good", "G", "Bon", "active") for item in accounts}

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        return {"arbitrage": Guard("warn", "local_policy", "Attention.")}


class Bad(Plugin):
    """Fails in every way that the tests ask of it."""

    name, title, weight = "bad", "Mauvais", 10
    fault = "crash"
    free = threading.Event()

    def misbehave(self) -> object:
        if self.fault == "crash":
            raise ZeroDivisionError("oups")
        if self.fault == "exit":
            raise SystemExit(3)
        if self.fault == "rubbish":
            return [42]
        if self.fault == "refused":
            raise PartnerRefused("Non.")
        self.free.wait(30)
        return []

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        return self.misbehave()  # type: ignore[return-value]

    @hookimpl
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        return self.misbehave()  # type: ignore[return-value]

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        return self.misbehave()  # type: ignore[return-value]


@pytest.fixture
def plugins(hub: Hub, people: object) -> Iterator[Hub]:
    """The two plugins, enabled for the first cabinet."""
    for plugin in (Good, Bad):
        hub.registry.register(plugin.name, plugin)
    with db.session(1) as session:
        for plugin in (Good, Bad):
            enabling.switch(session, hub.registry, plugin.name, on=True, actor="cli")
    Bad.fault, Bad.free = "crash", threading.Event()
    yield hub
    Bad.free.set()


def ctx(hub: Hub, **changes: object) -> Context:
    from dataclasses import replace

    with db.session(1, write=False) as session:
        made = context.make(session, hub.registry)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["crash", "exit", "rubbish"])
def test_a_failing_plugin_never_hides_the_others(plugins: Hub, fault: str) -> None:
    """PL-05: whatever one plugin does, the others' contributions come, and the failure names it."""
    Bad.fault = fault
    found = plugins.collect(Plugin.modules, ctx(plugins))
    labels = [item.key for item in found.items if item.plugin == "good"]
    assert labels == ["good:first", "good:second"]
    assert [(failure.plugin, bool(failure.trace)) for failure in found.failures] == [("bad", True)]


def test_a_sleeping_plugin_is_given_up_at_its_deadline(plugins: Hub) -> None:
    """PL-05: a guarded hook that hangs costs its deadline, not thirty seconds."""
    Bad.fault = "sleep"
    begun = time.monotonic()
    found = plugins.gather(
        Plugin.transaction_guards, ctx(plugins, deadline=time.monotonic() + 0.2), account(), {"arbitrage": "arbitrage"}
    )
    assert [failure.kind for failure in found.failures] == ["late"]
    assert "good" in [item.plugin for item in found.items]
    assert time.monotonic() - begun < 20


def test_a_full_lane_answers_at_once(plugins: Hub) -> None:
    """PL-05: four hung calls take a plugin's threads; the fifth is «busy», and no other plugin waits."""
    Bad.fault = "sleep"
    soon = ctx(plugins, deadline=time.monotonic() + 0.05)
    kinds = [plugins.gather(Plugin.transaction_guards, soon, account(), {}).failures[0].kind for _ in range(5)]
    assert kinds == ["late"] * 4 + ["busy"]


def test_a_crowd_turned_away_is_counted_and_never_pauses_the_hook(plugins: Hub) -> None:
    """PL-05: «busy» says that the lane's limit held, not that the plugin failed; a pause would outlast the crowd."""
    Bad.fault = "sleep"
    soon = ctx(plugins, deadline=time.monotonic() + 0.05)
    for _ in range(12):
        plugins.gather(Plugin.transaction_guards, soon, account(), {})
    plugins.close()
    with db.session(1, write=False) as session:
        row = session.query(PluginHealth).filter_by(plugin="bad").one()
        assert (row.failures, row.consecutive, row.paused_until) == (12, 4, None)


def test_repeated_failures_pause_the_hook_and_tell_the_administrator(plugins: Hub, people: object) -> None:
    """PL-05: after five in a row the hook is paused; counts lie in the database; the administrator is told."""
    from core.shell.models import Notification

    for _ in range(5):
        plugins.collect(Plugin.modules, ctx(plugins))
        plugins.close()
    assert plugins.collect(Plugin.modules, ctx(plugins)).failures[0].kind == "paused"
    with db.session(1, write=False) as session:
        row = session.query(PluginHealth).filter_by(plugin="bad").one()
        assert (row.failures, row.paused_until is not None) == (5, True)
        assert session.query(Notification).filter_by(kind="plugin").count() == 1


def test_a_success_forgets_earlier_failures(plugins: Hub) -> None:
    """PL-05: only failures in a row count."""
    Bad.fault = "crash"
    plugins.collect(Plugin.modules, ctx(plugins))
    plugins.close()

    class Mended(Bad):
        def misbehave(self) -> object:
            return []

    plugins.registry.unregister("bad")
    plugins.registry.register("bad", Mended)
    plugins.collect(Plugin.modules, ctx(plugins))
    plugins.close()
    with db.session(1, write=False) as session:
        assert session.query(PluginHealth).filter_by(plugin="bad").one().consecutive == 0


def test_a_plugin_that_is_not_enabled_is_off(plugins: Hub) -> None:
    """PL-04: the allow-list fails closed."""
    with db.session(1) as session:
        enabling.switch(session, plugins.registry, "good", on=False, actor="cli")
    assert not [item for item in plugins.collect(Plugin.modules, ctx(plugins)).items if item.plugin == "good"]
    with pytest.raises(PartnerUnavailable):
        plugins.ask("good", Plugin.account_actions, ctx(plugins), account())


def test_an_addressed_hook_raises_the_plugins_own_words(plugins: Hub) -> None:
    """PL-02: the error vocabulary crosses the hub; anything else is «unavailable»."""
    Bad.fault = "refused"
    with pytest.raises(PartnerRefused, match="Non"):
        plugins.ask("bad", Plugin.account_actions, ctx(plugins), account())
    Bad.fault = "crash"
    with pytest.raises(PartnerUnavailable):
        plugins.ask("bad", Plugin.account_actions, ctx(plugins), account())


def test_a_plugin_of_the_wrong_shape_is_broken_not_fatal(hub: Hub) -> None:
    """PL-05: wrong name, unknown hook, refused options, wrong API: listed as broken, the app goes on."""

    class Unknown(Plugin):
        name = "unknown"

        @hookimpl
        def no_such_hook(self, ctx: Context) -> None:
            """Not a hook."""

    class Future(Plugin):
        name, api = "future", ">=9"

    class Raises(Plugin):
        name = "raises"

        def __init__(self) -> None:
            raise RuntimeError("à la construction")

    for name, plugin in (("unknown", Unknown), ("future", Future), ("raises", Raises), ("other", Good)):
        hub.registry.register(name, plugin)
    assert {"unknown", "future", "raises", "other"} <= {item.name for item in hub.registry.broken}
    assert not {"unknown", "future", "raises", "other"} & set(hub.registry.plugins)
