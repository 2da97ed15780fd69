"""A kept file read into blocks, aside from any transaction: whole or refused, and no more than one account at a time held."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import IO
from typing import Any

from core.api import Context
from core.api import feeds
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile as Seen
from core.api.feeds import FeedFinding
from core.api.feeds import FeedRefused
from core.api.feeds import HolderSeen
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from plugins.aggregation.pipeline.blocks import Block
from plugins.aggregation.pipeline.blocks import blocks

#: Bytes of blocks that memory holds; beyond, they wait in a file that nobody else can open.
IN_MEMORY = 4 * 1024 * 1024


def _as_call(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    values = attrgetter(*(one.name for one in fields(kind)))
    return lambda record: (kind, values(record))


#: Records are kept as the calls that make them: what dataclasses do by themselves costs four times as much.
_AS_CALLS: dict[type, Callable[[Any], Any]] = {
    kind: _as_call(kind)
    for kind in (Place, HolderSeen, AccountSeen, BalanceSeen, SupportSeen, PositionSeen, MovementSeen, FeedFinding)
}


class Read:
    """A file that was read to its end. Its blocks can be gone through more than once."""

    def __init__(self, key: str, label: str, name: str) -> None:
        self.key, self.label, self.name = key, label, name
        self._kept: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as this
        self.count = 0

    def __del__(self) -> None:
        self._kept.close()

    def add(self, block: Block) -> None:
        """One more."""
        pickler = pickle.Pickler(self._kept, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = _AS_CALLS
        pickler.dump(block)
        self.count += 1

    def __iter__(self) -> Iterator[Block]:
        self._kept.seek(0)
        for _rank in range(self.count):
            yield pickle.load(self._kept)  # noqa: S301 - written above, by this process


def read(ctx: Context, cabinet_id: int, name: str, size: int, sha256: str) -> Read:
    """Read a kept file. Raises `FeedRefused`: then nothing of it counts."""
    path = feeds.store(cabinet_id).path(sha256)
    file = Seen(name, size, lambda: path.open("rb"))
    formats = feeds.known(ctx)
    kind = feeds.best([one for _key, one in formats], file)
    key = next(key for key, one in formats if one is kind)
    made = Read(key, kind.label, name)
    accounts = facts = 0
    for block in blocks(feeds.records(kind, file)):
        accounts, facts = accounts + (block.account is not None), facts + block.facts
        made.add(block)
    if facts and not accounts:
        raise FeedRefused("ce fichier décrit des supports et ne parle d'aucun compte\u202f: il s'importe depuis Outils.")
    if not accounts:
        raise FeedRefused("ce fichier ne nomme aucun compte\u202f: il n'y a rien à rattacher.")
    return made
