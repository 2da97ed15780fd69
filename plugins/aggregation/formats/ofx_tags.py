"""OFX as a stream of small trees: SGML of version 1, where leaves have no end, and XML of version 2, by the same reader.

Both are tags and text. A leaf is a tag with text right after it, or one of those that never hold others; everything else
holds what follows, to its end. Entities are the five of XML and numbers: a DOCTYPE or ENTITY is refused, nothing expands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from core.api.feeds import FeedFile
from core.api.feeds import FeedRefused
from core.api.feeds import Place
from plugins.aggregation.formats import texts

WANTED = "un relevé OFX"
DEEPEST = 40
#: Tags of one record that is read as a tree; real ones have some forty.
LARGEST = 5_000
#: Leaves that come without any text, and in SGML without an end either.
_LEAVES = frozenset(
    "ACCTID ACCTKEY ACCTTYPE BALAMT BANKID BRANCHID BROKERID CATEGORY CHECKNUM COMMISSION CURDEF CURRATE CURSYM DESC DTASOF "  # noqa: SIM905
    "DTAVAIL DTEND DTPOSTED DTPRICEASOF DTSERVER DTSETTLE DTSTART DTTRADE DTUSER FEES FITID HELDINACCT INV401KSOURCE LANGUAGE "
    "LOAD MEMO MESSAGE MKTVAL NAME NAME2 POSTYPE REFNUM SECNAME SIC SRVRTID SUBACCTFUND SUBACCTSEC TAXES TICKER TOTAL "
    "TRANSACTIONSPLIT TRNAMT TRNTYPE TRNUID UNIQUEID UNIQUEIDTYPE UNITPRICE UNITS VALUEDATE WITHHOLDING".split()
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.:-]{0,63})(?:\s[^<>]{0,500})?(/?)>([^<]*)")
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MARK = "<![CDATA["


@dataclass(slots=True)
class Node:
    """A tag with its text, or with the tags that it holds."""

    name: str
    line: int
    text: str = ""
    inside: list[Node] = field(default_factory=list)

    def find(self, *names: str) -> Node | None:
        """The first such tag anywhere below, then the next name below that."""
        here: Node | None = self
        for name in names:
            here = here._first(name) if here is not None else None
        return here

    def _first(self, name: str) -> Node | None:
        for one in self.inside:
            if one.name == name:
                return one
            found = one._first(name)
            if found is not None:
                return found
        return None

    def said(self, *names: str) -> str:
        """Its text; empty where it is missing."""
        found = self.find(*names)
        return found.text if found is not None else ""

    def place(self, *names: str) -> Place:
        """Where that tag stands; where this one does, when it is missing."""
        found = self.find(*names)
        return Place((found or self).line, (found or self).name)


def trees(file: FeedFile, wanted: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """The trees and leaves of the tags `wanted`, each as it ends; («/», node) at the end of a tag outside of them.

    Raises `FeedRefused` for what is no OFX, and where the file ends within.
    """
    stack: list[Node] = []
    holding = 0  # how many of the stack, from its first wanted tag on, are kept as a tree
    began = ended = False
    kept = 0
    for line, close, name, empty, text in _tags(file):
        if ended:
            break
        if not began:
            began = name == "OFX" and not close
            if began:
                stack.append(Node(name, line))
            continue
        if close:
            place = next((at for at in range(len(stack) - 1, -1, -1) if stack[at].name == name), None)
            if place is None:
                continue  # the end of a leaf
            while len(stack) > place:
                node = stack.pop()
                if holding and len(stack) == holding - 1:
                    holding, kept = 0, 0
                    yield node.name, node
                elif not holding:
                    yield "/", node
            ended = not stack
            continue
        node = Node(name, line, text)
        if holding:
            kept += 1
            if kept > LARGEST:
                raise FeedRefused("un enregistrement ne finit pas\u202f: le fichier est abîmé.", Place(line, name))
            stack[-1].inside.append(node)
        if text or empty or name in _LEAVES:
            if not holding and name in wanted:
                yield name, node
            continue
        stack.append(node)
        if len(stack) > DEEPEST:
            raise FeedRefused("les balises s'emboîtent sans fin\u202f: le fichier est abîmé.", Place(line, name))
        if not holding and name in wanted:
            holding = len(stack)
    if not began:
        raise FeedRefused("ce fichier n'a pas de balise <OFX>\u202f: ce n'est pas un relevé OFX.", Place(1))
    if not ended:
        last = stack[-1]
        raise FeedRefused(f"le fichier est tronqué\u202f: <{last.name}> n'est pas refermé.", Place(last.line, last.name))


def _tags(file: FeedFile) -> Iterator[tuple[int, bool, str, bool, str]]:
    """(line, whether an end, name, whether empty, text right after it)."""
    line, rest = 1, ""
    with file.open() as stream:
        for piece in texts.pieces(stream, WANTED, b"<"):
            rest += piece
            # a mark that is cut in two waits for the next piece
            at = rest.find(_MARK, rest.rfind("]]>") + 1)
            cut = at if at >= 0 else max(rest.rfind("<"), 0)
            if len(rest) - cut > texts.LONGEST:
                raise FeedRefused("un texte n'a pas de fin\u202f: le fichier est abîmé.", Place(line))
            done, rest = rest[:cut], rest[cut:]
            yield from _parsed(done, line)
            line += done.count("\n")
        yield from _parsed(rest, line)


def _parsed(text: str, line: int) -> Iterator[tuple[int, bool, str, bool, str]]:
    hostile = _DECLARED.search(text) if "<!" in text else None
    if hostile:
        at_line = line + text.count("\n", 0, hostile.start())
        raise FeedRefused("ce fichier déclare des entités (DOCTYPE)\u202f: un relevé n'en a pas, il reste fermé.", Place(at_line))
    text = _unmarked(text)
    at = 0
    for found in _TAG.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        said = found[4].strip()
        if "&" in said:
            said = html.unescape(said).strip()
        yield line, bool(found[1]), found[2].upper(), bool(found[3]), said


def _unmarked(text: str) -> str:
    """Marked sections as plain text; each is looked at once, however many are left open."""
    parts, at = [], 0
    while (begin := text.find(_MARK, at)) >= 0 and (end := text.find("]]>", begin)) >= 0:
        parts += [text[at:begin], html.escape(text[begin + len(_MARK) : end], quote=False)]
        at = end + 3
    return "".join([*parts, text[at:]]) if parts else text
