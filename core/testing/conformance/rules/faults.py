"""Whatever the partner does, the plugin answers with an error word in French, in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.hooks.errors import PluginError
from core.hooks.specs import Spec
from core.http import wire
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.partner import Mood
from core.testing.watching import Refused

#: What the partner does → how it is said, and the error that a plugin's own connection meets.
MOODS: dict[Mood, tuple[str, OSError]] = {
    "down": ("est arrêté", ConnectionRefusedError(111, "connexion refusée")),
    "slow": ("ne répond pas à temps", TimeoutError("délai dépassé")),
    "error": ("répond 500", ConnectionResetError(104, "connexion coupée")),
    "garbage": ("répond n'importe quoi", ConnectionResetError(104, "connexion coupée")),
}  # fmt: skip
#: Seconds that the kit has the client wait for a slow partner, instead of three.
HASTE = 0.3


def check(bench: Bench) -> Iterator[Finding]:
    """Each guarded hook of a partner link, in each mood."""
    if bench.plugin.partner is None:
        return
    kept = bench.network
    try:
        with hasty():
            for mood, (said, error) in MOODS.items():
                bench.partner.mood, bench.network = mood, error
                bench.calm()
                for one in bench.calls(only=_asked):
                    found, place = one.trial.error, bench.subject.place_of(one.function)
                    if one.trial.late:
                        yield Finding("", f"quand le partenaire {said}, {one.title} dépasse son délai", place)
                    elif isinstance(found, PluginError):
                        if not found.text.strip():
                            kind = type(found).__name__
                            yield Finding("", f"quand le partenaire {said}, {one.title} lève {kind} sans texte", place)
                    elif found is not None and not isinstance(found, Refused):
                        where = bench.subject.place_in(found.__traceback__) or place
                        yield Finding("", f"quand le partenaire {said}, {one.title} lève {type(found).__name__} : {found}", where)
    finally:
        bench.partner.mood, bench.network = "well", kept
        bench.calm()


def _asked(spec: Spec) -> bool:
    return spec.lane == "guarded" and spec.kind != "notify"


@contextmanager
def hasty() -> Iterator[None]:
    """The client waits less for an answer."""
    usual: Callable[..., Any] = wire.exchange

    def exchange(method: str, url: str, **options: Any) -> Any:
        options["limit"] = min(options["limit"], time.monotonic() + 3 * HASTE)
        options["read"] = HASTE
        return usual(method, url, **options)

    wire.exchange = exchange
    try:
        yield
    finally:
        wire.exchange = usual
