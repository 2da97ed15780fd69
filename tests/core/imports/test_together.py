"""AC-02: lines that are one thing are brought side by side, never parted by a batch, left out together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.hooks.importing import ImportLine
from core.imports import tables
from core.imports import together
from core.imports.mapping import Bad
from core.imports.tables import Read


def table(*cells: tuple[str, ...], fault: int = 0) -> bytes:
    lines = (Read(number, row, "illisible" if number == fault else "") for number, row in enumerate(cells, 2))
    return tables.made(("n", "c", "x"), lines).data


def numbers(data: bytes) -> list[int]:
    return [row.number for row in tables.lines(data)]


def test_lines_of_one_name_stand_side_by_side_in_the_order_of_the_first() -> None:
    data = table(("A", "1", "l1\nl2"), ("B", "1", "x"), ("a ", "1", "é"), ("A", "2", "y"), ("b", "1", "z"))
    found, sizes = together.gathered(data, [0, 1])
    assert numbers(found) == [2, 4, 3, 6, 5]
    assert sizes == [2, 2, 1]
    assert next(iter(tables.lines(found))).cells[2] == "l1\nl2"
    assert together.gathered(found, [0, 1]) == (found, sizes)


def test_what_names_nothing_or_cannot_be_read_is_alone() -> None:
    found, sizes = together.gathered(table(("", "", "x"), ("A", "", ""), ("", "", "y"), ("A", "", ""), fault=5), [0, 1])
    assert (numbers(found), sizes) == ([2, 3, 4, 5], [1, 1, 1, 1])


def test_a_thing_of_too_many_lines_is_a_fault_of_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    found, _sizes = together.gathered(table(("A", "", "é;\"x\""), ("A", "", ""), ("B", "", ""), ("A", "", "")), [0])
    assert [bool(row.fault) for row in tables.lines(found)] == [True, True, True, False]
    assert next(iter(tables.lines(found))).cells[2] == "é;\"x\""


def lines(*bad: int) -> Iterator[ImportLine | Bad]:
    for number in range(6):
        line = ImportLine(number, {})
        yield Bad(line, "non", ("x",)) if number in bad else line


@pytest.mark.parametrize(("size", "after", "found"), [(1, 0, [2, 3, 1]), (3, 0, [5, 1]), (99, 0, [6])])
def test_a_batch_never_parts_a_thing(size: int, after: int, found: list[int]) -> None:
    assert [len(batch) for batch in together.batches(lines(), [2, 3, 1], size, after)] == found


def test_what_is_done_is_passed_over() -> None:
    rest = iter([ImportLine(5, {})])
    assert [[one.number for one in batch] for batch in together.batches(rest, [2, 3, 1], 1, 5)] == [[5]]  # type: ignore[union-attr]


def test_one_bad_line_leaves_its_whole_thing_out() -> None:
    [batch] = together.batches(lines(3), [2, 3, 1], 99, 0)
    assert [isinstance(one, Bad) for one in batch] == [False, False, True, True, True, False]
    told = batch[2]
    assert isinstance(told, Bad)
    assert "ligne 3" in told.why
    assert not told.fields
