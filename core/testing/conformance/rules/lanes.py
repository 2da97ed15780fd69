"""Lanes are kept: an inline hook waits for nothing, a batch calls no partner, a guarded one answers in its time."""

from __future__ import annotations

from collections.abc import Iterator

from core.hooks.hub import OVERRUN
from core.testing.conformance.bench import INLINE
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import Called
from core.testing.conformance.findings import Finding
from core.testing.watching import DOINGS
from core.testing.watching import NETWORK
from core.testing.watching import Doing


def check(bench: Bench) -> Iterator[Finding]:
    """What each call did, and how long it took."""
    for one in bench.called:
        inline, batch = one.spec.lane == "inline", one.spec.kind == "collect" and one.spec.shape == "mapping"
        for doing in one.trial.doings:
            if inline or (batch and doing.what in NETWORK):
                what = DOINGS[doing.what]
                if not inline:
                    what = f"appelle un partenaire pour une liste entière ({what})"
                yield Finding("", f"{one.title} {what} : {doing.detail}", _place(bench, one, doing))
        if inline:
            for doing in one.trial.statements[:1]:
                yield Finding("", f"{one.title} interroge la base : {doing.detail[:90]}", _place(bench, one, doing))
        if one.trial.late and not (inline and _again(bench, one) < INLINE):
            limit = "2 s" if inline else f"{one.spec.limit:g} s"
            yield Finding("", f"{one.title} n'a pas répondu en {limit}", bench.subject.place_of(one.function))
        elif inline and one.trial.seconds > OVERRUN and _again(bench, one) > OVERRUN:
            took = f"{one.title} prend {one.trial.seconds:.2f} s : 0,25 s au plus"
            yield Finding("", took, bench.subject.place_of(one.function))


def _again(bench: Bench, one: Called) -> float:
    """The first call also imports what it needs, and a busy machine halts anybody: the quickest of three more judges."""
    given = bench.arguments(one.hook)[:1] * 3
    return min((bench.call(one.spec, one.function, *args).seconds for args in given), default=0.0)


def _place(bench: Bench, one: Called, doing: Doing) -> str:
    own = [(path, line) for path, line in doing.stack if bench.subject.owns(path)]
    return bench.subject.place(*own[-1]) if own else bench.subject.place_of(one.function)
