"""Finding: every word of the query starts a word of the thing; else the nearest words are tried (RE-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.db.scope import kept
from core.db.session import TenantSession
from core.search.models import SearchVariant
from core.search.models import SearchWord
from core.search.words import MOST
from core.search.words import Asked
from core.search.words import asked
from core.search.words import correctable
from core.search.words import one_fault
from core.search.words import variants

#: Above every character: the end of a prefix's range.
_END = "\U0010ffff"
#: Corrections tried of one word.
CORRECTIONS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Ids, best first. `more`: there are others; `near`: the words that were taken instead of those typed."""

    refs: tuple[str, ...]
    more: bool = False
    near: tuple[str, ...] = ()


def find(session: TenantSession, kind: str, text: str, *, limit: int, among: Select[Any] | None = None) -> Found:
    """What a query finds of a kind, among the ids that a subquery gives (what the principal may see)."""
    query = asked(text)
    if not query.words and not query.wholes:
        return Found(())
    refs = _refs(session, kind, query, limit + 1, among)
    if refs:
        return Found(tuple(refs[:limit]), len(refs) > limit)
    corrected = _corrected(session, kind, query.words)
    if corrected is None:
        return Found(())
    refs = _by_words(session, kind, corrected, limit + 1, among)
    near = tuple(dict.fromkeys(word for options in corrected for word in options if word not in query.words))
    return Found(tuple(refs[:limit]), len(refs) > limit, near if refs else ())


def matching(kind: str, text: str) -> Select[str] | None:
    """The ids of all that a query finds, as a subquery for a list's conditions; None for a query without words.

    The list's own session scopes it. Nothing is corrected here: a list that answered something else would mislead.
    """
    query = asked(text)
    places = [[(whole,)] for whole in query.wholes]
    if query.words:
        places.append([(word,) for word in query.words])
    if not places:
        return None
    return select(SearchWord.ref).where(SearchWord.kind == kind, or_(*(_has(SearchWord, kind, words) for words in places)))


def _refs(session: TenantSession, kind: str, query: Asked, limit: int, among: Select[Any] | None) -> list[str]:
    """A number or an address as a whole first, then all the words."""
    found: list[str] = []
    for whole in query.wholes:
        found += _by_words(session, kind, [(whole,)], limit, among)
    if query.words and len(set(found)) < limit:
        found += _by_words(session, kind, [(word,) for word in query.words], limit, among)
    return list(dict.fromkeys(found))[:limit]


def _by_words(
    session: TenantSession, kind: str, words: Sequence[tuple[str, ...]], limit: int, among: Select[Any] | None
) -> list[str]:
    """Things that have, for each place, a word beginning with one of its options; the nearest in length first."""
    most: dict[str, Any] = {"most": limit * 4}
    if among is None and all(len(options) == 1 for options in words):
        begun = sorted((options[0] for options in words), key=len, reverse=True)
        most |= {"kind": kind} | {f"word{at}": word for at, word in enumerate(begun)}
        rows = session.rows(_begun(len(begun)), most | {f"end{at}": word + _END for at, word in enumerate(begun)})
    else:
        wanted = [SearchWord.kind == kind, _has(SearchWord, kind, words)]
        if among is not None:
            wanted.append(SearchWord.ref.in_(among))
        rows = session.execute(_found(wanted), most)
    return list(dict.fromkeys(row.ref for row in rows))[:limit]


@lru_cache(maxsize=MOST)
def _other(at: int) -> type[SearchWord]:
    """The words again, for another of those that were typed: made once, an alias copies every column of its table."""
    return aliased(SearchWord)


@lru_cache(maxsize=MOST)
def _begun(count: int) -> Select[str, str]:
    """The statement for so many words typed, made once: a letter typed asks for it again."""
    kind = bindparam("kind", type_=String())
    wanted = [SearchWord.kind == kind, _prefix(SearchWord, 0)]
    for at in range(1, count):
        other = _other(at)
        same = (other.cabinet_id == SearchWord.cabinet_id, other.kind == kind, other.ref == SearchWord.ref)
        wanted.append(exists().where(*same, _prefix(other, at)))
    return kept(_found(wanted))


def _prefix(table: Any, at: int) -> ColumnElement[bool]:
    word, end = (bindparam(f"{name}{at}", type_=table.word.type) for name in ("word", "end"))
    return and_(table.word >= word, table.word < end)


def _found(wanted: Sequence[ColumnElement[bool]]) -> Select[str, str]:
    found = select(SearchWord.ref, SearchWord.word).where(*wanted).order_by(SearchWord.word, SearchWord.ref)
    return found.limit(bindparam("most", type_=Integer()))


def _has(lead: Any, kind: str, words: Sequence[tuple[str, ...]]) -> ColumnElement[bool]:
    """A condition on a row of words: it begins as the longest asked for, and its thing has words for the others."""
    first, *others = sorted(words, key=lambda options: -len(options[0]))
    wanted = [_begins(lead, first)]
    for at, options in enumerate(others):
        other = _other(at)
        same = (other.cabinet_id == lead.cabinet_id, other.kind == kind, other.ref == lead.ref)
        wanted.append(exists().where(*same, _begins(other, options)))
    return and_(*wanted)


def _begins(table: Any, options: tuple[str, ...]) -> ColumnElement[bool]:
    if len(options) > 1:  # corrections are whole words
        return table.word.in_(options)  # type: ignore[no-any-return]
    return and_(table.word >= options[0], table.word < options[0] + _END)


def _corrected(session: TenantSession, kind: str, words: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The words with those that begin nothing replaced by their neighbours; None where nothing can be corrected."""
    made: list[tuple[str, ...]] = []
    changed = False
    for word in words:
        begun = select(SearchWord.ref).where(SearchWord.kind == kind, _begins(SearchWord, (word,))).limit(1)
        if session.scalar(begun) is not None or not correctable([word]):
            made.append((word,))
            continue
        near = session.scalars(
            select(SearchVariant.word).distinct()
            .where(SearchVariant.kind == kind, SearchVariant.variant.in_(variants(word))).limit(200)
        )  # fmt: skip
        options = sorted(option for option in near if one_fault(word, option))[:CORRECTIONS]
        if not options:
            return None
        made.append((*options, options[0]))  # two at least: whole words, not beginnings
        changed = True
    return made if changed else None
