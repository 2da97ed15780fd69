"""AC-02: files of any delimiter and encoding, workbooks and cards become one table; bad ones are refused in a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from xlsxwriter import Workbook

from core.db.errors import DomainError
from core.imports import files
from core.imports import mapping
from core.imports import tables

TEXT = "Nom;Prénom;Ville\r\nLefèvre;Hélène;Nîmes\r\nMüller;Zoë;Besançon\r\nDupré;Gaëlle;Orléans\r\n"


def read(data: bytes, **told: str) -> tuple[tuple[str, ...], list[list[str]], dict[str, object]]:
    """Heads, cells, and how it was read."""
    table, how = files.read(data, dict(told))
    return table.heads, [list(line.cells) for line in tables.lines(table.data)], how


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("mac_roman", "mac_roman"), ("cp850", "cp850")],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters_are_guessed(encoding: str, told: str, delimiter: str) -> None:
    heads, lines, how = read(TEXT.replace(";", delimiter).encode(encoding))
    assert heads == ("Nom", "Prénom", "Ville")
    assert lines[0] == ["Lefèvre", "Hélène", "Nîmes"]
    assert (how["encoding"], how["delimiter"], how["count"]) == (told, delimiter, 3)


def test_two_encodings_in_one_file_are_read_line_by_line() -> None:
    one, two, three, four, _end = TEXT.split("\r\n")
    mixed = b"\r\n".join([one.encode(), two.encode("cp1252"), three.encode(), four.encode("cp1252")])
    assert [line[1] for line in read(mixed)[1]] == ["Hélène", "Zoë", "Gaëlle"]


def test_what_is_told_wins_over_what_is_guessed() -> None:
    assert read(TEXT.encode("mac_roman"), encoding="cp1252")[0][1] != "Prénom"
    assert read(b"a,b;c\n1,2;3\n4,5;6", delimiter=";")[0] == ("a,b", "c")


@pytest.mark.parametrize(
    ("text", "heads", "cells"),
    [
        ("sep=;\nA;B\n1;2", ("A", "B"), ["1", "2"]), ("\n\nA;B\n1;2\n\n", ("A", "B"), ["1", "2"]),
        ('A;B\n"1;x";"deux\nlignes"', ("A", "B"), ["1;x", "deux\nlignes"]),
        ("A;A;;B;;\n1;2;3;4", ("A", "A (2)", "Colonne C", "B"), ["1", "2", "3", "4"]),
        ("A;B\n1", ("A", "B"), ["1"]), ("A;B\r1;2", ("A", "B"), ["1", "2"]), ("Nom\nDurand\nMartin", ("Nom",), ["Durand"]),
    ],
)  # fmt: skip
def test_heads_and_cells(text: str, heads: tuple[str, ...], cells: list[str]) -> None:
    found, lines, _how = read(text.encode())
    assert (found, lines[0]) == (heads, cells)


def test_a_line_that_cannot_be_read_is_a_fault_of_its_own() -> None:
    table, _how = files.read(b"A;B\n1;2\n1;2;3\n" + b"x" * 11_000 + b";2\n3;4\n", {})
    lines = list(tables.lines(table.data))
    assert [bool(line.fault) for line in lines] == [False, True, True, False]
    assert [line.number for line in lines] == [2, 3, 4, 5]


def test_a_quote_that_is_never_closed_does_not_take_the_memory() -> None:
    table, _how = files.read(b'A;B\n1;2\n"' + b"x;y\n" * 60_000, {})
    assert any("guillemet" in line.fault for line in tables.lines(table.data))


def workbook(fill: object, name: str = "Clients", **parts: bytes) -> bytes:
    """A workbook; `fill` writes into its sheet, `parts` are put into the archive as they are."""
    kept = io.BytesIO()
    with Workbook(kept) as book:
        fill(book.add_worksheet(name), book)  # type: ignore[operator]
    if parts:
        with zipfile.ZipFile(kept, "a") as archive:
            for path, data in parts.items():
                archive.writestr(path.replace("__", "/"), data)
    return kept.getvalue()


def sheet(one: object, book: object) -> None:
    """Heads, a date, a number, a formula with its value, a link elsewhere."""
    one.write_row(0, 0, ["Nom", "Né le", "Capital", "Note"])  # type: ignore[attr-defined]
    one.write_row(1, 0, ["Durand", None, 1234.5])  # type: ignore[attr-defined]
    one.write_datetime(1, 1, date(1968, 3, 14), book.add_format({"num_format": "dd/mm/yyyy"}))  # type: ignore[attr-defined]
    one.write_formula(1, 3, "='[ailleurs.xlsx]F'!A1", None, "gardé")  # type: ignore[attr-defined]
    one.write_row(3, 0, ["Martin", "", 12])  # type: ignore[attr-defined]


def test_a_workbook_is_read_by_its_values() -> None:
    heads, lines, how = read(workbook(sheet))
    assert heads == ("Nom", "Né le", "Capital", "Note")
    assert lines == [["Durand", "1968-03-14", "1234.5", "gardé"], ["Martin", "", "12"]]
    assert (how["kind"], how["sheet"]) == ("xlsx", "Clients")


def far(one: object, _book: object) -> None:
    """A heading, and a cell at the far end of the sheet: what lies between is empty."""
    one.write_row(0, 0, ["Nom", "Prénom"])  # type: ignore[attr-defined]
    one.write_row(1, 0, ["Durand", "Jean"])  # type: ignore[attr-defined]
    one.write(1_048_575, 16_383, "loin")  # type: ignore[attr-defined]


def wide(one: object, _book: object) -> None:
    """Sixteen thousand columns."""
    one.write_row(0, 0, [f"c{place}" for place in range(16_384)])  # type: ignore[attr-defined]
    one.write(1, 0, "x")  # type: ignore[attr-defined]


BOMB = {"xl__media__bomb.bin": b"\0" * (320 * 1024 * 1024)}
REFUSED = [
    (b"", "vide"), (b"   \n", "format"), (b"Nom;Prenom\n", "aucune ligne"), (b"Nom;Prenom\n;\n;\n", "aucune ligne"),
    (";".join(f"c{place}" for place in range(10_000)).encode() + b"\n1;2\n", "10\u202f000 colonnes"),
    (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "format"), (b"%PDF-1.7 x", "format"), (bytes(range(256)) * 40, "format"),
    (b"<html><body>Nom</body></html>", "format"), (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "ancien"),
    (b"PK\x03\x04 nothing", "illisible"),
    (workbook(sheet, xl__vbaProject__bin=b"x").replace(b"xl/vbaProject/bin", b"xl/vbaProject.bin"), "macros"),
    (workbook(far), "étendue"), (workbook(wide), "colonnes"), (workbook(lambda *_: None), "vide"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED, ids=[said for _data, said in REFUSED])
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(DomainError, match=said) as refused:
        files.read(data, {})
    assert refused.value.field == "file"


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _time in range(310):
                part.write(b"\0" * 1024 * 1024)
    with pytest.raises(DomainError, match="démesuré"):
        files.read(kept.getvalue(), {})


def test_nul_signs_are_kept_to_be_refused_line_by_line() -> None:
    heads, lines, _how = read(b"Nom;Prenom\nDu\0rand;Jean\nMartin;Luc\n")
    assert heads == ("Nom", "Prenom")
    assert lines[1] == ["Martin", "Luc"]


CARDS = """BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;H=C3=A9l=C3=A8ne;;Mme;\r
TEL;CELL;PREF:+33612440819\r
TEL;WORK:0240112233\r
EMAIL;INTERNET;HOME:helene@example.fr\r
ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;12 rue de la R=C3=A9publique=\r
=2C b=C3=A2t. B;Nantes;;44000;France\r
BDAY:19680314\r
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQEAYABgAAD\r
 AAAAAAAAAAAAAAAAAAAAAAA\r
