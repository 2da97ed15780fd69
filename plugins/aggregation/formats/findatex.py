"""FinDatEx files as XLSX or CSV: what providers state of supports (EMT, EPT, EET), field by field (OU-09).

The row of titles is the one with «00010_…» in its cells; columns stand in any order. Each field is kept as it is given, with
its day, the template's version and its name: percentages are ratios there (0.0259 is 2.59 %).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from core.api.db import DomainError
from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import Place
from core.api.feeds import sheet_rows
from plugins.aggregation.formats import findatex_rows
from plugins.aggregation.formats import texts
from plugins.aggregation.formats.findatex_templates import BY_HEAD
from plugins.aggregation.formats.findatex_templates import Template

WANTED = "un fichier FinDatEx (EMT, EPT ou EET)"
MOST_BYTES = 64 * 1024 * 1024
#: A workbook is unpacked in memory, in a program of its own.
MOST_WORKBOOK = 25 * 1024 * 1024
#: Lines among which the titles are looked for; columns that are looked at; characters of a cell.
LOOKED, WIDEST, LONGEST = 40, 2_000, 12_000
_HEAD = re.compile(r"\s*(\d{5})\s*[_ ]\s*(\S.*)", re.DOTALL)
Row = tuple[int, Sequence[str]]


def sniff(head: bytes, name: str) -> int:
    """Titles of fields in a text; of a workbook, its name alone: its inside is packed."""
    if head.startswith(b"PK\x03\x04"):
        told = re.search(r"(?:^|[^a-z])(emt|ept|eet|findatex)(?:[^a-z]|$)", name)
        return 60 if told and name.endswith(".xlsx") else 15 if name.endswith(".xlsx") else 0
    text = texts.shown(head)
    return 90 if re.search(r"\d{5}_E[MPE]T_", text) or len(re.findall(r"\b\d{5}_[A-Z]", text)) >= 5 else 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """Raises `FeedRefused`: no template, an unknown version, twice the same column, a workbook that is hostile."""
    with file.open() as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    rows = _sheet(file) if packed else _delimited(file)
    template, columns, line = _titles(rows)
    fields = template.fields
    unknown = [(at, name) for at, (number, name) in columns.items() if number not in fields]
    if unknown:
        names = ", ".join(name[:60] for _, name in unknown[:5])
        wrong = f"{len(unknown)} colonnes ne sont pas du gabarit {template.key.upper()}"
        text = f"{wrong}\u202f: elles ne sont pas reprises ({names})."
        yield FeedFinding("info", "columns", text, Place(line))
    known = {at: fields[number] for at, (number, _) in columns.items() if number in fields}
    count = 0
    for number, cells in rows:
        said = {one.number: text for at, one in known.items() if at < len(cells) and (text := _bare(cells[at]))}
        if said:
            count += 1
            yield from findatex_rows.row(template, said, number)
    if not count:
        raise FeedRefused("ce fichier n'a aucune ligne sous ses titres.", Place(line))


def _titles(rows: Iterator[Row]) -> tuple[Template, dict[int, tuple[str, str]], int]:
    """The template, column → (number, name), and the line of the titles."""
    for at, (line, cells) in enumerate(rows):
        if at >= LOOKED:
            break
        heads = {place: hit for place, cell in enumerate(cells) if (hit := _HEAD.match(cell))}
        found = {place: (hit[1], f"{hit[1]}_{'_'.join(hit[2].split())}") for place, hit in heads.items()}
        if len(found) < 5:
            continue
        names = {name.lower() for _, name in found.values()}
        template = next((one for head, one in BY_HEAD.items() if head in names), None)
        if template is None:
            raise FeedRefused("ces titres ne disent pas de quel gabarit ils sont (EMT, EPT ou EET).", Place(line))
        seen: dict[str, str] = {}
        for number, name in found.values():
            if number in seen:
                raise FeedRefused(f"la colonne {name[:60]} est là deux fois.", Place(line))
            seen[number] = name
        return template, found, line
    raise FeedRefused(f"aucune ligne de titres numérotés («\u202f00010_…\u202f»)\u202f: ce n'est pas {WANTED}.", Place(1))


def _bare(cell: str) -> str:
    """A cell without what stands for nothing: some producers write two quotes."""
    text = cell.strip()
    return "" if text in ('""', "''", '"', "-") else text[:LONGEST]


def _sheet(file: FeedFile) -> Iterator[Row]:
    if file.size > MOST_WORKBOOK:
        raise FeedRefused(f"ce classeur est trop volumineux\u202f: {MOST_WORKBOOK // 1024**2} Mio au plus. Demandez-le en CSV.")
    with file.open() as stream:
        data = stream.read(MOST_WORKBOOK + 1)
    try:
        head, rows = sheet_rows(data)
        chosen = _chosen(head["sheets"])
        if chosen and chosen != head["sheet"]:
            _, rows = sheet_rows(data, sheet=chosen)
        for row in rows:
            yield row.number, row.cells
    except DomainError as error:
        raise FeedRefused(f"{error.text[:1].lower()}{error.text[1:]}") from error


def _chosen(sheets: object) -> str:
    """The sheet that is called by a template, where there are several."""
    names = [one for one in sheets if isinstance(one, str)] if isinstance(sheets, Iterable) else []
    return next((one for one in names if len(names) > 1 and re.match(r"\W*(EMT|EPT|EET)\b", one.upper())), "")


def _delimited(file: FeedFile) -> Iterator[Row]:
    with file.open() as stream:
        sample = texts.shown(stream.read(64 * 1024))
    titles = next((line for line in sample.splitlines() if len(re.findall(r"\d{5}_", line)) >= 5), "")
    delimiter = max(";,\t|", key=titles.count)
    with file.open() as stream:
        numbered = texts.lines(stream, WANTED)
        at = 0

        def told() -> Iterator[str]:
            nonlocal at
            for at, text in numbered:  # noqa: B007 - read outside, beside the row
                yield f"{text}\n"

        reader = csv.reader(told(), delimiter=delimiter)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise FeedRefused("cette ligne est illisible\u202f: un guillemet n'est pas refermé.", Place(at)) from error
            yield at, cells[:WIDEST]


FORMAT = FeedFormat("findatex", "FinDatEx (EMT, EPT, EET)", (".xlsx", ".csv"), sniff, read, MOST_BYTES)
