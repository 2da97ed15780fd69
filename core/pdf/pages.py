"""Pages of a deposited document as images and as text, inside the sandboxed process: PDFium for PDF, Pillow for pictures.

Imported by `core/pdf/sandbox.py` only, in its process; it imports nothing of the application.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
from typing import Any

#: Pages that are shown; the document itself may have more, and can be downloaded whole.
MAX_PAGES = 300
#: Signs of text kept of one page, and of the whole.
MAX_TEXT, MAX_TEXTS = 20_000, 400_000
#: Pixels of one page's image: 4 bytes each while it is drawn.
MAX_PIXELS = 6_000_000
#: Pixels of a deposited picture before it is made smaller: what a scanner makes of an A3 sheet at 600 dpi.
MAX_PICTURE = 80_000_000
#: Side of a portrait, in pixels: the largest avatar on a screen of three pixels a point.
PORTRAIT = 256
_ENCRYPTED = "encrypted"
_BROKEN = "broken"


def sheets(data: bytes) -> bytes:
    """JSON: `total`, `sheets` (width and height in points, text), `problem` («», «encrypted» or «broken»)."""
    if not _is_pdf(data):
        return _json(_picture(data))
    try:
        document = _open(data)
    except ValueError as error:
        return _json({"total": 0, "sheets": [], "problem": str(error)})
    found, left = [], MAX_TEXTS
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        width, height = page.get_size()
        text = ""
        if left > 0:
            text = page.get_textpage().get_text_bounded()[: min(MAX_TEXT, left)]
            left -= len(text)
        found.append([round(width, 1), round(height, 1), _plain(text)])
        page.close()
    return _json({"total": len(document), "sheets": found, "problem": "" if found else _BROKEN})


def image(payload: bytes) -> bytes:
    """A PNG of one page: `payload` is its number (from 1) and the width wanted in pixels, big-endian, then the document."""
    number, wanted = struct.unpack(">II", payload[:8])
    data = payload[8:]
    if not _is_pdf(data):
        return _small(data, wanted)
    document = _open(data)
    if not 1 <= number <= min(len(document), MAX_PAGES):
        raise ValueError("no such page")
    page = document[number - 1]
    width, height = page.get_size()
    # a page may say that it is a kilometre high: its image has a size, whatever it says
    scale = min(wanted / max(width, 1), (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    drawn = page.render(scale=scale, may_draw_forms=True).to_pil()
    return _png(drawn)


def portrait(data: bytes) -> bytes:
    """A picture as a square JPEG of `PORTRAIT` pixels a side: turned as its camera says, cut around the middle, of a face
    rather the upper part; nothing else of the file is kept (place, device, comments)."""
    from PIL import Image
    from PIL import ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PICTURE
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
        found.draft("RGB", (PORTRAIT * 4, PORTRAIT * 4))
        turned = ImageOps.exif_transpose(found).convert("RGBA")
        ground = Image.new("RGBA", turned.size, "white")  # a JPEG has no transparency
        plain = Image.alpha_composite(ground, turned).convert("RGB")
        square = ImageOps.fit(plain, (PORTRAIT, PORTRAIT), centering=(0.5, 0.3))
    out = io.BytesIO()
    square.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _open(data: bytes) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        raise ValueError(_ENCRYPTED if "password" in str(error).lower() else _BROKEN) from error
    return document


def _picture(data: bytes) -> dict[str, Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PICTURE
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
            width, height = found.size
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"total": 0, "sheets": [], "problem": _BROKEN}
    return {"total": 1, "sheets": [[width, height, ""]], "problem": ""}


def _small(data: bytes, wanted: int) -> bytes:
    from PIL import Image
    from PIL import ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PICTURE
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
        found.draft("RGB", (wanted * 2, wanted * 2))
        turned = ImageOps.exif_transpose(found)
        turned.thumbnail((min(wanted, turned.width), MAX_PIXELS // max(wanted, 1)))
        return _png(turned.convert("RGB"))


def _png(drawn: Any) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=False, compress_level=4)
    return out.getvalue()


def _plain(text: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in kept if sign in "\n\t" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF)).strip()


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _json(found: dict[str, Any]) -> bytes:
    return json.dumps(found).encode()
