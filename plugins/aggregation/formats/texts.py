"""Bytes of a feed as text: lines, or pieces between two signs, a bit at a time, in whatever encoding a bank chose."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from core.api.feeds import FeedRefused
from core.api.feeds import Place
from core.api.feeds import kind_of_other

CHUNK = 64 * 1024
#: A text without an end of line, or without the sign that is looked for, is no feed beyond this.
LONGEST = 1024 * 1024
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def refuse_others(head: bytes, wanted: str) -> None:
    """Raise for a PDF, an image, an archive or other bytes that are no text. `wanted`: «un relevé OFX»."""
    what = kind_of_other(head)
    if what:
        raise FeedRefused(f"ce fichier est {what}, pas {wanted}. Demandez l'export du bon format à la source.", Place(1))
    if not head.startswith(tuple(_WIDE)) and b"\x00" in head and not _wide_without_mark(head):
        raise FeedRefused(f"ce fichier n'est pas du texte\u202f: ce n'est pas {wanted}.", Place(1))


def shown(head: bytes) -> str:
    """The beginning of a file as text, for `sniff`: whatever it is, nothing is raised."""
    wide = _wide(head)
    return head.decode(wide or "utf-8", "replace").lstrip("\ufeff")


def lines(stream: BinaryIO, wanted: str, *, longest: int = LONGEST) -> Iterator[tuple[int, str]]:
    """(number, line without its end). Ends are LF, CR LF or CR; each line is UTF-8 where it can be, else cp1252."""
    number = 0
    for number, text in enumerate(_split(stream, wanted, longest), 1):
        yield number, text
    if not number:
        raise FeedRefused(f"ce fichier est vide\u202f: ce n'est pas {wanted}.", Place(1))


def _split(stream: BinaryIO, wanted: str, longest: int) -> Iterator[str]:
    kept, number, old_mac = "", 0, None
    for piece in pieces(stream, wanted, b"\n\r", longest=longest):
        kept += piece
        if old_mac is None and len(kept) > 1:
            old_mac = "\n" not in kept and "\r" in kept[:-1]
        parts = kept.split("\n") if not old_mac else kept.split("\r")
        kept = parts.pop()
        for text in parts:
            number += 1
            yield text.rstrip("\r")
        if len(kept) > longest:
            raise FeedRefused(f"une ligne n'a pas de fin\u202f: ce n'est pas {wanted}.", Place(number + 1))
    if kept:
        yield kept.rstrip("\r")


def pieces(stream: BinaryIO, wanted: str, ends: bytes, *, longest: int = LONGEST) -> Iterator[str]:
    """The text in pieces, cut right before one of the signs `ends`, so that no letter falls apart."""
    head = stream.read(CHUNK)
    refuse_others(head, wanted)
    wide = _wide(head)
    if wide:
        yield from _wide_pieces(stream, head, wide, wanted)
        return
    rest = head.removeprefix(codecs.BOM_UTF8)
    while True:
        fresh = stream.read(CHUNK)
        if not fresh:
            break
        rest += fresh
        cut = max(rest.rfind(sign) for sign in ends)
        if cut > 0:
            yield _decoded(rest[:cut])
            rest = rest[cut:]
        elif len(rest) > longest + CHUNK:
            raise FeedRefused(f"ce fichier est d'un seul tenant\u202f: ce n'est pas {wanted}.", Place(1))
    if rest:
        yield _decoded(rest)


def _wide_pieces(stream: BinaryIO, head: bytes, encoding: str, wanted: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(head).lstrip("\ufeff")
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FeedRefused(f"ce fichier se dit en UTF-16 et ne l'est pas\u202f: ce n'est pas {wanted} lisible.") from error


def _decoded(data: bytes) -> str:
    """UTF-8 where it is: banks declare CHARSET:1252 and send UTF-8 as often as the other way round."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # one stray letter must not spoil the others: line by line
    parts = data.split(b"\n")
    found = []
    for part in parts:
        try:
            found.append(part.decode("utf-8"))
        except UnicodeDecodeError:
            found.append(part.decode("cp1252", "replace"))
    return "\n".join(found)


def _wide(head: bytes) -> str:
    for mark, name in _WIDE.items():
        if head.startswith(mark):
            return name
    return _wide_without_mark(head)


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 of a Western text has a zero in every second byte."""
    sample = head[:400]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) * 3 < len(sample) or min(odd, even) * 10 > len(sample):
        return ""
    return "utf-16-le" if odd >= even else "utf-16-be"
