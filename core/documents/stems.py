"""Words of French texts brought to their stems: «bénéficiaires», «beneficiaire» and «Bénéficiaire» are one (AU-03).

Folded first, then stemmed (Snowball's French algorithm): what is typed without accents meets what is written with them,
since both lost theirs before anything was cut. The stems lie in the plain table of the quick search, so that SQLite and
PostgreSQL answer alike and both walls hold (ADR 042).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from core.search.words import LONGEST
from core.search.words import MOST
from core.search.words import fold

#: Different words of one document that are kept: a book has fewer.
MOST_STEMS = 6_000
#: Words that stand in nearly every text: they find nothing.
EMPTY = frozenset({
    "a", "au", "aux", "avec", "ce", "ces", "cet", "cette", "dans", "de", "des", "du", "elle", "elles", "en", "est", "et",
    "eux", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais", "me", "meme", "mes", "mon", "ne",
    "nos", "notre", "nous", "on", "ou", "par", "pas", "pour", "qu", "que", "qui", "sa", "se", "ses", "son", "sont", "sur",
    "ta", "te", "tes", "ton", "tu", "un", "une", "vos", "votre", "vous", "c", "d", "j", "l", "m", "n", "s", "t", "y",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_STEMMER = snowballstemmer.stemmer("french")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a folded word; a number is its own."""
    return str(_STEMMER.stemWord(word)) if word.isalpha() else word


def of_text(*texts: str) -> set[str]:
    """What the document is found by: the first `MOST_STEMS` different ones."""
    found: dict[str, None] = {}
    for word in _words(texts):
        if word not in EMPTY:
            found.setdefault(stem(word[:LONGEST]))
            if len(found) >= MOST_STEMS:
                break
    return set(found)


def asked(text: str) -> tuple[str, ...]:
    """What a query looks for: its words that say something, else all of them; the first six."""
    words = list(dict.fromkeys(_words([text])))
    said = [word for word in words if word not in EMPTY] or words
    return tuple(stem(word[:LONGEST]) for word in said[:MOST])


def _words(texts: Iterable[str]) -> list[str]:
    # word by word: what is folded is remembered, and a whole text is not worth remembering
    return [part for text in texts for word in _WORD.findall(text) for part in fold(word).split()]
