"""The text of office files, inside the sandboxed process: what stands in their XML parts, without anything that it names.

Imported by `core/pdf/sandbox.py` only, in its process; it imports nothing of the application.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator

#: Signs of text kept of one file; bytes unpacked of one part and of all.
MAX_TEXT = 400_000
MAX_PART, MAX_PARTS = 32 * 1024 * 1024, 128 * 1024 * 1024
#: Parts that hold what people read, of Word, Excel, PowerPoint and OpenDocument files.
_PARTS = re.compile(
    r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml"
    r"|ppt/slides/slide\d+\.xml|content\.xml"
)
#: Elements after which a word ends.
_ENDS = frozenset({"p", "h", "si", "row", "tab", "br", "c", "is"})


def said(data: bytes) -> bytes:
    """JSON: `text`, `problem` («», «encrypted» or «broken»)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            found = "".join(_parts_of(box))[:MAX_TEXT]
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, SyntaxError):
        return json.dumps({"text": "", "problem": "broken"}).encode()
    except RuntimeError:  # an entry that asks for a password
        return json.dumps({"text": "", "problem": "encrypted"}).encode()
    kept = "".join(sign if ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF else " " for sign in found)
    return json.dumps({"text": " ".join(kept.split()), "problem": ""}).encode()


def _parts_of(box: zipfile.ZipFile) -> Iterator[str]:
    from lxml import etree

    # entities are not resolved: a part of a few bytes cannot become one of gigabytes, nor read a file
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    left = MAX_PARTS
    for one in box.infolist():
        if not _PARTS.fullmatch(one.filename):
            continue
        with box.open(one) as part:
            raw = part.read(min(MAX_PART, left) + 1)
        left -= len(raw)
        if left < 0 or len(raw) > MAX_PART:
            return
        for node in etree.fromstring(raw, parser).iter():
            name = etree.QName(node).localname if isinstance(node.tag, str) else ""
            if one.filename == "content.xml":
                if name in ("p", "h"):
                    yield " ".join([*node.itertext(), ""])
            elif name == "t" or (name == "v" and node.getparent().get("t") not in ("s", "b", "e")):
                yield (node.text or "") + (" " if name == "v" else "")
            elif name in _ENDS:
                yield " "
