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
from core.search.words import fold

COUNT, PAIRS = 1_000_000, 25
#: A word, its beginning, two words, an accent, a typing error.
ASKED = ("garnier", "gar", "durand jer", "hélène riv", "durnad")
_ONE = "SELECT w.ref, w.word FROM search_word w WHERE w.cabinet_id = :c AND w.kind = 'contact' AND w.word >= :w AND w.word < :e"
_AND = (
    " AND EXISTS (SELECT 1 FROM search_word o WHERE o.cabinet_id = w.cabinet_id AND o.kind = w.kind AND o.ref = w.ref "
    "AND o.word >= :o AND o.word < :f)"
)
_END = " ORDER BY w.word, w.ref LIMIT 24"


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

    word, *others = fold("durand" if asked == "durnad" else asked).split()
    values = {"c": cabinet_id, "w": word, "e": f"{word}\U0010ffff"}
    if others:
        values |= {"o": others[0], "f": f"{others[0]}\U0010ffff"}
    query = text(_ONE + (_AND if others else "") + _END)

    def raw() -> None:
        with db.engine.connect() as connection:
            assert connection.execute(query, values).all()

    mine, theirs = interleaved(ours, raw, pairs=PAIRS)
    ratio = mine / theirs
    shown = f"{ratio:.1f} × ({ms(mine)} and {ms(theirs)})"
    if asked == "durnad":  # no raw query corrects: beside it stands the one for the right word
        return Row(f"«{asked}» of {COUNT:,} names, corrected", shown, "told", True)
    return Row(f"«{asked}» of {COUNT:,} names", shown, "≤ 5 ×", ratio <= 5)
