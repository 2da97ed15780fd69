"""Lines that are one thing brought side by side: an account whose positions are a line each, wherever they stand in the file.

The table is put in a new order, which the same file and mapping always give: what is counted as done holds from run to run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import islice

from core.hooks.importing import ImportLine
from core.imports.mapping import Bad
from core.imports.tables import Read
from core.search.words import fold

#: Lines of one thing; a thing of more is a fault of all of them.
MOST = 2_000


def gathered(data: bytes, places: Sequence[int]) -> tuple[bytes, list[int]]:
    """The table with the lines that agree in these columns side by side, in the order of the first of each; how many each has.

    A line that names nothing, or cannot be read, is alone.
    """
    spans: list[list[tuple[int, int]]] = []
    known: dict[tuple[str, ...], int] = {}
    start = 0
    for end, row in _records(data):
        key = () if row.fault else tuple(fold(row.cells[at]) if at < len(row.cells) else "" for at in places)
        group = known.setdefault(key, len(spans)) if any(key) else len(spans)
        if group == len(spans):
            spans.append([])
        spans[group].append((start, end))
        start = end
    out = io.BytesIO()
    for group_spans in spans:
        faulty = len(group_spans) > MOST
        for begin, end in group_spans:
            out.write(_faulty(data[begin:end]) if faulty else data[begin:end])
    return out.getvalue(), [len(some) for some in spans]


def batches(
    lines: Iterator[ImportLine | Bad], sizes: Sequence[int], size: int, after: int
) -> Iterator[list[ImportLine | Bad]]:  # fmt: skip
    """Whole things, `size` lines or a few more; `after` lines are done. Where one line of a thing is bad, all of it is."""
    batch: list[ImportLine | Bad] = []
    for count in sizes:
        if after > 0:
            after -= count
            continue
        batch += _whole(list(islice(lines, count)))
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _whole(some: list[ImportLine | Bad]) -> list[ImportLine | Bad]:
    bad = next((one for one in some if isinstance(one, Bad)), None)
    if bad is None or len(some) == 1:
        return some
    why = f"La ligne {bad.line.number}, du même ensemble, est en erreur\u202f: aucune n'est importée."
    return [one if isinstance(one, Bad) else Bad(one, why) for one in some]


def _records(data: bytes) -> Iterator[tuple[int, Read]]:
    """Each line of the table with the place where it ends: a cell may hold line breaks."""
    place = 0

    def physical() -> Iterator[str]:
        nonlocal place
        for line in io.BytesIO(data):
            place += len(line)
            yield line.decode("utf-8")

    for row in csv.reader(physical()):
        yield place, Read(int(row[0]), row[2:], row[1])


def _faulty(record: bytes) -> bytes:
    """The same line, refused."""
    row = next(csv.reader(io.StringIO(record.decode("utf-8"), newline="")))
    row[1] = f"Plus de {MOST} lignes portent le même numéro\u202f: vérifiez la colonne choisie."
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue().encode()


def places(keys: Sequence[str], mapping: dict[str, int]) -> list[int]:
    """The columns of these fields, those that are mapped."""
    return [mapping[key] for key in keys if key in mapping]


