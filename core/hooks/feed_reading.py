"""Which format a file has, and its records as they are taken: bounded, movements recognised again in the next file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace

from core.hooks.feeds import HEAD
from core.hooks.feeds import AccountSeen
from core.hooks.feeds import FeedFile
from core.hooks.feeds import FeedFinding
from core.hooks.feeds import FeedFormat
from core.hooks.feeds import FeedRecord
from core.hooks.feeds import FeedRefused
from core.hooks.feeds import MovementSeen
from core.hooks.feeds import Place
from core.hooks.feeds import SupportFact

#: Findings that one file may give: beyond, it is not of that format in any useful way.
MOST_FINDINGS = 5_000


def best(formats: Iterable[FeedFormat], file: FeedFile) -> FeedFormat:
    """The format that is surest of the file; of two that are as sure, the first. Raises `FeedRefused` where none is."""
    with file.open() as stream:
        head = stream.read(HEAD)
    if not head:
        raise FeedRefused("ce fichier est vide\u202f: choisissez-en un autre.")
    name = file.name.lower()
    found, score = None, 0
    for one in formats:
        sure = one.sniff(head, name)
        if sure > score:
            found, score = one, sure
    if found is None:
        raise FeedRefused(f"ce fichier n'est d'aucun format connu{_resembles(head)}\u202f: demandez un autre export à la source.")
    return found


def records(kind: FeedFormat, file: FeedFile) -> Iterator[FeedRecord]:
    """The file's records, each movement with its fingerprint. Raises `FeedRefused`, also half-way: then nothing counts."""
    if file.size > kind.most_bytes:
        raise FeedRefused(f"ce fichier est trop volumineux\u202f: {bound(kind)} au plus pour ce format. Découpez-le.")
    if not file.size:
        raise FeedRefused("ce fichier est vide\u202f: choisissez-en un autre.")
    seen: dict[bytes, int] = {}
    useful, findings = False, 0
    for record in kind.read(file):
        if isinstance(record, MovementSeen):
            record = replace(record, fingerprint=_fingerprint(record, seen))
        elif isinstance(record, FeedFinding):
            findings += 1
            if findings > MOST_FINDINGS:
                raise FeedRefused(f"plus de {MOST_FINDINGS} anomalies\u202f: ce fichier n'est pas exploitable.", record.place)
        useful = useful or isinstance(record, AccountSeen | SupportFact | FeedFinding)
        yield record
    if not useful:
        raise FeedRefused("ce fichier ne contient ni compte ni support\u202f: il n'y a rien à en tirer.", Place(1))


def bound(kind: FeedFormat) -> str:
    """«512 Mio», «512 Kio»: the most that a file of a format may weigh."""
    large = kind.most_bytes >= 1024**2
    return f"{kind.most_bytes // (1024**2 if large else 1024)} {'Mio' if large else 'Kio'}"


def _fingerprint(one: MovementSeen, seen: dict[bytes, int]) -> str:
    """Banks number movements anew in each file («1», «2»…), so that a reference counts only beside day and amount."""
    told = ("ref", one.reference) if one.reference else ("label", " ".join(one.label.split()).casefold())
    isin = (one.support.isin or one.support.code or one.support.label) if one.support else ""
    units = "" if one.quantity is None else str(one.quantity.normalize())
    said = (one.account, one.on.isoformat(), str(one.amount.normalize()), one.currency, *told, isin, units)
    digest = hashlib.sha256("\x1f".join(said).encode("utf-8", "replace"))
    short = digest.digest()[:12]
    rank = seen[short] = seen.get(short, 0) + 1
    digest.update(f"\x1f{rank}".encode())
    return digest.hexdigest()[:40]


#: First bytes of what people deposit by mistake → what it is.
_OTHERS = (
    (b"%PDF", "un PDF"), (b"\x89PNG", "une image"), (b"\xff\xd8\xff", "une image"), (b"GIF8", "une image"),
    (b"II*\x00", "une image"), (b"MM\x00*", "une image"), (b"PK\x03\x04", "une archive ou un classeur"),
    (b"\xd0\xcf\x11\xe0", "un ancien document Office"), (b"\x1f\x8b", "une archive"), (b"7z\xbc\xaf", "une archive"),
    (b"Rar!", "une archive"), (b"<!DOCTYPE html", "une page web"), (b"<html", "une page web"), (b"MZ", "un programme"),
)  # fmt: skip


def kind_of_other(head: bytes) -> str:
    """«un PDF», «une image»… where the first bytes tell something that is no feed; empty otherwise."""
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((what for mark, what in _OTHERS if bare[: len(mark)].lower() == mark.lower()), "")


def _resembles(head: bytes) -> str:
    what = kind_of_other(head)
    return f" (c'est {what})" if what else ""
