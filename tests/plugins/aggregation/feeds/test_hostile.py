"""AGG-01: files that somebody made to harm, or deposited by mistake: a clear refusal, or records; never anything else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from core.api import feeds
from plugins.aggregation.formats.registry import FORMATS
from tests.plugins.aggregation.feeds.reading import FILES
from tests.plugins.aggregation.feeds.reading import file_of
from tests.plugins.aggregation.feeds.reading import refusal
from tests.plugins.aggregation.feeds.test_findatex import workbook

BY_KEY = {one.key: one for one in FORMATS}
SAMPLES = {
    "compte.ofx": "ofx", "titres.ofx": "ofx", "releve.camt053.xml": "camt", "releve.cfonb": "cfonb120", "emt.csv": "findatex",
    "boursobank_achat.txt": "statement", "boursobank_coupons.txt": "statement", "suravenir.txt": "statement",
}  # fmt: skip
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa">%s]>
<Document xmlns="camt.053"><BkToCstmrStmt><Stmt><Id>&i;</Id></Stmt></BkToCstmrStmt></Document>
""" % b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(8))


def refused(key: str, data: bytes, name: str = "x") -> feeds.FeedRefused:
    """What one format refuses the bytes with."""
    with pytest.raises(feeds.FeedRefused) as caught:
        list(feeds.records(BY_KEY[key], file_of(data, name)))
    return caught.value


def test_an_xml_bomb_does_not_go_off() -> None:
    """AGG-01: a billion laughs: the document declares entities, so it stays closed."""
    assert "DOCTYPE" in str(refused("camt", BOMB))
    assert "DOCTYPE" in str(refused("ofx", BOMB.replace(b"Document", b"OFX")))


def test_no_file_of_ours_is_read_for_them(tmp_path: Path) -> None:
    """AGG-01: an external entity names a file of the server: refused, and not in what is said."""
    secret = tmp_path / "secret"
    secret.write_text("tresor")
    declared = f'<!DOCTYPE Document [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    changed = (FILES / "releve.camt053.xml").read_bytes().replace(b"<Document", declared + b"<Document")
    error = refused("camt", changed.replace(b"DIALLO MARIE", b"&x;"))
    assert "DOCTYPE" in str(error)
    assert "tresor" not in str(error)


def test_elements_without_end() -> None:
    """AGG-01: depth, and a text of many megabytes."""
    deep = b'<Document xmlns="camt.053"><BkToCstmrStmt><Stmt>' + b"<a>" * 5_000
    assert "mal formé" in str(refused("camt", deep))
    assert "s'emboîtent sans fin" in str(refused("ofx", b"<OFX>" + b"<A>" * 5_000))
    assert "ne finit pas" in str(refused("ofx", b"<OFX><STMTTRN>" + b"<MEMO>x" * 6_000 + b"</OFX>"))
    assert "seul tenant" in str(refused("ofx", b"<OFX><MEMO>" + b"x" * 3_000_000))
    assert "pas de fin" in str(refused("ofx", b"<OFX><MEMO>" + b"<![CDATA[" * 200_000))
    assert refused("camt", b'<Document xmlns="camt.053"><BkToCstmrStmt><Stmt><Id>' + b"x" * 12_000_000)


def archive(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize("data", [
    archive({"../../etc/passwd": b"x"}), archive({"xl/workbook.xml": b"<a/>", "../x": b"x"}), b"PK\x03\x04" + b"\x00" * 40,
    archive({"xl/workbook.xml": b" " * 310 * 1024**2}), archive({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}),
    archive({"xl/workbook.xml": BOMB}),
])  # fmt: skip
def test_archives_stay_closed(data: bytes) -> None:
    """OU-09: zip slips, bombs, macros, what is no workbook: said in French, nothing is unpacked."""
    error = refused("findatex", data, "emt.xlsx")
    assert error.text[0].islower()
    assert error.text.endswith(".")


@pytest.mark.parametrize(("data", "what"), [
    (b"%PDF-1.7\n%\xe2\xe3", "un PDF"), (b"\x89PNG\r\n\x1a\n\x00", "une image"), (b"\xff\xd8\xff\xe0\x00", "une image"),
    (archive({"a": b"b"}), "archive"), (b"<!DOCTYPE html><html>", "page web"), (b"\x00\x01\x02\x03" * 50, "aucun format"),
    (b"Bonjour", "aucun format"),
])  # fmt: skip
@pytest.mark.parametrize("name", ["releve.ofx", "releve.xml", "x.bin"])
def test_another_kind_of_file_is_called_by_its_name(data: bytes, what: str, name: str) -> None:
    """AGG-01: a PDF or an image instead of an OFX: said so."""
    error = str(refusal(data, name))
    assert what in error or (name == "releve.ofx" and ("OFX" in error)), error


@pytest.mark.parametrize("key", ["ofx", "camt", "cfonb120", "statement"])
@pytest.mark.parametrize("data", [
    b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00\x01\x02\x03" * 50, b"\xff\xfe\x00\xd8\x00\xd8",
])  # fmt: skip
def test_each_reader_refuses_what_is_no_text(key: str, data: bytes) -> None:
    """AGG-01: also where a person chose the format."""
    assert str(refused(key, data))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_truncation_is_read_or_refused(name: str) -> None:
    """AGG-01: a transfer that broke off, anywhere."""
    data = (FILES / name).read_bytes()
    for end in range(1, len(data), max(1, len(data) // 150)):
        _harmless(SAMPLES[name], data[:end])


def _harmless(key: str, data: bytes) -> None:
    try:
        for _ in feeds.records(BY_KEY[key], file_of(data, "x")):
            pass
    except feeds.FeedRefused as error:
        refused_with = str(error)
        if not refused_with.rstrip(".\u202f:! "):
            pytest.fail("a refusal without a word")


def _mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    found = bytearray(data)
    for at, cut, put in changes:
        begin = at % (len(found) + 1)
        found[begin : begin + cut] = put
    return bytes(found)


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 16), st.integers(0, 40),
        st.one_of(st.binary(max_size=12), st.sampled_from([
            b"<", b">", b"</", b"&#0;", b"&lol;", b"]]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b";",
            b'"', b"-0", b"9" * 40, b"1e999", b"NaN", b"00000000", b"99999999", b"\xc3", "٣".encode(), "²".encode(), b"<OFX>",
            b"<Stmt>",
        ])),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_mutated_files_raise_nothing_else(name: str, changes: list[tuple[int, int, bytes]]) -> None:
    """AGG-01: bytes put in, cut out and replaced at random: records or `FeedRefused`, always an end."""
    _harmless(SAMPLES[name], _mutated((FILES / name).read_bytes(), changes))


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_mutated_workbooks_raise_nothing_else(changes: list[tuple[int, int, bytes]]) -> None:
    """OU-09: the same of a workbook, which a program of its own opens."""
    rows: list[list[object]] = [[f"{number:05d}_A" for number in range(1, 8)], ["V4.3", *range(6)]]
    _harmless("findatex", _mutated(workbook(rows), changes))


@pytest.mark.parametrize("sniff", [one.sniff for one in FORMATS])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(head=st.binary(max_size=300), name=st.text(max_size=12))
def test_sniffing_never_raises(sniff: Callable[[bytes, str], int], head: bytes, name: str) -> None:
    """AGG-01: a score from 0 to 100, whatever the bytes."""
    assert 0 <= sniff(head, name) <= 100
