"""Pages of a list, and the links between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import Generic
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: `number` counts from 1, `total` counts all pages' items."""

    items: tuple[T, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Pager:
    """What the pager macro shows. A link without a number is a gap."""

    summary: str
    number: int
    links: tuple[tuple[int | None, str | None], ...]
    previous_url: str | None
    next_url: str | None


def pager(page: Page[Any], url: Callable[[int], str]) -> Pager:
    """The links of a page: the first, the last, and the neighbours; `url` gives a page's address."""
    first = (page.number - 1) * page.size + 1 if page.total else 0
    shown = sorted(
        {1, page.pages, *range(max(1, page.number - 2), min(page.pages, page.number + 2) + 1)}
    )
    links: list[tuple[int | None, str | None]] = []
    for place, number in enumerate(shown):
        if place and number > shown[place - 1] + 1:
            links.append((None, None))
        links.append((number, url(number)))
    return Pager(
        summary=f"{_grouped(first)} à {_grouped(first + len(page.items) - 1 if page.total else 0)} "
        f"sur {_grouped(page.total)}",
        number=page.number,
        links=tuple(links),
        previous_url=url(page.number - 1) if page.number > 1 else None,
        next_url=url(page.number + 1) if page.number < page.pages else None,
    )


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
