"""Runs the checks of one side, one after another, and judges what each came to."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plp_conform.calling import Away
from plp_conform.driving import DriveFailed
from plp_conform.model import OIDC
from plp_conform.model import Check
from plp_conform.model import Registry
from plp_conform.model import Result
from plp_conform.model import Side
from plp_conform.model import Verdict
from plp_conform.target import Target
from plp_conform.trial import Failed
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

#: Side under check → package of its checks, their chapters in order.
_CHAPTERS = {
    Side.PARTNER: (
        "against_partner",
        ("registration", "conventions", "requests", "mandate", "capabilities", "launch", "id_token", "saml_launch", "saml_cases",
         "hooks", "feed", "problems"),
    ),
    Side.PLATFORM: (
        "against_platform",
        ("registration", "conventions", "requests", "mandate", "capabilities", "launch", "token", "saml_idp", "saml_requests",
         "hooks", "feed", "problems"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One whole run."""

    side: Side
    name: str
    begun: float
    seconds: float
    results: Sequence[Result]
    partial: bool = False
    binding: str = OIDC


def checks(side: Side) -> list[Check]:
    """All of a side, in order."""
    package, chapters = _CHAPTERS[side]
    for chapter in chapters:
        importlib.import_module(f"plp_conform.{package}.{chapter}")
    registry: Registry = importlib.import_module(f"plp_conform.{package}.registry").REGISTRY
    return list(registry.checks)


def chosen(side: Side, only: Collection[str]) -> list[Check]:
    """Those named, or whose name begins so (`request.`), or that show one of these requirements; all for an empty choice.

    Raises `LookupError` for a word that names none.
    """
    known = checks(side)
    if not only:
        return known
    for word in only:
        if not any(_named(check, word) for check in known):
            raise LookupError(word)
    return [check for check in known if any(_named(check, word) for word in only)]


def _named(check: Check, word: str) -> bool:
    return check.name == word or word in check.ids or (word.endswith(".") and check.name.startswith(word))


def run(target: Target, only: Collection[str] = (), *, told: Callable[[Result], None] | None = None) -> Run:
    """Runs the chosen checks; `told` hears of each when it is done."""
    wanted = chosen(target.side, only)
    begun, clock = time.time(), time.monotonic()
    results: list[Result] = []
    bench = importlib.import_module(f"plp_conform.{_CHAPTERS[target.side][0]}.bench").Bench(target)
    try:
        for check in wanted:
            results.append(_result(check, bench))
            if told is not None:
                told(results[-1])
    finally:
        bench.close()
    return Run(target.side, target.name, begun, time.monotonic() - clock, results, bool(only), target.binding)


def _result(check: Check, bench: Any) -> Result:
    if not check.concerns(bench.binding):
        return Result(check, Verdict.NOT_CONCERNED, f"la liaison est {bench.binding}")
    trial, clock = Trial(), time.monotonic()
    verdict, why = Verdict.CONFORMS, ""
    try:
        check.run(bench, trial)
    except Failed as error:
        verdict, why = Verdict.FAILS, str(error)
    except (Unverified, DriveFailed) as error:
        verdict, why = Verdict.UNVERIFIED, str(error)
    except Away as error:
        verdict, why = Verdict.FAILS, f"aucune réponse\u202f: {error}"
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # What came has another form than the check could read: never green, and never the end of the run.
        verdict, why = Verdict.FAILS, f"réponse illisible pour cet essai\u202f: {type(error).__name__}\u202f: {error}"
    if verdict is Verdict.CONFORMS and not trial.steps:
        verdict, why = Verdict.UNVERIFIED, "l'essai n'a rien pu observer"
    return Result(check, verdict, why, tuple(trial.steps), time.monotonic() - clock)
