"""The words of a run: levels, sides, checks, verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import Any

from plp_conform.trial import Step
from plp_conform.trial import Trial


class Level(StrEnum):
    """PLP/1, «Levels of the kit»; `Hostile` is a mark beside them."""

    CORE = "Core"
    LAUNCH = "Launch"
    FEEDBACK = "Feedback"


OIDC, SAML_SP, SAML_IDP = "oidc-code", "saml2-sp", "saml2-idp"


class Side(StrEnum):
    """Who is judged, or bound."""

    PLATFORM = "platform"
    PARTNER = "partner"


class Verdict(StrEnum):
    """Of a check or a requirement, as a person reads it."""

    CONFORMS = "conforme"
    FAILS = "non conforme"
    UNVERIFIED = "non vérifié"
    OUTSIDE = "hors boîte noire"
    NOT_CONCERNED = "non concerné"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is tried. `run` is given the bench of its side and a trial.

    `bindings`: those under which it means something; empty: all.
    """

    name: str
    title: str
    ids: tuple[str, ...]
    chapter: str
    of: Side
    run: Callable[[Any, Trial], None]
    bindings: tuple[str, ...] = ()

    def concerns(self, binding: str) -> bool:
        """Whether it is tried under this binding."""
        return not self.bindings or binding in self.bindings


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to; `why` in French."""

    check: Check
    verdict: Verdict
    why: str = ""
    steps: tuple[Step, ...] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class Registry:
    """The checks of one side, in the order in which they run."""

    of: Side
    checks: list[Check] = field(default_factory=list)

    def add(self, check: Check) -> None:
        """Raises `ValueError` where the name is taken: a report names each once."""
        if any(known.name == check.name for known in self.checks):
            raise ValueError(f"check {check.name} twice")
        self.checks.append(check)

    def chapter(
        self, chapter: str, *bindings: str
    ) -> Callable[..., Callable[[Callable[[Any, Trial], None]], Callable[[Any, Trial], None]]]:
        """`@check("name", "Titre français", "PLP-001", …)` for the functions of one chapter, under these bindings (none: all)."""

        def check(name: str, title: str, *ids: str) -> Callable[[Callable[[Any, Trial], None]], Callable[[Any, Trial], None]]:
            def keep(run: Callable[[Any, Trial], None]) -> Callable[[Any, Trial], None]:
                self.add(Check(name, title, ids, chapter, self.of, run, bindings))
                return run

            return keep

        return check
