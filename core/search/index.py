"""Keeping the words: written by the services in the same transaction as what they find."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from core.db.model import new_id
from core.db.session import TenantSession
from core.search.models import SearchVariant
from core.search.models import SearchWord
from core.search.words import correctable
from core.search.words import variants

#: Rows of one INSERT when a whole kind is made anew.
BATCH = 2000


def put(session: TenantSession, kind: str, ref: str, words: Iterable[str]) -> None:
    """These words, and no other, find the thing from now on."""
    wanted = set(words)
    mine = (SearchWord.kind == kind, SearchWord.ref == ref)
    known = set(session.scalars(select(SearchWord.word).where(*mine)))
    if gone := known - wanted:
        session.execute(
            delete(SearchWord).where(*mine, SearchWord.word.in_(gone)).execution_options(synchronize_session=False)
        )
    fresh = wanted - known
    _add(session, SearchWord, ({"kind": kind, "ref": ref, "word": word} for word in sorted(fresh)))
    _learn(session, kind, correctable(fresh))


def remove(session: TenantSession, kind: str, ref: str) -> None:
    """Nothing finds the thing any more."""
    put(session, kind, ref, ())


def add(session: TenantSession, kind: str, words: Mapping[str, Iterable[str]]) -> None:
    """The words of many things that had none: id → its words. For work on many things at once."""
    found = {ref: set(some) for ref, some in words.items()}
    _add(session, SearchWord, ({"kind": kind, "ref": ref, "word": word} for ref, some in found.items() for word in sorted(some)))
    _learn(session, kind, correctable({word for some in found.values() for word in some}))


def rebuild(session: TenantSession, kind: str, words: Mapping[str, Iterable[str]]) -> None:
    """All of a kind anew: id → its words. For loads that do not pass by the services, and after a restore."""
    for table in (SearchWord, SearchVariant):
        session.execute(delete(table).where(table.kind == kind).execution_options(synchronize_session=False))
    _add(session, SearchWord, ({"kind": kind, "ref": ref, "word": word} for ref, found in words.items() for word in set(found)))
    _learn(session, kind, correctable({word for found in words.values() for word in found}))


def _learn(session: TenantSession, kind: str, words: set[str]) -> None:
    """Remember the variants of words that the cabinet did not have yet."""
    known: set[str] = set()
    ordered = sorted(words)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        known |= set(
            session.scalars(
                select(SearchVariant.word).distinct().where(SearchVariant.kind == kind, SearchVariant.word.in_(some))
            )
        )
    pairs = ((word, variant) for word in sorted(words - known) for variant in sorted(variants(word)))
    _add(session, SearchVariant, ({"kind": kind, "variant": variant, "word": word} for word, variant in pairs))


def _add(session: TenantSession, table: type[SearchWord] | type[SearchVariant], rows: Iterable[dict[str, str]]) -> None:
    cabinet_id, batch = session.require_cabinet(), list[dict[str, object]]()
    for row in rows:
        batch.append({"cabinet_id": cabinet_id, "id": new_id(), **row})
        if len(batch) == BATCH:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)
