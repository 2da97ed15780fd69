"""A logo made anew inside the sandboxed process: whatever comes, a PNG for paper and a light picture for the screen go out.
Imported there only, like `pages`."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Any

#: The boxes that a logo is drawn into: on paper, and twice the pixels of the bar's. It is on every page: it weighs 2 KB or so.
WIDTH, HEIGHT = 960, 288
SCREEN = (336, 64)
#: Sides of what comes, before and after its empty margins are cut off.
MOST, LEAST = 12_000, 12
#: Beyond it, nothing would be read at the height of the bar.
LONGEST = 10


def logo(data: bytes) -> bytes:
    """The PNG's length (big-endian), the PNG, the PNG or WebP for the screen; or «?» and why not: «empty», «small», «long»."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 40_000_000
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if b"<svg" in data[:20_000]:
        data = _drawn(data.decode("utf-8-sig"))
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
        if max(found.size) > MOST:
            raise ValueError("too large")
        picture = _cut(found.convert("RGBA"))
    if picture is None:
        return b"?empty"
    if min(picture.size) < LEAST:
        return b"?small"
    if not 1 / 3 <= picture.width / picture.height <= LONGEST:
        return b"?long"
    picture.thumbnail((WIDTH, HEIGHT))
    paper, flat, shaded = io.BytesIO(), io.BytesIO(), io.BytesIO()
    picture.save(paper, "PNG", optimize=True)
    picture.thumbnail(SCREEN)
    picture.quantize(64).save(flat, "PNG", optimize=True)
    picture.save(shaded, "WEBP", quality=60, alpha_quality=60, method=6)
    # few colours and sharp edges, as most logos: the PNG is as light, and sharper
    screen = flat if flat.tell() <= 1.25 * shaded.tell() else shaded
    return struct.pack(">I", paper.tell()) + paper.getvalue() + screen.getvalue()


def _cut(picture: Any) -> Any:
    """Without its transparent margins; None where nothing is drawn."""
    box = picture.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    return picture.crop(box) if box is not None else None


def _drawn(svg: str) -> bytes:
    """Drawn once to learn its size, then at the scale that fills the box."""
    import vl_convert
    from PIL import Image

    with Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=1.0)), formats=("PNG",)) as first:
        width, height = first.size
    made: bytes = vl_convert.svg_to_png(svg, scale=min(WIDTH / width, HEIGHT / height, 40.0))
    return made
