"""Tables and address cards told by their bytes: CSV has no signature, so it is what is text and nothing else."""

from __future__ import annotations

import codecs
import re

CSV = "text/csv"
VCARD = "text/vcard"
#: Markup that is no page and no picture: a bank's message, OFX 2.
XML = "application/xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED = 64 * 1024
#: Control signs that no text has: a share of them tells bytes of another kind. NUL is counted apart, for UTF-16.
_CONTROL = bytes(set(range(1, 32)) - {9, 10, 11, 12, 13, 26, 27, 30, 31})
_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ\x90", b"\x7fELF", b"\xd0\xcf\x11\xe0")
_MESSAGE = re.compile(rb"\s*<\?(?:xml|ofx)\b(?!.{0,2000}<(?:svg|html|!doctype)\b)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|svg)", re.IGNORECASE)


def of(data: bytes) -> str | None:
    """One of the four media types, or None."""
    head = data[:_LOOKED]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return XLSX
    if not head.strip() or head.startswith(_OTHERS):
        return None
    plain = head.removeprefix(codecs.BOM_UTF8)
    if _MESSAGE.match(plain):
        return XML
    if _MARKUP.match(plain) or _strange(head):
        return None
    narrow = plain.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return VCARD if re.match(rb"\s*BEGIN:VCARD\s", narrow, re.IGNORECASE) else CSV


def _strange(head: bytes) -> bool:
    """Bytes that are no text in any encoding: too many control signs, or NULs that are not every second byte."""
    control = sum(head.count(sign) for sign in _CONTROL)
    if control > len(head) // 200 + 2:
        return True
    zeros = head.count(0)
    wide = head.startswith(_WIDE) or max(head[0::2].count(0), head[1::2].count(0)) > len(head) // 8
    return zeros > len(head) // 50 + 2 and not wide
