"""From the checks to the lines of the protocol, from the lines to the levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plp_conform import runner
from plp_conform.model import Level
from plp_conform.model import Result
from plp_conform.model import Verdict
from plp_conform.requirements import REQUIREMENTS
from plp_conform.requirements import Requirement
from plp_conform.runner import Run

HOSTILE = "Hostile"
#: Exit codes: all that was asked conforms; something does not; something could not be tried.
CONFORMS, FAILS, USAGE, INCOMPLETE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Line:
    """What a run says of one requirement. `beyond`: what no check of it shows."""

    requirement: Requirement
    verdict: Verdict
    results: Sequence[Result]
    why: Sequence[str] = ()
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class LevelVerdict:
    """`counts`: verdict → lines."""

    name: str
    verdict: Verdict
    counts: dict[Verdict, int]


def lines(run: Run) -> list[Line]:
    """Of the requirements that bind the checked side."""
    known = runner.checks(run.side)
    found = []
    for requirement in REQUIREMENTS.values():
        if run.side in requirement.binds:
            expected = {check.name for check in known if requirement.id in check.ids}
            found.append(_line(run, requirement, expected))
    return found


def _line(run: Run, requirement: Requirement, expected: set[str]) -> Line:
    beyond = requirement.beyond.get(run.side, "")
    results = [result for result in run.results if requirement.id in result.check.ids]
    if requirement.bindings and run.binding not in requirement.bindings:
        return Line(requirement, Verdict.NOT_CONCERNED, results, (f"la liaison est {run.binding}",), beyond)
    if not expected:
        return Line(requirement, Verdict.OUTSIDE, results, (), beyond)
    concerned = [result for result in results if result.verdict is not Verdict.NOT_CONCERNED]
    if results and not concerned and len(results) == len(expected):
        return Line(requirement, Verdict.NOT_CONCERNED, results, (results[0].why,), beyond)
    why = [f"{result.check.title}\u202f: {result.why}" for result in concerned if result.verdict is not Verdict.CONFORMS]
    missing = len(expected) - len(results)
    if any(result.verdict is Verdict.FAILS for result in results):
        return Line(requirement, Verdict.FAILS, results, why, beyond)
    if missing:
        why.append(f"{missing} essai(s) non demandé(s)")
    if why:
        return Line(requirement, Verdict.UNVERIFIED, results, why, beyond)
    return Line(requirement, Verdict.CONFORMS, results, (), beyond)


def levels(found: Sequence[Line]) -> list[LevelVerdict]:
    """The three, then Hostile: the lines with ‡."""
    groups = {str(level): [line for line in found if line.requirement.level is level] for level in Level}
    groups[HOSTILE] = [line for line in found if line.requirement.hostile]
    return [_level(name, group) for name, group in groups.items()]


def _level(name: str, group: Sequence[Line]) -> LevelVerdict:
    counts = {verdict: sum(line.verdict is verdict for line in group) for verdict in Verdict}
    if counts[Verdict.FAILS]:
        return LevelVerdict(name, Verdict.FAILS, counts)
    whole = not counts[Verdict.UNVERIFIED] and bool(counts[Verdict.CONFORMS])
    return LevelVerdict(name, Verdict.CONFORMS if whole else Verdict.UNVERIFIED, counts)


def exit_code(run: Run) -> int:
    """Of what was asked."""
    verdicts = {result.verdict for result in run.results} - {Verdict.NOT_CONCERNED}
    if Verdict.FAILS in verdicts:
        return FAILS
    return INCOMPLETE if Verdict.UNVERIFIED in verdicts or not verdicts else CONFORMS