\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
PRODID:-//Apple Inc.//iPhone OS 17.5//EN\r
N:Durand;Jean;Marie;M.;\r
FN:Jean Durand\r
item1.TEL;type=pref:06 12 34 56 78\r
item1.X-ABLabel:_$!<Mobile>!$_\r
ORG:ACME\\, SARL;Compta\r
TITLE:Directeur\r
NOTE:bonjour\\nligne 2\\, oui\r
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01\r
CATEGORIES:Clients,Famille\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
N:Martin;Anne;;;\r
FN:Anne Martin\r
TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+33-6-98-76-54-32\r
EMAIL;PREF=2:autre@example.fr\r
EMAIL;TYPE=work;PREF=1:anne@example.fr\r
BDAY:--0501\r
END:VCARD\r
"""


def test_cards_of_three_versions() -> None:
    heads, lines, how = read(CARDS.encode())
    found = [dict(zip(heads, line, strict=True)) for line in lines]
    assert how["kind"] == "vcard"
    assert found[0] | {
        "Nom": "Lefèvre", "Prénoms": "Hélène", "Civilité": "Mme", "Téléphone mobile": "+33612440819",
        "Téléphone bureau": "0240112233", "Adresse": "12 rue de la République, bât. B", "Code postal": "44000", "Ville": "Nantes",
        "Date de naissance": "1968-03-14", "E-mail": "helene@example.fr",
    } == found[0]  # fmt: skip
    assert found[1] | {
        "Nom": "Durand", "Prénoms": "Jean Marie", "Société": "ACME, SARL", "Fonction": "Directeur", "Date de naissance": "",
        "Note": "bonjour\nligne 2, oui", "Autre téléphone": "06 12 34 56 78", "Catégories": "Clients, Famille",
    } == found[1]  # fmt: skip
    assert found[2] | {"Nom": "Martin", "Téléphone mobile": "+33-6-98-76-54-32", "E-mail": "anne@example.fr"} == found[2]
    assert found[2]["Date de naissance"] == ""


BAD_CARDS = {
    "nested": "BEGIN:VCARD\r\nN:A;B\r\n" * 5_000 + "END:VCARD\r\n" * 5_000,
    "endless line": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:A;B\r\nNOTE:" + "x" * 10_000_000 + "\r\nEND:VCARD\r\n",
    "many lines": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:A;B\r\n" + "TEL:1\r\n" * 100_000 + "END:VCARD\r\n",
    "cut": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:A;B\r\n",
    "nonsense": "BEGIN:VCARD\r\n\x01\x02;;;:::\r\n===\r\nEND:VCARD\r\n",
}


@pytest.mark.parametrize("name", list(BAD_CARDS))
def test_a_card_bomb_is_one_bad_line(name: str) -> None:
    good = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Martin;Anne\r\nEND:VCARD\r\n"
    data = (good + BAD_CARDS[name]).encode()
    table, _how = files.read(data, {})
    lines = list(tables.lines(table.data))
    assert [bool(line.fault) for line in lines] == [False, True]


def test_a_table_is_bounded_in_lines_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_LINES", 3)
    with pytest.raises(DomainError, match="plus de 3 lignes"):
        files.read(b"A\n1\n2\n3\n4\n", {})
    monkeypatch.setattr(tables, "MOST_LINES", 10)
    monkeypatch.setattr(tables, "MOST_TABLE", 20)
    with pytest.raises(DomainError, match="volumineux"):
        files.read(b"A\n1111111\n2222222\n3333333\n", {})


def test_heads_are_guessed_remembered_and_found_in_another_order() -> None:
    from core.hooks.importing import ImportField

    fields = (ImportField("name", "Nom", words=("Last Name",)), ImportField("mail", "E-mail", words=("Courriel",)))
    assert mapping.guessed(["courriel", "LAST NAME", "autre"], fields) == {"mail": 0, "name": 1}
    assert mapping.guessed(["Last name", "Nom"], fields) == {"name": 1}
    assert mapping.fingerprint(["A", "b"]) == mapping.fingerprint(["B", "a"]) != mapping.fingerprint(["A"])
    kept = mapping.by_head({"name": 1, "mail": 0}, ["x", "y"])
    assert mapping.recalled({**kept, "gone": "x"}, ["Y", "X"], fields) == {"name": 0, "mail": 1}
