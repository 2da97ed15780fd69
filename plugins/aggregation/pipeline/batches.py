"""Blocks of a file some at a time: what they need is read, and what they say is written, in a few statements for all."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass

from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline import planning
from plugins.aggregation.pipeline.blocks import Block
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.planning import Plan

#: Accounts, and lines, of one batch: what memory holds at once, whatever the file's size.
ACCOUNTS, LINES = 100, 5_000
Ranked = tuple[int, Block]


@dataclass(frozen=True, slots=True)
class Planned:
    """A block, its rank in its file, the source's account, and what the block changes of ours."""

    rank: int
    row: FeedAccount
    block: Block
    plan: Plan


def cut(read: Iterable[Block]) -> Iterator[list[Ranked]]:
    """Blocks with their ranks, no account twice in one batch: what is said of it first is written before the rest is read."""
    some, keys, lines = list[Ranked](), set[str](), 0
    for rank, block in enumerate(read):
        key = block.account.key if block.account else ""
        if key in keys or len(some) >= ACCOUNTS or lines >= LINES:
            yield some
            some, keys, lines = [], set(), 0
        some.append((rank, block))
        keys |= {key} if key else set()
        lines += len(block.positions) + len(block.movements)
    if some:
        yield some


def planned(
    session: TenantSession, by: Adviser, some: Iterable[Ranked], format_key: str, partner: str
) -> Iterator[list[Planned]]:
    """What a batch changes: its accounts are made known and attached, then all that it needs is read at once.

    Where two of the source's accounts fill one of ours, the second is in a list of its own, read once the first is written.
    """
    ranked = [(rank, block, block.account) for rank, block in some if block.account is not None]
    seen = linking.seen(session, [(named, linking.origin_of(named, format_key)) for _rank, _block, named in ranked])
    groups, ours = list[list[tuple[int, FeedAccount, Block]]]([[]]), set[str]()
    for row, (rank, block, _named) in zip(seen, ranked, strict=True):
        linking.settle(session, by, row, partner)
        if row.account_id in ours:
            groups, ours = [*groups, []], set()
        ours |= {row.account_id} if row.account_id else set()
        groups[-1].append((rank, row, block))
    for group in groups:
        around = planning.around(session, [(row, block) for _rank, row, block in group])
        yield [Planned(rank, row, block, planning.plan(session, row, block, around)) for rank, row, block in group]
