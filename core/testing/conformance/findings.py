"""What the kit says: rules, findings, the level that they leave a plugin at."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Literal

Level = Literal["bronze", "argent", "or"]
LEVELS: tuple[Level, ...] = ("bronze", "argent", "or")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `where`: file:line from the package's folder on, where known."""

    rule: str
    what: str
    where: str = ""
    why: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a plugin of this level keeps to. `check` takes the workbench, or the subject where `apart`.

    `apart`: it reads files only, and can tell of a plugin that does not even start.
    """

    code: str
    title: str
    level: Level
    why: str
    todo: str
    check: Callable[[Any], Iterable[Finding]]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found. `level`: the highest that nothing stands against; None: not even bronze."""

    plugin: str
    version: str
    api: str
    findings: tuple[Finding, ...] = ()
    level: Level | None = None
    #: What stands between it and the next level: titles of rules, and what is not declared.
    lacks: tuple[str, ...] = ()
    #: What could not be tried, as sentences.
    untried: tuple[str, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def text(self) -> str:
        """As a person reads it."""
        lines = []
        for one in self.findings:
            lines += [f"✗ {one.rule} : {one.what}", *([f"    où : {one.where}"] if one.where else [])]
            lines += [f"    pourquoi : {one.why}", f"    à faire : {one.todo}"]
        lines += [f"({text})" for text in self.untried]
        count = len(self.findings)
        said = "rien à signaler" if self.sound else "1 écart" if count == 1 else f"{count} écarts"
        whole = f". Qualité : {self.level or 'aucune'}." if self.level or self.lacks else " dans les règles choisies."
        lines.append(f"{f'{self.plugin} {self.version}'.strip()} : {said}{whole}")
        if self.lacks:
            lines.append("Pour le niveau suivant : " + " ; ".join(self.lacks) + ".")
        return "\n".join(lines)
