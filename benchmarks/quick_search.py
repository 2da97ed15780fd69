"""The quick search over the words of a million names, against the raw query that answers the same (RE-01)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks import book
from benchmarks.measure import Row
from benchmarks.measure import interleaved
from benchmarks.measure import ms
from core.extensions import db
from core.search.find import find

COUNT, PAIRS = 1_000_000, 25
#: A word, its beginning, two words, an accent, a typing error.
ASKED = ("garnier", "gar", "durand jer", "hélène riv", "durnad")
_RAW = text(
    "SELECT ref, word FROM search_word WHERE cabinet_id = :c AND kind = 'contact' AND word >= :w AND word < :e "
    "ORDER BY word, ref LIMIT 24"
)


def run() -> list[Row]:
    """On SQLite: the words of one cabinet with a million names."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, _people = book.cabinet(app, "banc")
        book.words(cabinet_id, COUNT)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        return [_row(cabinet_id, asked) for asked in ASKED]


def _row(cabinet_id: int, asked: str) -> Row:
    def ours() -> None:
        with db.session(cabinet_id, write=False) as session:
            assert find(session, "contact", asked, limit=5).refs

    word = {"durnad": "durand", "durand jer": "durand", "hélène riv": "helene"}.get(asked, asked)

    def raw() -> None:
        with db.engine.connect() as connection:
            found = connection.execute(_RAW, {"c": cabinet_id, "w": word, "e": f"{word}\U0010ffff"}).all()
            assert found

    mine, theirs = interleaved(ours, raw, pairs=PAIRS)
    ratio = mine / theirs
    return Row(f"«{asked}» of {COUNT:,} names", f"{ratio:.1f} × ({ms(mine)} and {ms(theirs)})", "≤ 5 ×", ratio <= 5)
