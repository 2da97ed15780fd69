"""A program that runs beside ours: plugins name theirs, the supervisor runs them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field


@dataclass(frozen=True, slots=True)
class Program:
    """A command line; `ready` is an address that answers once it runs."""

    name: str
    command: list[str]
    ready: str | None = None
    env: dict[str, str] = field(default_factory=dict)
