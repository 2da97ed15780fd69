"""Statements as text, described rather than programmed: a document has marks, blocks, and lines that say fields.

Who adds a broker writes a `Document` and no code: `boursobank.py` and `suravenir.py` are two. A pattern is looked for in one
line at a time; its named groups are fields, whose names tell what they are (`FIELDS`). Keep patterns plain: no nested
repetition, since the text comes from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any
from typing import Literal

from core.api.feeds import FeedRefused
from core.api.feeds import Place
from plugins.aggregation.formats import figures

#: A figure as French statements print it, for use in patterns: «1 234,56», «3000,00», «240».
FIGURE = r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?|-?\d+(?:,\d+)?"
DAY = r"\d{2}/\d{2}/\d{4}"
ISIN = r"[A-Z]{2}[A-Z0-9]{9}\d"
_MONTHS = {name: number for number, name in enumerate(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(), 1  # noqa: SIM905
)}  # fmt: skip


def _figure(text: str, place: Place, what: str) -> Decimal:
    return figures.french(text, place, what)


def _day(text: str, place: Place, what: str) -> date:
    """«05/06/2020» or «5 juin 2020»."""
    words = text.lower().replace("1er", "1").split()
    if len(words) == 3 and words[1] in _MONTHS and words[0].isascii() and words[0].isdigit() and len(words[0]) < 3:
        text = f"{int(words[0]):02d}/{_MONTHS[words[1]]:02d}/{words[2]}"
    return figures.slashed_day(text, place, what)


def _text(text: str, place: Place, what: str) -> str:
    return " ".join(text.split())


_Read = Callable[[str, Place, str], Any]
#: Field → how it is read, how it is called where it is wrong. A group of another name is a text.
FIELDS: dict[str, tuple[_Read, str]] = {
    **{name: (_day, what) for name, what in (
        ("on", "la date"), ("price_on", "la date du cours"), ("dated", "la date du document"),
    )},
    **{name: (_figure, what) for name, what in (
        ("quantity", "la quantité"), ("price", "le cours"), ("value", "le montant"), ("gross", "le montant brut"),
        ("net", "le montant net"), ("fees", "les frais"), ("more_fees", "les frais"), ("taxes", "les taxes"),
        ("total", "le total"),
    )},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something. `after`: only the line that follows one like this. `required`: refused without it."""

    pattern: str
    after: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the document, from a line like `begin` to one like `end`, that gives things of one kind.

    With `row`, each line like it is one thing; else the block is one, of the fields that `lines` find within. `sum`: a line
    whose `total` the rows' `summed` field adds up to. `constants`: fields that the block has without saying them.
    """

    gives: Literal["movement", "position"]
    begin: str
    end: str = ""
    lines: tuple[Line, ...] = ()
    row: str = ""
    sum: Line | None = None
    summed: str = "value"
    constants: Mapping[str, str] = field(default_factory=dict)
    required: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document of one company. `marks`: each is found in some line; `head`: what is said once, of all blocks."""

    key: str
    company: str
    marks: tuple[str, ...]
    head: tuple[Line, ...]
    blocks: tuple[Block, ...]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """Fields that were found, each with its line."""

    fields: Mapping[str, Any]
    line: int  #: of the thing; of several lines, the last that was found
    lines: Mapping[str, int] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """None where it was not said."""
        return self.fields.get(name)


@dataclass(frozen=True, slots=True)
class Part:
    """A block that was read: its things, and the total that was printed below them, with its line."""

    block: Block
    things: tuple[Said, ...]
    total: Decimal | None
    total_line: int = 0


Text = list[tuple[int, str]]


def fits(document: Document, text: Text) -> bool:
    """Whether each mark is found."""
    return all(any(re.search(mark, line) for _, line in text) for mark in document.marks)


def head(document: Document, text: Text) -> Said:
    """What the document says of all its blocks. Raises `FeedRefused`."""
    return _found(document.head, text, dict(document.constants), 1)


def parts(document: Document, text: Text) -> Iterator[Part]:
    """The blocks, in the order of the description. Raises `FeedRefused`."""
    for block in document.blocks:
        inside = _between(block, text)
        if inside is None:
            if block.required:
                wanted = f"la rubrique attendue («\u202f{block.begin}\u202f»)"
                raise FeedRefused(f"ce document de {document.company} n'a pas {wanted}.", Place(1))
            continue
        if not block.row:
            yield Part(block, (_found(block.lines, inside, dict(block.constants), inside[0][0]),), None)
            continue
        things = []
        for number, line in inside:
            found = re.fullmatch(block.row, line.strip())
            if found:
                things.append(Said({**block.constants, **_fields(found, number)}, number))
        if not things:
            raise FeedRefused("cette rubrique n'a aucune ligne que l'on sait lire.", Place(inside[0][0]))
        said = _found((block.sum,), inside, {}, inside[0][0]) if block.sum else Said({}, 0)
        yield Part(block, tuple(things), said.get("total"), said.line)


def _between(block: Block, text: Text) -> Text | None:
    first = next((at for at, (_, line) in enumerate(text) if re.search(block.begin, line)), None)
    if first is None:
        return None
    last = len(text)
    if block.end:
        last = next((at for at in range(first + 1, len(text)) if re.search(block.end, text[at][1])), last)
    return text[first:last]


def _found(lines: tuple[Line, ...], text: Text, said: dict[str, Any], begins: int) -> Said:
    at, told = begins, dict[str, int]()
    for wanted in lines:
        hit = _first(wanted, text)
        if hit is None:
            if wanted.required:
                names = ", ".join(_called(name) for name in re.compile(wanted.pattern).groupindex)
                raise FeedRefused(f"ce document ne dit pas {names or 'ce que l’on attend de lui'}.", Place(begins))
            continue
        number, found = hit
        for name, value in _fields(found, number).items():
            said.setdefault(name, value)
            told.setdefault(name, number)
        at = number
    return Said(said, at, told)


def _first(wanted: Line, text: Text) -> tuple[int, re.Match[str]] | None:
    before = ""
    for number, line in text:
        if not wanted.after or re.search(wanted.after, before):
            found = re.search(wanted.pattern, line.strip())
            if found:
                return number, found
        before = line
    return None


def _fields(found: re.Match[str], number: int) -> dict[str, Any]:
    values = {}
    for name, text in found.groupdict().items():
        if text is not None and text.strip():
            read, what = FIELDS.get(name, (_text, name))
            values[name] = read(text, Place(number), what)
    return values


def _called(name: str) -> str:
    return FIELDS[name][1] if name in FIELDS else {"isin": "le code ISIN", "number": "le numéro du compte"}.get(name, name)
