"""AGG-01: the same movement is the same in the next file, whatever that file begins with."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from core.api import feeds
from plugins.aggregation.formats.registry import FORMATS
from tests.plugins.aggregation.feeds.reading import FILES
from tests.plugins.aggregation.feeds.reading import file_of
from tests.plugins.aggregation.feeds.reading import only
from tests.plugins.aggregation.feeds.reading import told


def prints(data: bytes, name: str) -> list[str]:
    return [one.fingerprint for one in only(told(data, name), feeds.MovementSeen)]


@pytest.mark.parametrize("name", [
    "compte.ofx", "titres.ofx", "releve.camt053.xml", "releve.cfonb", "boursobank_coupons.txt", "suravenir.txt",
])  # fmt: skip
def test_the_same_file_again(name: str) -> None:
    """AGG-01: re-dropping a file gives the same fingerprints, each of them once."""
    data = (FILES / name).read_bytes()
    first = prints(data, name)
    assert first
    assert first == prints(data, name)
    assert len(set(first)) == len(first)


def test_overlapping_files_agree() -> None:
    """AGG-01: with references and without: a file that begins later has the same fingerprints for what both hold."""
    ofx = (FILES / "compte.ofx").read_bytes()
    cut = ofx[: ofx.index(b"<STMTTRN><TRNTYPE>CREDIT")] + ofx[ofx.index(b"<STMTTRN><TRNTYPE>DEBIT") :]
    assert prints(cut, "x.ofx") == prints(ofx, "x.ofx")[1:]
    lines = (FILES / "releve.cfonb").read_bytes().splitlines(keepends=True)
    late = b"".join([lines[0].replace(b"280226", b"140326"), *lines[5:]])
    assert prints(late, "x.cfonb") == prints(b"".join(lines), "x.cfonb")[1:]


def test_twins_of_one_day_are_two() -> None:
    """AGG-01: two coffees at the same price, without reference, are told apart by their rank, in both files alike."""
    ofx = (FILES / "compte.ofx").read_bytes().replace(b"<FITID>A2", b"").replace(b"<FITID>A3", b"")
    begin, end = ofx.index(b"<STMTTRN><TRNTYPE>DEBIT"), ofx.index(b"<STMTTRN><TRNTYPE>SRVCHG")
    twice = ofx[:begin] + ofx[begin:end] * 2 + ofx[end:]
    found = prints(twice, "x.ofx")
    assert len(set(found)) == 4
    assert found[1] == prints(ofx, "x.ofx")[1]


def test_a_bank_that_numbers_anew_in_each_file_confuses_nothing() -> None:
    """AGG-01: FITID «1» on another day or with another amount is another movement."""
    ofx = (FILES / "compte.ofx").read_bytes()
    other = ofx.replace(b"<TRNAMT>-45.90", b"<TRNAMT>-46.90")
    assert [one == two for one, two in zip(prints(ofx, "x.ofx"), prints(other, "x.ofx"), strict=True)] == [True, False, True]


class Endless(io.RawIOBase):
    """An OFX of very many positions that is never in memory as a whole."""

    def __init__(self, count: int) -> None:
        data = (FILES / "titres.ofx").read_bytes()
        begin, end = data.index(b"<POSSTOCK>"), data.index(b"</POSSTOCK>") + 11
        self.parts = self._made(data[:begin], data[begin:end], count, data[end:])
        self.rest = b""

    @staticmethod
    def _made(head: bytes, one: bytes, count: int, tail: bytes) -> Iterator[bytes]:
        yield head
        for _ in range(count // 100):
            yield one * 100
        yield tail

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            part = next(self.parts, b"")
            if not part:
                break
            self.rest += part
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


def peak(count: int) -> int:
    file = feeds.FeedFile("x.ofx", 1000, lambda: Endless(count))  # type: ignore[arg-type, return-value]
    tracemalloc.start()
    seen = sum(isinstance(one, feeds.PositionSeen) for one in feeds.records(FORMATS[0], file))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == count + 1
    return found


def test_positions_pass_in_flat_memory() -> None:
    """AGG-01: ten times the positions take no more memory."""
    peak(100)
    assert peak(5_000) < 1.3 * peak(500)


def test_what_is_too_large_is_said_before_it_is_opened() -> None:
    """AGG-01: each format has a bound, and names it."""

    def never() -> io.BytesIO:
        raise AssertionError("it was opened")

    for one in FORMATS:
        large = feeds.FeedFile("x", one.most_bytes + 1, never)
        with pytest.raises(feeds.FeedRefused, match=r"(512|64) Mio au plus|512 Kio au plus"):
            list(feeds.records(one, large))


def test_an_empty_file_is_refused() -> None:
    """AGG-01: no bytes, and no format."""
    with pytest.raises(feeds.FeedRefused, match="vide"):
        feeds.best(FORMATS, file_of(b"", "x.ofx"))
    with pytest.raises(feeds.FeedRefused, match="vide"):
        list(feeds.records(FORMATS[0], file_of(b"", "x.ofx")))
