"""Keeping the words: written by the services in the same transaction as what they find."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy import select

from core.db.session import TenantSession
from core.search.models import SearchVariant
from core.search.models import SearchWord
from core.search.words import correctable
from core.search.words import variants


def put(session: TenantSession, kind: str, ref: str, words: Iterable[str], *, learn: bool = True) -> None:
    """These words, and no other, find the thing from now on. `learn`: so that they are also proposed where one is mistyped."""
    wanted = set(words)
    mine = (SearchWord.kind == kind, SearchWord.ref == ref)
    known = set(session.scalars(select(SearchWord.word).where(*mine)))
    if gone := known - wanted:
        session.execute(
            delete(SearchWord).where(*mine, SearchWord.word.in_(gone)).execution_options(synchronize_session=False)
        )
    fresh = wanted - known
    _add(session, SearchWord, ((kind, ref, word) for word in sorted(fresh)))
    if learn:
        _learn(session, kind, correctable(fresh))


def remove(session: TenantSession, kind: str, ref: str) -> None:
    """Nothing finds the thing any more."""
    put(session, kind, ref, ())


def add(session: TenantSession, kind: str, words: Mapping[str, Iterable[str]]) -> None:
    """The words of many things that had none: id → its words. For work on many things at once."""
    found = {ref: set(some) for ref, some in words.items()}
    _add(session, SearchWord, _ordered(kind, found))
    _learn(session, kind, correctable({word for some in found.values() for word in some}))


def rebuild(session: TenantSession, kind: str, words: Mapping[str, Iterable[str]]) -> None:
    """All of a kind anew: id → its words. For loads that do not pass by the services, and after a restore."""
    for table in (SearchWord, SearchVariant):
        session.execute(delete(table).where(table.kind == kind).execution_options(synchronize_session=False))
    _add(session, SearchWord, _ordered(kind, words))
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
    _add(session, SearchVariant, ((kind, variant, word) for word, variant in pairs))


def _ordered(kind: str, words: Mapping[str, Iterable[str]]) -> list[tuple[str, str, str]]:
    """As they lie in the table: many rows at once then touch each of its pages once."""
    pairs = sorted((word, ref) for ref, some in words.items() for word in set(some))
    return [(kind, ref, word) for word, ref in pairs]


def _add(session: TenantSession, table: type[SearchWord] | type[SearchVariant], rows: Iterable[tuple[str, str, str]]) -> None:
    names = ("kind", "ref", "word") if table is SearchWord else ("kind", "variant", "word")
    session.put(table, names, rows)
