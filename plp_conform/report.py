"""The report of a run: JSON for programs, one self-contained HTML file for people."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from typing import Any

from jinja2 import Environment
from jinja2 import PackageLoader

from plp_conform import VERSION
from plp_conform import judging
from plp_conform.model import Side
from plp_conform.model import Verdict
from plp_conform.requirements import LATER
from plp_conform.runner import Run

_SIDES = {Side.PARTNER: "partenaire", Side.PLATFORM: "plateforme"}
_MARKS = {
    Verdict.CONFORMS: "ok", Verdict.FAILS: "ko", Verdict.UNVERIFIED: "nv", Verdict.OUTSIDE: "hb", Verdict.NOT_CONCERNED: "nc",
}  # fmt: skip


def as_json(run: Run) -> str:
    """Members in English, verdicts and reasons as a person reads them."""
    found = judging.lines(run)
    document: dict[str, Any] = {
        "plp": 1, "kit": VERSION, "checked": run.side, "name": run.name, "begun": _moment(run), "seconds": round(run.seconds, 2),
        "partial": run.partial, "binding": run.binding, "later": LATER, "exit_code": judging.exit_code(run),
        "levels": {
            level.name: {"verdict": level.verdict, "lines": {str(name): count for name, count in level.counts.items()}}
            for level in judging.levels(found)
        },
        "requirements": [
            {
                "id": line.requirement.id, "title": line.requirement.title, "level": line.requirement.level,
                "hostile": line.requirement.hostile, "verdict": line.verdict, "why": list(line.why),
                "not_shown": line.beyond, "checks": [result.check.name for result in line.results],
            }
            for line in found
        ],
        "checks": [
            {
                "name": result.check.name, "title": result.check.title, "requirements": list(result.check.ids),
                "chapter": result.check.chapter, "verdict": result.verdict, "why": result.why,
                "seconds": round(result.seconds, 3),
                "steps": [
                    {"sent": step.sent, "came": step.came, "due": step.due, "right": step.right} for step in result.steps
                ],
            }
            for result in run.results
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def _moment(run: Run) -> str:
    return datetime.fromtimestamp(run.begun, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_html(run: Run) -> str:
    """French; readable without script, printable."""
    environment = Environment(loader=PackageLoader("plp_conform"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    found = judging.lines(run)
    chapters: dict[str, list[Any]] = {}
    for result in run.results:
        chapters.setdefault(result.check.chapter, []).append(result)
    return environment.get_template("report.html").render(
        run=run, side=_SIDES[run.side], lines=found, levels=judging.levels(found), chapters=chapters, later=LATER,
        version=VERSION, marks=_MARKS, verdicts=list(Verdict), moment=datetime.fromtimestamp(run.begun, UTC),
        failed=[result for result in run.results if result.verdict is Verdict.FAILS],
        unverified=[result for result in run.results if result.verdict is Verdict.UNVERIFIED],
        tried=sum(result.verdict is not Verdict.NOT_CONCERNED for result in run.results),
        counts={verdict: sum(result.verdict is verdict for result in run.results) for verdict in Verdict},
    )  # fmt: skip


def as_text(run: Run) -> str:
    """The last lines of a run, on the terminal."""
    told = [f"{level.name}\u202f: {level.verdict} ({_counted(level)})" for level in judging.levels(judging.lines(run))]
    return "\n".join([*told, LATER])


def _counted(level: judging.LevelVerdict) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in level.counts.items() if count)
